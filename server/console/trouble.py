"""Problems as pages: what went wrong, what to do, and the way on."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import Request
from fastapi.responses import Response

from server.console.rendering import page
from server.console.session import forget
from server.problems import Problem, response_of

_HTML = "text/html"


def show_problem(request: Request, problem: Problem, headers: Mapping[str, str]) -> Response:
    """A page for browsers, the problem document for scripts. Nobody's cookie is taken away but one
    that nobody knows."""
    if _HTML not in request.headers.get("accept", ""):
        return response_of(problem, headers)
    unknown = problem.status == HTTPStatus.UNAUTHORIZED
    template = "sign_in.html" if unknown else "problem.html"
    answer = page(
        request, template, title=problem.title, status=problem.status, problem=problem, back=None
    )
    answer.headers.update({name: told for name, told in headers.items() if name != "Content-Type"})
    if unknown:
        forget(answer)
    return answer
