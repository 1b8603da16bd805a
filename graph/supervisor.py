"""The supervisor: decides once which agents a request visits, then sends it on, one by one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Literal, cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, SystemMessage
from langgraph.graph import END
from langgraph.runtime import Runtime
from langgraph.types import Command

import prompts
from graph.aside import Aside, aside_in
from graph.context import AgentContext
from graph.conversation import answer_message, question_in, recent, reworded
from graph.decision_said import approval_ids
from graph.models.choice import Author, Written
from graph.models.offline.product_ask import owner_answered
from graph.models.offline.safety import is_unsafe
from graph.models.structured import structured
from graph.replies import decline, not_yet
from graph.state import Capability, RequestState, Route, Routing

AVAILABLE = (
    Capability.DISCOVERY,
    Capability.SCHEMA_ANALYZER,
    Capability.GENERATOR,
    Capability.QUALITY_MONITOR,
    Capability.APPROVALS,
)
"""The capabilities that have an agent in the graph."""

_EXAMPLES = 6
"""Requests per capability that a hosted model is shown."""

Agent = Literal["discovery", "schema_analyzer", "generator", "quality_monitor", "approvals"]

Next = Command[
    Literal["discovery", "schema_analyzer", "generator", "quality_monitor", "approvals", "__end__"]
]


async def supervisor(state: RequestState, runtime: Runtime[AgentContext]) -> Next:
    """Route a fresh request; send a routed one to its next agent, or end it."""
    if (routing := state["routing"]) is not None:
        return _onwards(state, routing)
    routing = await _decide(state, runtime.context)
    runtime.stream_writer({"route": routing})
    if not routing.todo:
        return _declined(state, routing)
    return _onwards(state, routing)


async def _decide(state: RequestState, context: AgentContext) -> Routing:
    """Code comes before any model: an unsafe request goes nowhere, an owner that was asked for
    belongs to the product that waits for one, and who names an approval talks of approvals."""
    text = question_in(state["messages"])
    if is_unsafe(text):
        return _routing((), "asks to destroy data, to show secrets or to set the rules aside")
    if state.get("wanted") is not None and owner_answered(text) is not None:
        return _routing((Capability.GENERATOR,), "names the owner that was asked for")
    if approval_ids(text):
        return await _with_approval(state, context, aside_in(text))
    written = await _asked_for(state["messages"], context)
    return _routing(written.value.asked_for, written.value.reason[:300], written.author)


async def _with_approval(
    state: RequestState, context: AgentContext, aside: Aside | None
) -> Routing:
    """Approvals, and whoever takes what is asked for beside them, in the order of the message.

    What has no agent is at least looked up before anyone decides.
    """
    named = (Capability.APPROVALS,)
    if aside is None:
        return _routing(named, "names an approval")
    written = await _asked_for(reworded(state["messages"], aside.text), context)
    beside = written.value.asked_for
    if beside and not set(beside) & set(AVAILABLE):
        beside = (*beside, Capability.DISCOVERY)
    both = (*beside, *named) if aside.first else (*named, *beside)
    return _routing(tuple(dict.fromkeys(both)), "names an approval beside more", written.author)


async def _asked_for(messages: Sequence[AnyMessage], context: AgentContext) -> Written[Route]:
    async def work(model: BaseChatModel) -> Route:
        system = SystemMessage(_prompt())
        return await structured(model, Route, [system, *recent(messages)])

    return await context.model_for("supervisor").write(work)


def _routing(
    asked_for: tuple[Capability, ...], reason: str, author: Author | None = None
) -> Routing:
    todo = tuple(capability for capability in asked_for if capability in AVAILABLE)
    return Routing(
        asked_for=asked_for,
        agent=todo[0] if todo else None,
        todo=todo,
        reason=reason,
        author=author or Author(),
    )


def _onwards(state: RequestState, routing: Routing) -> Next:
    if not routing.todo or state["steps_left"] <= 0:
        return _ended(state, routing)
    after = routing.model_copy(update={"todo": routing.todo[1:]})
    left = state["steps_left"] - 1
    goto: Agent = routing.todo[0].value
    return Command(goto=goto, update={"routing": after, "steps_left": left})


def _ended(state: RequestState, routing: Routing) -> Next:
    """Says at the end which part of the request nobody took."""
    missing = _missing(routing)
    update: dict[str, Any] = {"routing": routing}
    if missing:
        update["messages"] = [answer_message(not_yet(missing), "supervisor", Author())]
    return Command(goto=cast(Literal["__end__"], END), update=update)


def _declined(state: RequestState, routing: Routing) -> Next:
    text = decline(question_in(state["messages"]), routing.asked_for, AVAILABLE)
    said: AIMessage = answer_message(text, "supervisor", Author())
    return Command(
        goto=cast(Literal["__end__"], END), update={"routing": routing, "messages": [said]}
    )


def _missing(routing: Routing) -> Collection[Capability]:
    return [capability for capability in routing.asked_for if capability not in AVAILABLE]


def _prompt() -> str:
    sections = []
    for name, entry in prompts.route_examples().items():
        step = max(1, len(entry.examples) // _EXAMPLES)
        shown = "\n".join(f"- {example}" for example in entry.examples[::step][:_EXAMPLES])
        sections.append(f"### {name}: {entry.purpose}\n{shown}")
    return prompts.load("supervisor").replace("{capabilities}", "\n\n".join(sections))
