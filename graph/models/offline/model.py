"""The offline model: serves every agent by rules and embeddings, behind LangChain's interface."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolCall, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import BaseModel

OFFLINE = "offline"


class NoSkillError(Exception):
    """The offline model was asked for a typed result that none of its skills writes."""

    def __init__(self, offered: Sequence[str]) -> None:
        super().__init__(
            f"The offline model has no skill for any of: {', '.join(offered) or 'nothing'}. "
            "Register one where the graph's models are made."
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """What an agent knows at its turn: the request, the talk before it, its tools' results."""

    question: str
    earlier: tuple[BaseMessage, ...] = ()
    results: tuple[ToolMessage, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A tool to call, or the typed result to give under its own name."""

    name: str
    args: Mapping[str, Any] = field(default_factory=dict)


@runtime_checkable
class Skill(Protocol):
    """Knows how to come to one typed result."""

    async def next(self, turn: Turn) -> Sequence[Call]:
        """The tools to call now, or the one call that is the result."""
        ...


class OfflineModel(BaseChatModel):
    """`skills` by the name of the typed result that each writes."""

    skills: Mapping[str, Skill]

    @property
    def _llm_type(self) -> str:
        return OFFLINE

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        return self.bind(offered=[_name(offered) for offered in tools])

    def with_structured_output(
        self,
        schema: dict[str, Any] | type,
        *,
        include_raw: bool = False,
        method: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, dict[str, Any] | BaseModel]:
        """As a hosted model's, whatever the `method`: the typed result is always a tool call."""
        return super().with_structured_output(schema, include_raw=include_raw)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        offered: Sequence[str] = (),
        **kwargs: Any,
    ) -> ChatResult:
        calls = await self._skill(offered).next(turn_of(messages))
        message = AIMessage(
            "",
            tool_calls=[
                ToolCall(name=call.name, args=dict(call.args), id=f"call_{uuid.uuid4().hex}")
                for call in calls
            ],
            response_metadata={"model_name": OFFLINE},
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return asyncio.run(self._agenerate(messages, stop, **kwargs))

    def _skill(self, offered: Sequence[str]) -> Skill:
        for name in offered:
            if name in self.skills:
                return self.skills[name]
        raise NoSkillError(offered)


def _name(offered: dict[str, Any] | type | Callable[..., Any] | BaseTool) -> str:
    """Without the JSON Schema that a hosted model would be told: it takes tens of milliseconds."""
    if isinstance(offered, BaseTool):
        return offered.name
    if isinstance(offered, type):
        return offered.__name__
    return str(convert_to_openai_tool(offered)["function"]["name"])


def turn_of(messages: Sequence[BaseMessage]) -> Turn:
    """Cut a conversation at its last human message."""
    last = max(
        (place for place, said in enumerate(messages) if isinstance(said, HumanMessage)), default=-1
    )
    if last < 0:
        return Turn("")
    results = [said for said in messages[last + 1 :] if isinstance(said, ToolMessage)]
    return Turn(messages[last].text, tuple(messages[:last]), tuple(results))
