"""The generator's part of a conversation: a wish becomes a plan that waits for a decision."""

from __future__ import annotations

from typing import Any, Literal

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage
from langgraph.runtime import Runtime
from langgraph.types import Command

import prompts
from core.approval import Approval
from core.generation import Generation, GenerationRequest
from core.promotion import PromotionRequest
from core.source import SourceDetail
from graph.asker import Proposed
from graph.context import AgentContext
from graph.conversation import answer_message, question_in
from graph.markdown import code, plain
from graph.models.choice import Author, UnusableReplyError, Written
from graph.models.offline import promotion_ask
from graph.models.offline.product_ask import owner_answered
from graph.models.offline.safety import is_unsafe
from graph.models.structured import structured
from graph.plan_findings import plan_findings
from graph.plan_words import existing, how_to_decide, plan_brief
from graph.product_ask import ProductAsk
from graph.promotion_ask import PromotionAsk
from graph.state import RequestState
from tools.db.sources import SourceNotFoundError

NAME = "generator"

REFUSED = "I will not draft that: it asks to set the rules aside."

Next = Command[Literal["supervisor"]]


async def generator(state: RequestState, runtime: Runtime[AgentContext]) -> Next:
    """Propose what was asked for; where nobody is named as owner, ask for the owner first."""
    context, text = runtime.context, question_in(state["messages"])
    if is_unsafe(text):
        return _said(REFUSED, Author(), wanted=None)
    if context.proposer is None or not context.asker.may_propose:
        return _said(_MAY_NOT, Author(), wanted=None)
    promotion = await _promotion(state, context, text)
    if promotion is not None:
        runtime.stream_writer({"step": _promoting(promotion)})
        return await _promoted(promotion, context)
    written = await _ask(state, context, text)
    ask = written.value
    if ask.owner is None:
        return _said(_who_owns(ask), written.author, wanted=ask)
    runtime.stream_writer({"step": _step(ask)})
    request = GenerationRequest(
        product_name=ask.product_name, owner=ask.owner, description=ask.description
    )
    proposed = await context.proposer.propose(request, context.asker.ref)
    return _answered(proposed, written.author)


async def _ask(state: RequestState, context: AgentContext, text: str) -> Written[ProductAsk]:
    """The wish: of this message, or of the one before with the owner that this one names."""
    before = state.get("wanted")
    if isinstance(before, ProductAsk) and (owner := owner_answered(text)) is not None:
        return Written(before.model_copy(update={"owner": owner}), Author())
    return await _understood(context, text)


async def _promotion(state: RequestState, context: AgentContext, text: str) -> PromotionAsk | None:
    """A topic that is to become a product, if the message means one."""
    before = state.get("wanted")
    if isinstance(before, PromotionAsk) and (owner := owner_answered(text)) is not None:
        return before.model_copy(update={"owner": owner})
    ask = promotion_ask.read(text)
    if ask is None or ask.sure or await _source(context, ask.topic) is not None:
        return ask
    return None


async def _promoted(ask: PromotionAsk, context: AgentContext) -> Next:
    assert context.proposer is not None  # noqa: S101 (asked before)
    if ask.owner is None and (found := await _source(context, ask.topic)) is not None:
        return _said(_whose(ask, found), Author(), wanted=ask)
    # Without an owner there is no such topic either, which the refusal tells.
    request = PromotionRequest(owner=ask.owner or "nobody", product_name=ask.product_name)
    made = await context.proposer.promote(ask.topic, request, context.asker.ref)
    if made.approval is None:
        return _said(plain(made.refused, 1_000), Author(), wanted=None)
    plan = made.approval.plan
    text = "\n\n".join([existing(plan), plan_brief(plan), _promotion_next(made.approval)])
    return _said(text, Author(), wanted=None, approval=made.approval)


async def _source(context: AgentContext, name: str) -> SourceDetail | None:
    try:
        return await context.sources.get(name, context.cluster)
    except SourceNotFoundError:
        return None


