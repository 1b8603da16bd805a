"""Every request has an id: the caller's X-Request-Id or a new one, in the answer and the log."""

from __future__ import annotations

import logging
import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.request import current
from server.route import method_of, template_of

HEADER = "X-Request-Id"

log = logging.getLogger("headwater.requests")


_FORM = re.compile(r"[\w.:-]{1,128}\Z", re.ASCII)


class RequestId:
    """Outermost: what is inside can read `request.state.request_id`."""

    def __init__(self, app: ASGIApp, *, api: str) -> None:
        self._app = app
        self._api = api

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
                _log(scope, self._api, message["status"], took)
            await send(message)

        token = current.set(request_id)
        try:
            await self._app(scope, receive, named)
        finally:
            current.reset(token)


def _log(scope: Scope, api: str, status: int, took: float) -> None:
    """By the template of its route: a path may hold a signed link, or whatever somebody sends."""
    told = {
        "api": api,
        "method": method_of(scope),
        "route": template_of(scope),
        "status": status,
        "duration_ms": round(took, 1),
        "principal": getattr(scope["state"].get("principal"), "ref", None),
    }
    named = {**told, "id": scope["state"]["request_id"]}
    log.info("%(api)s %(method)s %(route)s %(status)s %(duration_ms)s ms %(id)s", named, extra=told)
