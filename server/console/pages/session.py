"""Signing in and out, and the theme."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from server.console.address import BASE, at, own
from server.console.form import Posted, see_other
from server.console.rendering import THEME, page
from server.console.session import forget, keep_name, keep_token
from server.principal import principals_of, reference
from server.problems import ProblemError

router = APIRouter()

_YEAR = 365 * 24 * 3600


@router.get("/sign-in")
async def sign_in(request: Request, back: str | None = None) -> HTMLResponse:
    return page(request, "sign_in.html", title="Sign in", back=own(back), problem=None)


@router.post("/sign-in")
async def signed_in(request: Request, form: Posted) -> RedirectResponse:
    """An open server takes a name; else the next page says whether the token is known."""
    answer = see_other(own(form.maybe("back")))
    scheme = request.scope["scheme"]
    if principals_of(request).open:
        keep_name(answer, _reference(form.text("name")), scheme)
    else:
        keep_token(answer, _token(form.text("token")), scheme)
    return answer


@router.post("/sign-out")
async def sign_out() -> RedirectResponse:
    answer = see_other(at(""))
    forget(answer)
    return answer


@router.post("/theme")
async def theme(request: Request, form: Posted) -> RedirectResponse:
    """Light or dark against what is in force; without a choice so far, dark."""
    answer = see_other(own(form.maybe("back")))
    wanted = "light" if request.cookies.get(THEME) == "dark" else "dark"
    answer.set_cookie(THEME, wanted, max_age=_YEAR, path=BASE, samesite="strict")
    return answer


def _reference(name: str) -> str:
    """`jane` is `user:default/jane`. Raises InvalidReferenceError."""
    return reference(name if ":" in name else f"user:default/{name}")


def _token(given: str) -> str:
    if given and given.isascii() and given.isprintable():
        return given
    raise ProblemError(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "invalid-token",
        "That is no key or token: those are printable ASCII. Go back and paste it once more.",
    )
