"""What a request carries through the graph, and which of our types a checkpoint may hold."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, NotRequired, TypedDict

from langchain_core.messages import AnyMessage
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.graph.message import add_messages
from pydantic import BaseModel, ConfigDict, Field

from core.alerts.alert import AlertStatus
from core.alerts.event import EventKind
from core.lineage.edge import Certainty, Evidence, Flow
from core.lineage.impact import Effect
from core.lineage.node import NodeKind
from core.lineage.picture import NodeType
from core.lineage.walk import Direction
from core.quality.rule import Dimension, Severity
from core.quality.summary import Basis
from core.report import SampleReport
from core.search import Match, SearchFilters
from core.similarity.relation import Kinship, Relation
from core.source import SourceChangeKind, SourceKind, SourceStatus
from graph.findings import ANY_FINDINGS, AnyFindings
from graph.models.choice import Author
from graph.product_ask import ProductAsk
from graph.promotion_ask import PromotionAsk

STEPS = 6
"""Agents that one request may visit."""


class Capability(StrEnum):
    """What a request can ask for; not every one has an agent yet."""

    DISCOVERY = "discovery"
    SCHEMA_ANALYZER = "schema_analyzer"
    GENERATOR = "generator"
    QUALITY_MONITOR = "quality_monitor"
    APPROVALS = "approvals"


class Route(BaseModel):
    """Which capability a request needs, if any, and which ones after it."""

    capability: Capability | Literal["none"]
    then: list[Capability] = Field(
        default_factory=list,
        max_length=3,
        description="capabilities for further things that the request asks for; mostly empty",
    )
    reason: str = Field(description="one short sentence on why")

    @property
    def asked_for(self) -> tuple[Capability, ...]:
        """In the order of the work, each once."""
        if not isinstance(self.capability, Capability):
            return ()
        return tuple(dict.fromkeys([self.capability, *self.then]))


class Routing(BaseModel):
    """A route as decided: what was asked for, which agents are still to visit, who decided."""

    model_config = ConfigDict(frozen=True)
    asked_for: tuple[Capability, ...]
    agent: Capability | None
    """The first agent that the request visits; None when no agent takes it."""
    todo: tuple[Capability, ...]
    reason: str
    author: Author


class RequestState(TypedDict):
    """`routing` and `findings` belong to the last request of the thread alone. `wanted` is a
    product that was asked for without an owner: the next message may name one."""

    messages: Annotated[list[AnyMessage], add_messages]
    routing: Routing | None
    findings: AnyFindings | None
    wanted: NotRequired[ProductAsk | PromotionAsk | None]
    steps_left: int


CHECKPOINT_TYPES: tuple[type, ...] = (
    *ANY_FINDINGS,
    ProductAsk,
    PromotionAsk,
    Routing,
    Author,
    Capability,
    Kinship,
    Match,
    Relation,
    SampleReport,
    SearchFilters,
    SourceChangeKind,
    SourceKind,
    SourceStatus,
    Basis,
    Dimension,
    Severity,
    AlertStatus,
    EventKind,
    NodeKind,
    NodeType,
    Flow,
    Evidence,
    Certainty,
    Effect,
    Direction,
)


def serializer() -> JsonPlusSerializer:
    """Reads back our own types and nobody else's."""
    allowed = [(kept.__module__, kept.__name__) for kept in CHECKPOINT_TYPES]
    return JsonPlusSerializer(allowed_msgpack_modules=allowed)
