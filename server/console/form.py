"""What a browser's form brings: fields by name, taken only with the token of its own page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, TypeVar
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ValidationError

from server.console.address import BASE
from server.console.session import CSRF_HEADER, SAFE, same
from server.problems import FieldProblem, ProblemError

FIELD = "csrf"
_MOST = 400


@dataclass(frozen=True)
class Form:
    fields: Mapping[str, tuple[str, ...]]

    def text(self, name: str) -> str:
        """The first value without its margins, "" where there is none."""
        values = self.fields.get(name, ())
        return values[0].replace("\0", " ").strip() if values else ""

    def maybe(self, name: str) -> str | None:
        return self.text(name) or None

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for value in self.fields.get(name, ()) if value.strip())


async def form_of(request: Request) -> Form:
    """Raises a problem for what is no form of ours."""
    try:
        pairs = parse_qsl(
            (await request.body()).decode(),
            keep_blank_values=True,
            max_num_fields=_MOST,
            errors="strict",
        )
    except (UnicodeDecodeError, ValueError) as error:
        detail = "The form cannot be read. Go back, load the page again and send it once more."
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-form", detail) from error
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        fields[name] = (*fields.get(name, ()), value)
    return Form(fields)


Model = TypeVar("Model", bound=BaseModel)


def filled(model: type[Model], **given: object) -> Model:
    """What the API takes, out of a form's fields. Raises a problem that names what is wrong."""
    try:
        return model(**given)
    except ValidationError as error:
        places = tuple(
            FieldProblem(at=".".join(map(str, each["loc"])), detail=each["msg"])
            for each in error.errors(include_url=False, include_input=False)[:20]
        )
        told = "; ".join(f"{place.at.replace('_', ' ')}: {place.detail}" for place in places[:3])
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "invalid-form",
            f"The form cannot be taken: {told}. Go back and correct it.",
            errors=places,
        ) from error


Posted = Annotated[Form, Depends(form_of)]


async def not_forged(request: Request) -> None:
    """For every route of the console: what changes something came from a page of ours."""
    if request.method in SAFE:
        return
    given = request.headers.get(CSRF_HEADER)
    if given is None:
        given = (await form_of(request)).text(FIELD)
    if not same(given, request.state.csrf):
        raise ProblemError(
            HTTPStatus.FORBIDDEN,
            "form-expired",
            "This form is not one that your browser got from here, or its cookie is gone. Go back, "
            "load the page again and send it once more; nothing was changed.",
        )


def see_other(address: str, said: str | None = None) -> RedirectResponse:
    """To another page, which says `said` once: after a change, the one that shows it."""
    answer = RedirectResponse(address, HTTPStatus.SEE_OTHER)
    if said:
        answer.set_cookie(
            SAID,
            said.encode().hex(),
            max_age=30,
            path=BASE,
            httponly=True,
            samesite="strict",
        )
    return answer


SAID = "headwater_said"


def said_of(request: Request) -> str | None:
    """What the change before says, in hex so that any text fits a cookie."""
    try:
        return bytes.fromhex(request.cookies.get(SAID, "")).decode() or None
    except ValueError:
        return None