async def _understood(context: AgentContext, text: str) -> Written[ProductAsk]:
    async def work(model: BaseChatModel) -> ProductAsk:
        talk = [SystemMessage(prompts.load("product_ask")), HumanMessage(text)]
        return _grounded(await structured(model, ProductAsk, talk), text)

    return await context.model_for(NAME).write(work)


def _grounded(ask: ProductAsk, text: str) -> ProductAsk:
    """An owner that the message does not name is nobody's; the words are the message's own.

    Raises UnusableReplyError.
    """
    said = _plain(text)
    if ask.owner is not None and _plain(ask.owner).removeprefix("group default ") not in said:
        raise UnusableReplyError("it named an owner that the message does not name")
    if _plain(ask.description) not in said:
        ask = ask.model_copy(update={"description": text[:4_000]})
    return ask


def _plain(text: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in text.lower()).split())


def _answered(proposed: Proposed, author: Author) -> Next:
    generation, approval = proposed.generation, proposed.approval
    if approval is None:
        return _said(_not_drafted(generation), author, wanted=None)
    text = "\n\n".join([existing(approval.plan), plan_brief(approval.plan), _next(approval)])
    return _said(text, _author_of(approval, author), wanted=None, approval=approval)


def _next(approval: Approval) -> str:
    shown = code(f"headwater approvals show {approval.id}")
    return f"Nothing of it exists yet; {shown} has the reasons. {how_to_decide(approval)}"


def _promotion_next(approval: Approval) -> str:
    shown = code(f"headwater approvals show {approval.id}")
    return f"Nothing has changed yet; {shown} has all that would. {how_to_decide(approval)}"


def _not_drafted(generation: Generation) -> str:
    if generation.error:
        return f"No plan came of it: {plain(generation.error, 1_000)}"
    return (
        f"The draft takes longer: {code(generation.id)} {plain(generation.stage)}. "
        f"{code(f'GET /generations/{generation.id}')} tells when its plan waits for a decision."
    )


def _author_of(approval: Approval, asked: Author) -> Author:
    """Who drafted the plan; where code stood in for a model, the plan's note says why."""
    if approval.plan.written_by == asked.model:
        return asked
    return Author(model=approval.plan.written_by, fallback=asked.fallback)


def _who_owns(ask: ProductAsk) -> str:
    return (
        f"Who will own “{plain(ask.product_name)}”? Name the team, such as “owned by fraud-team”, "
        "and I draft it."
    )


def _whose(ask: PromotionAsk, found: SourceDetail) -> str:
    owner = found.summary.owner
    guess = f" The catalog guesses {code(owner.ref)}." if owner is not None else ""
    return (
        f"Who will own “{plain(ask.product_name)}”, the product of the topic {code(ask.topic)}?"
        f"{guess} Name the team, such as “owned by fraud-team”, and I plan it."
    )


_MAY_NOT = (
    "A plan can be proposed only by someone who may write here. Ask with the bearer token of a "
    "principal with the role owner, steward or admin."
)


def _step(ask: ProductAsk) -> dict[str, Any]:
    arguments = {"product_name": ask.product_name, "owner": ask.owner}
    return {"agent": NAME, "tool": "propose_product", "arguments": arguments}


def _promoting(ask: PromotionAsk) -> dict[str, Any]:
    arguments = {"topic": ask.topic, "product_name": ask.product_name, "owner": ask.owner}
    return {"agent": NAME, "tool": "promote_topic", "arguments": arguments}


def _said(
    text: str,
    author: Author,
    *,
    wanted: ProductAsk | PromotionAsk | None,
    approval: Approval | None = None,
) -> Next:
    update: dict[str, Any] = {"messages": [answer_message(text, NAME, author)], "wanted": wanted}
    if approval is not None:
        update["findings"] = plan_findings(approval)
    return Command(goto="supervisor", update=update)
