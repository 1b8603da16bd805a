"""Who sits at the browser: a cookie that no script reads, handed to the API's own ways of knowing.

The cookie holds a bearer token, or, where the server is open, the name one has chosen. It becomes
the header that a program would send, so whatever knows principals knows those of browsers too. It
counts for changes only with the token against forged requests (a header, or a form's field).
"""

from __future__ import annotations

import hmac
import secrets
from http import cookies as http_cookies
from urllib.parse import quote, unquote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.console.address import BASE
from server.principal import HEADER

SESSION = "headwater_session"
CSRF = "headwater_csrf"
CSRF_HEADER = "X-CSRF-Token"

SAFE = {"GET", "HEAD", "OPTIONS"}
"""Methods that change nothing."""
DOORS = (f"{BASE}/sign-in", f"{BASE}/sign-out", f"{BASE}/static/")
"""Open to whoever holds a cookie that nobody knows any more."""
_TOKEN, _NAME = "token.", "name."

_ONCE_MORE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0">'
    "<title>Headwater</title>"
)
_NOT_KEPT = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'"}


class Session:
    """Inside of what checks Host and Origin."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = MutableHeaders(scope=scope)
        if _from_elsewhere(scope, headers):
            await HTMLResponse(_ONCE_MORE, headers=_NOT_KEPT)(scope, receive, send)
            return
        cookies = cookie_parser(headers.get("cookie", ""))
        csrf = cookies.get(CSRF) or ""
        fresh = not csrf
        state = scope.setdefault("state", {})
        state["csrf"] = csrf = csrf or secrets.token_urlsafe(24)
        _introduce(scope, headers, cookies.get(SESSION), csrf)

        async def keeping(message: Message) -> None:
            if fresh and message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                answered.append("set-cookie", _cookie(CSRF, csrf, scope["scheme"]))
            await send(message)

        at_console = scope["path"].startswith(f"{BASE}/")
        await self._app(scope, receive, keeping if at_console else send)


def _from_elsewhere(scope: Scope, headers: Headers) -> bool:
    """A link on another site led here: a strict cookie is not sent then, and would be when the page
    itself asks again."""
    return (
        scope["method"] == "GET"
        and scope["path"].startswith(f"{BASE}/")
        and headers.get("sec-fetch-site") == "cross-site"
        and headers.get("sec-fetch-mode") == "navigate"
    )


def _introduce(scope: Scope, headers: MutableHeaders, session: str | None, csrf: str) -> None:
    """Puts who it is into the request, unless it says so itself."""
    said = "authorization" in headers or HEADER.lower() in headers
    if said or not session or scope["path"].startswith(DOORS):
        return
    form = scope["path"].startswith(f"{BASE}/")  # its token is in the body, and checked there
    if scope["method"] not in SAFE and not form and not same(headers.get(CSRF_HEADER), csrf):
        return
    kept = unquote(session)
    if not kept.isascii() or not kept.isprintable():
        return
    if kept.startswith(_TOKEN):
        headers["authorization"] = f"Bearer {kept.removeprefix(_TOKEN)}"
    elif kept.startswith(_NAME):
        headers[HEADER] = kept.removeprefix(_NAME)


def same(given: str | None, csrf: str) -> bool:
    return given is not None and hmac.compare_digest(given.encode(), csrf.encode())


def keep_token(response: Response, token: str, scheme: str) -> None:
    response.headers.append("set-cookie", _cookie(SESSION, quote(_TOKEN + token), scheme))


def keep_name(response: Response, ref: str, scheme: str) -> None:
    response.headers.append("set-cookie", _cookie(SESSION, quote(_NAME + ref), scheme))


def forget(response: Response) -> None:
    response.delete_cookie(SESSION, path="/", httponly=True, samesite="strict")


def signed_in(headers: Headers) -> bool:
    return SESSION in cookie_parser(headers.get("cookie", ""))


def _cookie(name: str, value: str, scheme: str) -> str:
    """Ends with the browser's session; for all paths, since scripts of pages ask the API."""
    made: http_cookies.SimpleCookie = http_cookies.SimpleCookie()
    made[name] = value
    kept = {"path": "/", "httponly": True, "samesite": "Strict", "secure": scheme == "https"}
    for attribute, given in kept.items():
        made[name][attribute] = given
    return made[name].OutputString()
