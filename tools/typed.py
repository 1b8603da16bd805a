"""Typed tools: each is classified by its effect and returns a model, not a string."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import ParamSpec, TypeVar

from langchain_core.tools import BaseTool, tool
from pydantic import BaseModel

from tools.tracing import span

P = ParamSpec("P")
R = TypeVar("R", bound=BaseModel)

EFFECT = "effect"


class Effect(StrEnum):
    """What calling a tool does to the world. A model is offered READ and PROPOSE alone."""

    READ = "read"
    PROPOSE = "propose"
    CREATE = "create"
    DESTROY = "destroy"


class UnclassifiedToolError(Exception):
    """A tool without an effect. Make it with `typed_tool(effect=...)`."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The tool {name} has no effect. Make it with typed_tool(effect=...).")


def typed_tool(*, effect: Effect) -> Callable[[Callable[P, Awaitable[R]]], BaseTool]:
    """Make an async function that returns a Pydantic model an agent's tool.

    A model reads the result as fenced JSON; our code reads the same object from the message's
    artifact. The docstring is the agent's manual.
    """

    def made(function: Callable[P, Awaitable[R]]) -> BaseTool:
        @functools.wraps(function)
        async def call(*args: P.args, **kwargs: P.kwargs) -> tuple[str, R]:
            with span(f"tool {function.__name__}"):
                result = await function(*args, **kwargs)
            return fenced(result), result

        offered: BaseTool = tool(
            call, response_format="content_and_artifact", parse_docstring=False
        )
        offered.metadata = {EFFECT: effect}
        return offered

    return made


def effect_of(offered: BaseTool) -> Effect:
    """The tool's effect. Raises UnclassifiedToolError."""
    effect = (offered.metadata or {}).get(EFFECT)
    if not isinstance(effect, Effect):
        raise UnclassifiedToolError(offered.name)
    return effect


def fenced(result: BaseModel) -> str:
    """JSON between marks that nothing inside can close: names and texts of topics are data."""
    text = result.model_dump_json(exclude_none=True).replace("<", "\\u003c")
    return f"<data>\n{text}\n</data>"
