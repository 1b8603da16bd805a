"""The quality monitor: says how good data is, what broke and what to do, with tools that only
read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from langchain_core.language_models import BaseChatModel
from langgraph.runtime import Runtime
from langgraph.types import Command

import prompts
from graph import grounding
from graph.aside import without_approval
from graph.context import AgentContext
from graph.conversation import answer_message, answered_before, question_in, recent
from graph.draft import QualityAnswer
from graph.findings import MONITOR_FINDINGS, MonitorFindings, looked_up_in, names_in
from graph.findings import Looked as Found
from graph.models.choice import UnusableReplyError
from graph.quality_words import compose
from graph.state import RequestState
from graph.tool_agent import Looked, ToolAgent
from tools.incidents import describe_alert, list_alerts
from tools.quality import get_quality, list_quality
from tools.sources import search_sources

NAME = "quality_monitor"

TOOLS = (get_quality, list_quality, list_alerts, describe_alert, search_sources)

_AGENT = ToolAgent(NAME, TOOLS, QualityAnswer)


@dataclass(frozen=True, slots=True)
class _Result:
    draft: QualityAnswer
    findings: MonitorFindings
    found: list[Found]


async def quality_monitor(
    state: RequestState, runtime: Runtime[AgentContext]
) -> Command[Literal["supervisor"]]:
    context = runtime.context
    asked = recent(without_approval(answered_before(state["messages"])))

    async def work(model: BaseChatModel) -> _Result:
        looked = await _AGENT.run(
            model, prompts.dated(NAME, context.clock()), asked, context, runtime.stream_writer
        )
        result = _checked(looked)
        if model is models.offline:
            return result
        lead = grounding.borne_out(result.draft.lead, question_in(asked), result.found)
        return replace(result, draft=result.draft.model_copy(update={"lead": lead}))

    models = context.model_for(NAME)
    written = await models.write(work)
    draft, findings = written.value.draft, written.value.findings
    mentioned = draft.sources or names_in(findings)
    reply = answer_message(compose(draft, findings), NAME, written.author, mentioned[:20])
    return Command(goto="supervisor", update={"messages": [reply], "findings": findings})


def _checked(looked: Looked) -> _Result:
    """Raises UnusableReplyError when the model answered without looking at any figures."""
    draft, found = looked.answer, looked_up_in(looked.said)
    measured = [each for each in found if isinstance(each, MONITOR_FINDINGS)]
    if not isinstance(draft, QualityAnswer) or not measured:
        raise UnusableReplyError("it answered without looking any figures up")
    findings = _meant(draft, measured)
    known = set(names_in(findings))
    named = [name for name in draft.sources if name in known]
    return _Result(draft.model_copy(update={"sources": named}), findings, found)


def _meant(draft: QualityAnswer, measured: list[MonitorFindings]) -> MonitorFindings:
    """The latest result that holds a topic of the answer, else the latest."""
    named = set(draft.sources)
    holding = (each for each in reversed(measured) if named & set(names_in(each)))
    return next(holding, measured[-1])
