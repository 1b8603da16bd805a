"""Asks a model for a draft: shows it the request and what exists, and what was wrong with the last.

The survey of what exists stands in the talk as a tool's result, for hosted models and for the
offline one alike. A hosted model may look closer with tools that read; none writes.
"""

from __future__ import annotations

from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware.types import InputAgentState
from langchain.agents.structured_output import StructuredOutputError, ToolStrategy
from langchain_core.exceptions import OutputParserException
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolCall, ToolMessage
from langchain_core.runnables import RunnableConfig
from langgraph.errors import GraphRecursionError
from pydantic import ValidationError

import prompts
from core.drafting.drafted import Draft
from core.generation import GenerationRequest
from graph.generation.brief import brief
from graph.generation.merge import merged
from graph.generation.proposal import ProductProposal
from graph.models.choice import UnusableReplyError
from tools.survey import Survey, survey_what_exists
from tools.typed import fenced

NAME = "generator"

MODEL_CALLS = 4
"""How often the agent may ask its model for one draft."""

_MISTAKES = (
    StructuredOutputError,
    OutputParserException,
    GraphRecursionError,
    ValidationError,
    UnusableReplyError,
)
"""What a model does wrong and may mend when it is told; that it is away is another matter."""


class Asking:
    """One request's talk with one model; `base` is the draft that code made."""

    def __init__(
        self,
        model: BaseChatModel,
        request: GenerationRequest,
        survey: Survey,
        base: Draft | None = None,
    ) -> None:
        self._model = model
        self._survey = survey
        self._base = base
        self._talk: list[AnyMessage] = [HumanMessage(brief(request)), *_surveyed(request, survey)]

    async def draft(self) -> Draft:
        """Of the offline model, which needs no second try."""
        found = await self._ask(Draft)
        if not isinstance(found, Draft):
            raise UnusableReplyError("it wrote no draft")
        return found

    async def attempt(self, said: tuple[str, ...]) -> tuple[Draft | None, tuple[str, ...]]:
        """A hosted model's next draft, or None with what was wrong. `said` is of its last one."""
        assert self._base is not None  # noqa: S101 (hosted models draft over code's own draft)
        if said:
            self._talk.append(HumanMessage(_mend(said)))
        try:
            found = await self._ask(ProductProposal)
            if not isinstance(found, ProductProposal):
                raise UnusableReplyError("it wrote no draft")
            self._talk.append(AIMessage(found.model_dump_json(exclude_defaults=True)))
            return merged(found, self._base, self._survey.topics), ()
        except _MISTAKES as error:
            return None, (_told(error),)

    async def _ask(self, wanted: type[Draft] | type[ProductProposal]) -> object:
        agent = create_agent(
            self._model,
            [],
            system_prompt=prompts.load("generator"),
            response_format=ToolStrategy(wanted, handle_errors=False),
            checkpointer=False,
            name=NAME,
        )
        limit = RunnableConfig(recursion_limit=2 * MODEL_CALLS)
        state = InputAgentState(messages=[*self._talk])
        values: dict[str, Any] = await agent.ainvoke(state, limit)
        return values.get("structured_response")


def _surveyed(request: GenerationRequest, survey: Survey) -> list[AnyMessage]:
    """As if the model had asked for it."""
    arguments = {"description": request.description[:300]}
    call = ToolCall(name=survey_what_exists.name, args=arguments, id="call_survey")
    result = ToolMessage(
        fenced(survey), artifact=survey, tool_call_id="call_survey", name=survey_what_exists.name
    )
    return [AIMessage("", tool_calls=[call]), result]


def _mend(said: tuple[str, ...]) -> str:
    listed = "\n".join(f"- {problem}" for problem in said[:10])
    return f"The draft cannot be used yet. Correct this and give the whole draft again:\n{listed}"


def _told(error: Exception) -> str:
    """What a model can mend it by: not the whole of what it wrote."""
    match error:
        case ValidationError():
            return "; ".join(
                f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()[:5]
            )
        case GraphRecursionError():
            return "you called tools instead of giving the draft: call ProductProposal"
        case _:
            return str(error)[:400] or "give the draft by calling ProductProposal"
