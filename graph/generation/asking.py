"""Asks a model for a draft: shows it the request and what exists, and what was wrong with the last.

The survey of what exists stands in the talk as a tool's result, for hosted models and for the
offline one alike. No tool is offered: what a draft needs to know was looked up before.
"""

from __future__ import annotations

from typing import TypeVar

import openai
from langchain_core.exceptions import OutputParserException
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import (
    AIMessage,
    AnyMessage,
    HumanMessage,
    SystemMessage,
    ToolCall,
    ToolMessage,
)
from pydantic import BaseModel, ValidationError

import prompts
from core.drafting.drafted import Draft
from core.generation import GenerationRequest
from graph.generation.brief import brief
from graph.generation.merge import merged
from graph.generation.proposal import ProductProposal
from graph.models.choice import UnusableReplyError
from graph.models.structured import structured
from tools.survey import Survey, survey_what_exists
from tools.typed import fenced

R = TypeVar("R", bound=BaseModel)

_MISTAKES = (
    OutputParserException,
    ValidationError,
    UnusableReplyError,
    openai.LengthFinishReasonError,
    openai.ContentFilterFinishReasonError,
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
        return await self._ask(Draft)

    async def attempt(self, said: tuple[str, ...]) -> tuple[Draft | None, tuple[str, ...]]:
        """A hosted model's next draft, or None with what was wrong. `said` is of its last one."""
        assert self._base is not None  # noqa: S101 (hosted models draft over code's own draft)
        if said:
            self._talk.append(HumanMessage(_mend(said)))
        try:
            found = await self._ask(ProductProposal)
            self._talk.append(AIMessage(found.model_dump_json(exclude_defaults=True)))
            return merged(found, self._base, self._survey.topics), ()
        except _MISTAKES as error:
            return None, (_told(error),)

    async def _ask(self, wanted: type[R]) -> R:
        system = SystemMessage(prompts.load("generator"))
        return await structured(self._model, wanted, [system, *self._talk])


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
    form = "give the whole draft as JSON of the form ProductProposal, and nothing else"
    if isinstance(error, ValidationError):
        wrong = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        return f"{form}; wrong in it: {'; '.join(wrong[:5])[:600]}"
    if isinstance(error, openai.LengthFinishReasonError):
        return f"{form}; it was too long and was cut off: fewer fields and rules, shorter texts"
    return form
