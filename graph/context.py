"""What the nodes of the graph are handed: the tools' clients and the models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from graph.asker import SOMEONE, Analyst, Asker, Inbox, Proposer
from graph.models.choice import Models
from tools.clients import Clients


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class AgentContext(Clients):
    """`models` serves every agent; `agent_models` names those that have a model of their own."""

    models: Models
    agent_models: dict[str, Models] = field(default_factory=dict)

    asker: Asker = SOMEONE
    """Who talks in this request."""
    proposer: Proposer | None = None
    inbox: Inbox | None = None
    analyst: Analyst | None = None

    clock: Callable[[], datetime] = utc_now

    def model_for(self, agent: str) -> Models:
        return self.agent_models.get(agent, self.models)
