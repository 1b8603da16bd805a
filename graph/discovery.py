"""The discovery agent: answers questions about sources with tools that only read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AnyMessage
from langgraph.runtime import Runtime
from langgraph.types import Command

import prompts
from graph import grounding
from graph.answer import compose
from graph.aside import without_approval
from graph.context import AgentContext
from graph.conversation import answer_message, question_in, recent
from graph.draft import DiscoveryAnswer
from graph.findings import Findings, findings_in, names_in
from graph.models.choice import UnusableReplyError
from graph.state import RequestState
from graph.tool_agent import Looked, Told, ToolAgent
from tools.lineage import LINEAGE_TOOLS
from tools.sources import DISCOVERY_TOOLS

NAME = "discovery"

TOOLS = (*DISCOVERY_TOOLS, *LINEAGE_TOOLS)

_AGENT = ToolAgent(NAME, TOOLS, DiscoveryAnswer)


@dataclass(frozen=True, slots=True)
class _Result:
    draft: DiscoveryAnswer
    findings: Findings
    found: list[Findings]


async def discovery(
    state: RequestState, runtime: Runtime[AgentContext]
) -> Command[Literal["supervisor"]]:
    """Answer the latest request from the catalog."""

    async def work(model: BaseChatModel) -> _Result:
        result = await _run(model, state["messages"], runtime.context, runtime.stream_writer)
        if model is models.offline:
            return result
        question = question_in(state["messages"])
        lead = grounding.borne_out(result.draft.lead, question, result.found)
        return replace(result, draft=result.draft.model_copy(update={"lead": lead}))

    models = runtime.context.model_for(NAME)
    written = await models.write(work)
    draft, findings = written.value.draft, written.value.findings
    mentioned = draft.sources or names_in(findings)
    reply = answer_message(compose(draft, findings), NAME, written.author, mentioned[:20])
    return Command(goto="supervisor", update={"messages": [reply], "findings": findings})


async def _run(
    model: BaseChatModel, messages: list[AnyMessage], context: AgentContext, tell: Told
) -> _Result:
    asked = recent(without_approval(messages))
    return _checked(
        await _AGENT.run(model, prompts.dated(NAME, context.clock()), asked, context, tell)
    )


def _checked(looked: Looked) -> _Result:
    """Raises UnusableReplyError when the model answered without looking anything up."""
    draft, found = looked.answer, findings_in(looked.said)
    if not isinstance(draft, DiscoveryAnswer) or not found:
        raise UnusableReplyError("it answered without looking anything up")
    findings = _meant(draft, found)
    known = set(names_in(findings))
    named = [name for name in draft.sources if name in known]
    return _Result(draft.model_copy(update={"sources": named}), findings, found)


def _meant(draft: DiscoveryAnswer, found: list[Findings]) -> Findings:
    """The latest result that holds a source of the answer; for an empty answer, an empty one."""
    named = set(draft.sources)
    if not named:
        return next((each for each in reversed(found) if not names_in(each)), found[-1])
    return next(each for each in reversed(found) if named & set(names_in(each)))
