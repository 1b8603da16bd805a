"""Errors as RFC 9457 problem documents: what went wrong, and what to do."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_UNREADABLE = "There was an error parsing the body"
"""FastAPI's words for a body that is not even text."""

RETRY_AFTER = {"Retry-After": "5"}


class FieldProblem(BaseModel):
    """What is wrong at one place of the request."""

    at: str = Field(examples=["body.limit"])
    detail: str = Field(examples=["Input should be less than or equal to 100"])


class Problem(BaseModel):
    """RFC 9457. `type` is for programs, `detail` for people; the log knows the `request_id`."""

    model_config = ConfigDict(frozen=True)
    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str | None = None
    near: tuple[str, ...] | None = Field(None, description="Names like the one not found")
    errors: tuple[FieldProblem, ...] | None = None


class ProblemError(Exception):
    """An error that the caller shall see; `slug` names its kind."""

    def __init__(
        self,
        status: HTTPStatus,
        slug: str,
        detail: str,
        *,
        near: tuple[str, ...] = (),
        errors: tuple[FieldProblem, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.slug, self.detail = status, slug, detail
        self.near, self.errors, self.headers = near, errors, dict(headers or {})


Translate = Callable[[Any], ProblemError]
"""Turns an adapter's error into one for the caller."""


def problem_of(error: ProblemError, path: str, request_id: str | None) -> Problem:
    return Problem(
        type=f"urn:headwater:problem:{error.slug}",
        title=error.slug.replace("-", " ").capitalize(),
        status=error.status,
        detail=error.detail,
        instance=path,
        request_id=request_id,
        near=error.near or None,
        errors=error.errors or None,
    )


def response_of(problem: Problem, headers: Mapping[str, str]) -> JSONResponse:
    return JSONResponse(
        problem.model_dump(exclude_none=True, mode="json"),
        status_code=problem.status,
        headers=dict(headers),
        media_type=MEDIA_TYPE,
    )


Respond = Callable[[Request, Problem, Mapping[str, str]], Response]
"""How a problem is shown to whoever sent the request."""


def _as_document(request: Request, problem: Problem, headers: Mapping[str, str]) -> Response:
    return response_of(problem, headers)


def speak_problems(
    app: FastAPI,
    translations: Mapping[type[Exception], Translate],
    respond: Respond = _as_document,
) -> None:
    """Answer every error of `app` with a problem document, or as `respond` shows it."""
    known: dict[type[Exception], Translate] = {
        ProblemError: lambda error: error,
        RequestValidationError: _invalid,
        HTTPException: _http,
        **translations,
    }
    for kind, translate in known.items():
        app.add_exception_handler(kind, _answered(translate, respond))
    app.add_exception_handler(Exception, _answered(_unexpected, respond))


def translated(error: Exception, translations: Mapping[type[Exception], Translate]) -> ProblemError:
    """The problem of an error that is caught outside of a request, as in an event stream."""
    if isinstance(error, ProblemError):
        return error
    for kind in type(error).__mro__:
        if kind in translations:
            return translations[kind](error)
    return _unexpected(error)


def _answered(
    translate: Translate, respond: Respond
) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        known = translate(error)
        if known.status is HTTPStatus.METHOD_NOT_ALLOWED:
            known.headers["Allow"] = ", ".join(sorted(_methods(request)))
        request_id = request.scope.get("state", {}).get("request_id")
        problem = problem_of(known, request.url.path, request_id)
        return respond(request, problem, known.headers)

    return answer


def _methods(request: Request) -> set[str]:
    """All methods of a path: the router tells those of the first of its routes alone."""
    return {
        method
        for route in _flat(request.app.routes)
        if route.matches(request.scope)[0] is not Match.NONE
        for method in getattr(route, "methods", None) or ()
    }


def _flat(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """Each route, those of included routers too."""
    for route in routes:
        router = getattr(route, "original_router", None)
        yield from [route] if router is None else _flat(router.routes)


def _invalid(error: RequestValidationError) -> ProblemError:
    places = tuple(
        FieldProblem(at=".".join(map(str, each["loc"])), detail=each["msg"])
        for each in error.errors()[:20]
    )
    told = "; ".join(f"{place.at}: {place.detail}" for place in places[:3])
    return ProblemError(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "invalid-request",
        f"The request does not have the form that this operation takes: {told}. "
        "GET /openapi.json describes it with an example.",
        errors=places,
    )


def _http(error: HTTPException) -> ProblemError:
    status = HTTPStatus(error.status_code)
    if status is HTTPStatus.BAD_REQUEST and error.detail == _UNREADABLE:
        detail = "The body cannot be read. Send JSON in UTF-8."
        return ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-request", detail)
    advice = {
        HTTPStatus.NOT_FOUND: "There is nothing at this path. GET /openapi.json lists all.",
        HTTPStatus.METHOD_NOT_ALLOWED: "This path does not take this method; the Allow header says "
        "which it takes.",
    }
    detail = advice.get(status, str(error.detail))
    slug = status.phrase.lower().replace(" ", "-")
    return ProblemError(status, slug, detail, headers=error.headers)


def _unexpected(error: Exception) -> ProblemError:
    log.error("unexpected error", exc_info=error)
    return ProblemError(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal-error",
        "Something in Headwater broke while it worked on this request. The server's log has the "
        "cause under the request_id.",
    )
