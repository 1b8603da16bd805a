"""Who may ask at all: by default whoever reaches the loopback address of this machine.

A page in a browser must not reach it under a foreign name (DNS rebinding) or from a foreign origin.
"""

from __future__ import annotations

import ipaddress
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from server.problems import ProblemError, problem_of, response_of

OPEN_WARNING = (
    "Headwater listens on {host}, which others can reach, and reading needs no token: everyone who "
    "reaches it can read the catalog. Writing takes a token unless HEADWATER_OPEN_ACCESS is set; "
    "HEADWATER_READING=token has reading take one too. Use 127.0.0.1, or put a proxy that "
    "checks who asks in front."
)


def is_loopback(host: str) -> bool:
    """Whether an address or name means this machine alone."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class SameHost:
    """Checks Host and Origin: on loopback only loopback names, and never a foreign page."""

    def __init__(self, app: ASGIApp, *, loopback_only: bool) -> None:
        self._app = app
        self._loopback_only = loopback_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (error := self._refusal(Headers(scope=scope))) is not None:
            problem = problem_of(error, scope["path"], scope.get("state", {}).get("request_id"))
            await response_of(problem, error.headers)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _refusal(self, headers: Headers) -> ProblemError | None:
        host = _name(f"//{headers.get('host', '')}")
        if self._loopback_only and not is_loopback(host):
            return ProblemError(
                HTTPStatus.MISDIRECTED_REQUEST,
                "foreign-host",
                f"This server answers only as localhost, not as {host[:80]!r}.",
            )
        origin = headers.get("origin")
        if origin is not None and _name(origin) != host:
            return ProblemError(
                HTTPStatus.FORBIDDEN,
                "foreign-origin",
                "A page of another origin may not use this server.",
            )
        return None


def _name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
