"""What a request's body may be: JSON, and not larger than a limit."""

from __future__ import annotations

import re
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.console.address import BASE
from server.problems import ProblemError, problem_of, response_of

MAX_BYTES = 256 * 1024

_FORM = "application/x-www-form-urlencoded"
_WITH_BODY = {"POST", "PUT", "PATCH"}

_TAKES_FORMS = f"{BASE}/"
"""Where browsers send the forms of pages."""

_LARGER = {"/lineage": 4 * 1024 * 1024}
"""Events of jobs tell of every column that they make."""

_TAKES_YAML = re.compile(r"/products/[^/]+/contract/?\Z")


class JsonBody:
    """Refuses larger bodies (413) and other media types (415).

    A body without a type, or with the one that `curl -d` sends by default, is read as JSON; a
    contract may be YAML too.
    """

    def __init__(self, app: ASGIApp, max_bytes: int = MAX_BYTES) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in _WITH_BODY:
            await self._app(scope, receive, send)
            return
        try:
            _take_as_json(scope)
            body = await self._read(scope, receive)
        except ProblemError as error:
            problem = problem_of(error, scope["path"], scope.get("state", {}).get("request_id"))
            await response_of(problem, error.headers)(scope, receive, send)
            return
        await self._app(scope, _replayed(body, receive), send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes:
        most = _LARGER.get(scope["path"].rstrip("/"), self._max_bytes)
        stated = Headers(scope=scope).get("content-length", "")
        if stated.isdigit() and int(stated) > most:
            raise _too_large(most)
        parts: list[bytes] = []
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                break
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > most:
                raise _too_large(most)
            more = message.get("more_body", False)
        return b"".join(parts)


def _too_large(most: int) -> ProblemError:
    return ProblemError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "body-too-large",
        f"The body is larger than {most // 1024} KiB. Send less in one request.",
        headers={"Connection": "close"},
    )


def _take_as_json(scope: Scope) -> None:
    headers = MutableHeaders(scope=scope)
    media_type = headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type == _FORM and scope["path"].startswith(_TAKES_FORMS):
        return
    if media_type in {"", _FORM}:
        headers["content-type"] = "application/json"
    elif not (_is_json(media_type) or (_is_yaml(media_type) and _TAKES_YAML.search(scope["path"]))):
        raise ProblemError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            f"The body is {media_type[:80]!r}. Send JSON with Content-Type: application/json.",
        )


def _is_json(media_type: str) -> bool:
    return media_type == "application/json" or media_type.endswith("+json")


def _is_yaml(media_type: str) -> bool:
    return media_type.split("/")[-1] in {"yaml", "x-yaml"} or media_type.endswith("+yaml")


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Hands the body over once, then whatever else comes, such as a disconnect."""
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def storable(text: str | None) -> str | None:
    """What a person wrote, without the null characters that Postgres does not keep; None where
    nothing is left."""
    return (text or "").replace("\0", " ").strip() or None
