"""Every tool says what calling it does to the world, and agents get none that writes."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from langchain_core.tools import BaseTool, tool

import tools
from graph.discovery import TOOLS as DISCOVERY_TOOLS
from graph.quality_monitor import TOOLS as MONITOR_TOOLS
from tools.typed import Effect, UnclassifiedToolError, effect_of


def all_tools() -> list[BaseTool]:
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.iter_modules(tools.__path__, "tools.")
    ]
    held = [each for module in modules for each in vars(module).values()]
    return [each for each in held if isinstance(each, BaseTool)]


def test_every_tool_is_classified() -> None:
    found = all_tools()

    offered = (*DISCOVERY_TOOLS, *MONITOR_TOOLS)
    assert {each.name for each in found} >= {each.name for each in offered}
    for each in found:
        assert effect_of(each) in Effect


def test_an_unclassified_tool_is_told_apart() -> None:
    @tool
    def delete_everything() -> str:
        """Nobody said what this does."""
        return ""

    with pytest.raises(UnclassifiedToolError, match="delete_everything"):
        effect_of(delete_everything)


@pytest.mark.parametrize("offered", [DISCOVERY_TOOLS, MONITOR_TOOLS])
def test_agents_are_offered_reads_alone(offered: tuple[BaseTool, ...]) -> None:
    assert {effect_of(each) for each in offered} == {Effect.READ}
