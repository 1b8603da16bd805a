"""The whole graph: supervisor and agents, with what is kept of a thread."""

from __future__ import annotations

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from graph.approvals import approvals
from graph.context import AgentContext
from graph.discovery import discovery
from graph.generator import generator
from graph.quality_monitor import quality_monitor
from graph.schema_analyzer import schema_analyzer
from graph.state import RequestState
from graph.supervisor import supervisor
from tools.tracing import traced

Graph = CompiledStateGraph[RequestState, AgentContext, RequestState, RequestState]


def build(checkpointer: BaseCheckpointSaver[str]) -> Graph:
    """A compiled graph; run it with an AgentContext as `context` and a `thread_id`."""
    graph = StateGraph(RequestState, context_schema=AgentContext)
    graph.add_node("supervisor", traced("agent supervisor", supervisor))
    graph.add_node("discovery", traced("agent discovery", discovery))
    graph.add_node("generator", traced("agent generator", generator))
    graph.add_node("approvals", traced("agent approvals", approvals))
    graph.add_node("schema_analyzer", traced("agent schema_analyzer", schema_analyzer))
    graph.add_node("quality_monitor", traced("agent quality_monitor", quality_monitor))
    graph.add_edge(START, "supervisor")
    return graph.compile(checkpointer=checkpointer)
