"""/chat: ask in words; the answer comes whole as JSON, or as server-sent events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.generation import SAYS_SOMETHING
from graph.asker import Asker
from server.asker import asker_of
from server.catalog import examples
from server.chat import Chat, ChatAnswer, Thread
from server.event_stream import MEDIA_TYPE, event_stream
from server.openapi import answers
from server.principal import Asker as Caller
from server.services import Running

router = APIRouter(tags=["chat"])

MAX_MESSAGE = 4_000
THREAD_ID = r"^[A-Za-z0-9._:-]{1,128}$"

_EVENT_EXAMPLE = (
    'event: thread\ndata: {"thread_id":"0b9c5a0e"}\n\n'
    'event: route\ndata: {"agent":"discovery", ...}\n\n'
    'event: step\ndata: {"agent":"discovery","tool":"search_sources","arguments":{...}}\n\n'
    'event: answer\ndata: {"role":"headwater","text":"Found ...","written_by":"offline"}\n\n'
    'event: done\ndata: {"thread_id":"0b9c5a0e","answer":"Found ...", ...}\n\n'
)


class ChatRequest(BaseModel):
    """A message to Headwater; with the `thread_id` of an earlier answer it goes on from there."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"message": "I need supplier data"},
                {"message": "and who consumes it?", "thread_id": "0b9c5a0e"},
            ]
        },
    )
    message: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=1, max_length=MAX_MESSAGE, pattern=SAYS_SOMETHING
        ),
    ]
    thread_id: str | None = Field(
        None,
        pattern=THREAD_ID,
        description="null starts a conversation; an id that is not known yet starts one under it",
    )


_CHAT = answers(examples.CHAT, 401, 413, 415, 503, 504)
_CHAT[200]["content"][MEDIA_TYPE] = {"example": _EVENT_EXAMPLE, "schema": {"type": "string"}}


@router.post(
    "/chat",
    operation_id="chat",
    summary="Ask in words",
    response_model=ChatAnswer,
    responses=_CHAT,
)
async def chat(
    asked: ChatRequest, request: Request, services: Running, principal: Caller
) -> Response:
    """Answers with found sources in words and as typed data, and says which model wrote it.

    With `Accept: text/event-stream` the events thread, route, step, answer and done come as they
    happen; `done` carries the whole answer, and an `error` carries a problem document instead.
    A wish for a product is answered with a plan that waits for a decision. Nothing said here
    decides on one, unless an authenticated approver orders it by its id.
    """
    asker = asker_of(principal, services.desk.gate)
    message = asked.message.replace("\0", " ")
    if MEDIA_TYPE in request.headers.get("accept", ""):
        return event_stream(request, _events(services.chat, message, asked.thread_id, asker))
    answer = await services.chat.answer(message, asked.thread_id, asker)
    return JSONResponse(answer.model_dump(mode="json"))


async def _events(
    chat: Chat, message: str, thread_id: str | None, asker: Asker
) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    async for event in chat.events(message, thread_id, asker):
        yield event.name, event.data


@router.get(
    "/chat/{thread_id}",
    operation_id="getThread",
    summary="Read a kept conversation",
    responses=answers(examples.THREAD, 404, 503),
)
async def get_thread(
    thread_id: Annotated[str, Path(pattern=THREAD_ID)], services: Running
) -> Thread:
    """Oldest message first. Conversations outlive a restart of the server."""
    return await services.chat.thread(thread_id)
