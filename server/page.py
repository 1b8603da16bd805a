"""Pages behind signed links: a template of HTML that runs and loads nothing but its own script."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from string import Template

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel
from starlette.datastructures import MutableHeaders

from server.openapi import Responses

_HTML = "text/html"
_PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class Page:
    """`policy` is its Content-Security-Policy."""

    html: str
    policy: str

    @property
    def response(self) -> HTMLResponse:
        answer = HTMLResponse(self.html, headers={"Content-Security-Policy": self.policy})
        keep_private(answer.headers)
        return answer


def page(package: str, **parts: str) -> Page:
    """The package's `link_page.html` with these parts, which are HTML: what comes from the cluster
    or from people is escaped by the caller. `$style` and `$script` are what such pages share."""
    nonce = secrets.token_urlsafe(16)
    text = _text(package, "html")
    shared = {"style": _text("server", "css"), "script": _text("server", "js")}
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
        "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
    return Page(Template(text).substitute(shared, **parts, nonce=nonce), policy)


def _text(package: str, kind: str) -> str:
    return (files(package) / f"link_page.{kind}").read_text(encoding="utf-8").rstrip()


def keep_private(headers: MutableHeaders) -> None:
    """The address is the permission: it is neither kept nor handed on."""
    headers.update(_PRIVATE)


def answer_by_link(request: Request, shown: BaseModel, page_of: Callable[[], Page]) -> Response:
    """What a signed link is for: browsers get the page, all others the same as JSON."""
    if _HTML in request.headers.get("accept", ""):
        return page_of().response
    answer = JSONResponse(shown.model_dump(mode="json"))
    keep_private(answer.headers)
    return answer


def or_page(documented: Responses) -> Responses:
    """The documented answers with the page that browsers get."""
    example = {"example": "<!doctype html> ...", "schema": {"type": "string"}}
    documented[200]["content"][_HTML] = example
    return documented
