"""Every request has an id: the caller's X-Request-Id or a new one, in the answer and the log."""

from __future__ import annotations

import logging
import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.request import current

HEADER = "X-Request-Id"

log = logging.getLogger("headwater.requests")

_SIGNED = "/approvals/callback/"

_FORM = re.compile(r"[\w.:-]{1,128}\Z", re.ASCII)


class RequestId:
    """Outermost: what is inside can read `request.state.request_id`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        request_id = given if _FORM.match(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        began = time.perf_counter()

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
                took = (time.perf_counter() - began) * 1000
                log.info(
                    "%s %s %s %.1f ms %s",
                    scope["method"],
                    _loggable(scope["path"]),
                    message["status"],
                    took,
                    request_id,
                )
            await send(message)

        token = current.set(request_id)
        try:
            await self._app(scope, receive, named)
        finally:
            current.reset(token)


def _loggable(path: str) -> str:
    """Whoever has a signed link may use it: it is in no log."""
    return f"{_SIGNED}..." if path.startswith(_SIGNED) else path
