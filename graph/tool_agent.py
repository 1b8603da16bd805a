"""An agent that looks things up: tools that only read, then a typed answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware.types import InputAgentState
from langchain.agents.structured_output import ToolStrategy
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool
from pydantic import BaseModel

from graph.context import AgentContext

MODEL_CALLS = 6
"""How often an agent may ask its model for one answer."""

Told = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Looked:
    """The typed answer, None where the model gave none, and what was said on the way to it."""

    answer: BaseModel | None
    said: list[BaseMessage]


@dataclass(frozen=True, slots=True)
class ToolAgent:
    name: str
    tools: Sequence[BaseTool]
    answer: type[BaseModel]

    async def run(
        self,
        model: BaseChatModel,
        prompt: str,
        asked: Sequence[AnyMessage],
        context: AgentContext,
        tell: Told,
    ) -> Looked:
        """Each tool is told of as it is called. Raises what the model's client raises."""
        agent = create_agent(
            model,
            self.tools,
            system_prompt=prompt,
            response_format=ToolStrategy(self.answer),
            context_schema=AgentContext,
            checkpointer=False,
            name=self.name,
        )
        values: dict[str, Any] = {"messages": [*asked]}
        limit = RunnableConfig(recursion_limit=2 * MODEL_CALLS)
        async for values in agent.astream(
            InputAgentState(messages=[*asked]), limit, context=context, stream_mode="values"
        ):
            self._tell_step(values["messages"], tell)
        answer = values.get("structured_response")
        said = values["messages"][len(asked) :]
        return Looked(answer if isinstance(answer, self.answer) else None, said)

    def _tell_step(self, messages: Sequence[BaseMessage], tell: Told) -> None:
        last = messages[-1]
        if not isinstance(last, AIMessage):
            return
        for call in last.tool_calls:
            if call["name"] != self.answer.__name__:
                step = {"agent": self.name, "tool": call["name"], "arguments": call["args"]}
                tell({"step": step})
