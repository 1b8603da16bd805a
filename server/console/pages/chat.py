"""The chat: a drawer on every page, fed by events, and a page of its own that needs no script."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from server.asker import asker_of
from server.catalog.conversations import THREAD_ID, ChatRequest
from server.chat import Thread, ThreadNotFoundError
from server.console.address import at
from server.console.form import Form, Posted, filled, see_other
from server.console.markdown import rendered
from server.console.rendering import page, part
from server.event_stream import event_stream
from server.principal import Asker
from server.services import Running, Services

router = APIRouter()

ThreadId = Annotated[str | None, Query(pattern=THREAD_ID)]


@router.get("/chat")
async def chat(request: Request, services: Running, thread: ThreadId = None) -> HTMLResponse:
    kept, topics = await _kept(services, thread)
    return page(request, "pages/chat.html", title="Chat", thread=thread, kept=kept, topics=topics)


@router.get("/chat/messages")
async def messages(request: Request, services: Running, thread: ThreadId = None) -> HTMLResponse:
    """What was said so far, for the drawer."""
    kept, topics = await _kept(services, thread)
    return part(request, "parts/messages.html", kept=kept, topics=topics)


@router.post("/chat")
async def asked(services: Running, asker: Asker, form: Posted) -> RedirectResponse:
    wanted = _request(form)
    answer = await services.chat.answer(
        wanted.message.replace("\0", " "), wanted.thread_id, asker_of(asker, services.desk.gate)
    )
    return see_other(at("chat", thread=answer.thread_id) + "#latest")


@router.post("/chat/events")
async def events(request: Request, services: Running, asker: Asker, form: Posted) -> Response:
    """The events of POST /chat of the API, with answers as HTML."""
    wanted = _request(form)
    told = services.chat.events(
        wanted.message.replace("\0", " "), wanted.thread_id, asker_of(asker, services.desk.gate)
    )

    async def shown() -> AsyncIterator[tuple[str, dict[str, Any]]]:
        async for event in told:
            if event.name == "done":
                yield "done", {"html": rendered(event.data["answer"], await _topics(services))}
            elif event.name != "answer":
                yield event.name, event.data

    return event_stream(request, shown())


def _request(form: Form) -> ChatRequest:
    return filled(ChatRequest, message=form.text("message"), thread_id=form.maybe("thread"))


async def _kept(services: Services, thread: str | None) -> tuple[Thread | None, frozenset[str]]:
    """A conversation, and the topics that have a page; neither of one that is no more."""
    if thread is None:
        return None, frozenset()
    try:
        return await services.chat.thread(thread), await _topics(services)
    except ThreadNotFoundError:
        return None, frozenset()


async def _topics(services: Services) -> frozenset[str]:
    """All that have a page."""
    return frozenset(await services.sources.names(services.cluster))
