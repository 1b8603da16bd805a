"""Server-sent events: named, with JSON data, and ended by an `error` event when something fails."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import orjson
from fastapi import Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from server.problems import problem_of, translated
from server.translations import TRANSLATIONS

MEDIA_TYPE = "text/event-stream"

_PING_SECONDS = 15


def event_stream(
    request: Request, events: AsyncIterator[tuple[str, dict[str, Any]]]
) -> EventSourceResponse:
    """The status is sent before the first event, so an error comes as an event with its problem."""
    request_id = request.scope.get("state", {}).get("request_id")

    async def told() -> AsyncIterator[ServerSentEvent]:
        try:
            async for name, data in events:
                yield _event(name, data)
        except Exception as error:
            problem = problem_of(translated(error, TRANSLATIONS), request.url.path, request_id)
            yield _event("error", problem.model_dump(mode="json", exclude_none=True))

    return EventSourceResponse(told(), sep="\n", ping=_PING_SECONDS)


def _event(name: str, data: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(data=orjson.dumps(data).decode(), event=name, sep="\n")
