"""Conversations: a message goes through the graph, its answer comes back whole or as events."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from copy import copy
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Literal, cast
from weakref import WeakValueDictionary

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langchain_core.runnables import RunnableConfig
from pydantic import BaseModel, ConfigDict, Field

from graph.asker import SOMEONE, Asker
from graph.build import Graph
from graph.context import AgentContext
from graph.conversation import author_of
from graph.findings import AnyFindings
from graph.models.choice import Fallback
from graph.state import STEPS, Capability, RequestState, Routing
from server.problems import ProblemError
from tools.clients import Clients

NONE = "none"


class RouteView(BaseModel):
    """Where a request went. `agent` is "none" when nothing that was asked for is available."""

    model_config = ConfigDict(frozen=True)
    agent: str
    asked_for: tuple[Capability, ...]
    reason: str
    written_by: str
    fallback: Fallback | None = None


class ChatAnswer(BaseModel):
    """`written_by` is the model's name or "offline"; `fallback` names the model it stood in for."""

    model_config = ConfigDict(frozen=True)
    thread_id: str
    answer: str = Field(description="Markdown")
    route: RouteView
    written_by: str
    fallback: Fallback | None = None
    findings: AnyFindings | None = Field(description="what the answer's facts come from")


class Said(BaseModel):
    """One message of a thread; what Headwater said also tells who wrote it."""

    model_config = ConfigDict(frozen=True)
    role: Literal["user", "headwater"]
    text: str
    agent: str | None = None
    written_by: str | None = None
    fallback: Fallback | None = None


class Thread(BaseModel):
    """A conversation as it is kept, oldest message first."""

    model_config = ConfigDict(frozen=True)
    thread_id: str
    messages: tuple[Said, ...]


class ThreadNotFoundError(LookupError):
    """No such conversation is kept; POST /chat without a thread_id starts one."""

    def __init__(self, thread_id: str) -> None:
        super().__init__(
            f"No conversation {thread_id!r} is kept. POST /chat without a thread_id starts one."
        )


class ChatEvent(BaseModel):
    """`name` is thread, route, step, answer or done; `data` is what it carries."""

    model_config = ConfigDict(frozen=True)
    name: Literal["thread", "route", "step", "answer", "done"]
    data: dict[str, Any]


class Chat:
    """Runs the graph; the messages of one thread are answered one after the other."""

    def __init__(self, graph: Graph, context: AgentContext, *, seconds: float) -> None:
        self._graph = graph
        self._context = context
        self._seconds = seconds
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def reading(self, clients: Clients) -> Chat:
        """The same conversations, in which agents read through these: as who asks may."""
        seen = copy(self)
        seen._context = replace(self._context, **vars(clients))
        return seen

    async def answer(
        self, message: str, thread_id: str | None = None, asker: Asker = SOMEONE
    ) -> ChatAnswer:
        async with aclosing(self.events(message, thread_id, asker)) as events:
            async for event in events:
                if event.name == "done":
                    return ChatAnswer.model_validate(event.data)
        raise RuntimeError("the graph ended without an answer")

    async def events(
        self, message: str, thread_id: str | None = None, asker: Asker = SOMEONE
    ) -> AsyncGenerator[ChatEvent]:
        """What happens, as it happens; the last one is `done` with the whole ChatAnswer."""
        thread_id = thread_id or uuid.uuid4().hex
        yield ChatEvent(name="thread", data={"thread_id": thread_id})
        async with self._turn(thread_id):
            async with aclosing(self._run(message, thread_id, asker)) as steps:
                async for event in steps:
                    yield event
            answer = await self._answered(thread_id)
        yield ChatEvent(name="done", data=answer.model_dump(mode="json"))

    async def thread(self, thread_id: str) -> Thread:
        """Raises ThreadNotFoundError."""
        state = await self._graph.aget_state(_config(thread_id))
        messages: Sequence[AnyMessage] = state.values.get("messages", ())
        if not messages:
            raise ThreadNotFoundError(thread_id)
        return Thread(thread_id=thread_id, messages=tuple(_said(each) for each in messages))

    @asynccontextmanager
    async def _turn(self, thread_id: str) -> AsyncIterator[None]:
        """One message at a time per thread, and none that takes for ever."""
        lock = self._locks.setdefault(thread_id, asyncio.Lock())
        try:
            async with asyncio.timeout(self._seconds), lock:
                yield
        except TimeoutError as error:
            raise ProblemError(
                HTTPStatus.GATEWAY_TIMEOUT,
                "answer-took-too-long",
                f"No answer within {self._seconds:g} s. Try again, or ask for less at once.",
            ) from error

    async def _run(self, message: str, thread_id: str, asker: Asker) -> AsyncGenerator[ChatEvent]:
        context = replace(self._context, asker=asker, owners=asker.owners)
        fresh: RequestState = {
            "messages": [HumanMessage(message)],
            "routing": None,
            "findings": None,
            "steps_left": STEPS,
        }
        stream = self._graph.astream(
            fresh,
            _config(thread_id),
            context=context,
            stream_mode=["custom", "updates"],
        )
        async for mode, part in cast(AsyncIterator[tuple[str, Mapping[str, Any]]], stream):
            for event in _custom(part) if mode == "custom" else _updates(part):
                yield event

    async def _answered(self, thread_id: str) -> ChatAnswer:
        values = (await self._graph.aget_state(_config(thread_id))).values
        said = _latest(values["messages"])
        author = author_of(said[0])
        return ChatAnswer(
            thread_id=thread_id,
            answer="\n\n".join(each.text for each in said),
            route=_route(values["routing"]),
            written_by=author.model,
            fallback=author.fallback,
            findings=values["findings"],
        )


def _config(thread_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread_id}, "recursion_limit": 4 * STEPS}


def _custom(part: Mapping[str, Any]) -> list[ChatEvent]:
    if "route" in part:
        return [ChatEvent(name="route", data=_route(part["route"]).model_dump(mode="json"))]
    return [ChatEvent(name="step", data=part["step"])] if "step" in part else []


def _updates(part: Mapping[str, Any]) -> list[ChatEvent]:
    said = [message for update in part.values() for message in (update or {}).get("messages", ())]
    return [
        ChatEvent(name="answer", data=_said(message).model_dump(mode="json"))
        for message in said
        if isinstance(message, AIMessage)
    ]


def _route(routing: Routing) -> RouteView:
    return RouteView(
        agent=routing.agent.value if routing.agent else NONE,
        asked_for=routing.asked_for,
        reason=routing.reason,
        written_by=routing.author.model,
        fallback=routing.author.fallback,
    )


def _latest(messages: Sequence[AnyMessage]) -> list[AIMessage]:
    """What was said since the last question."""
    said: list[AIMessage] = []
    for message in reversed(messages):
        if not isinstance(message, AIMessage):
            break
        said.insert(0, message)
    return said


def _said(message: AnyMessage) -> Said:
    if not isinstance(message, AIMessage):
        return Said(role="user", text=message.text)
    author = author_of(message)
    return Said(
        role="headwater",
        text=message.text,
        agent=message.name,
        written_by=author.model,
        fallback=author.fallback,
    )
