"""A part of the graph as it is shown, and who is concerned by a change: with names, not keys."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from core.lineage.edge import Certainty, Evidence, Flow
from core.lineage.impact import Effect
from core.lineage.node import NodeKind
from core.source import Owner


class NodeType(StrEnum):
    TOPIC = "topic"
    CONSUMER_GROUP = "consumer_group"
    BRIDGE = "bridge"
    DATASET = "dataset"
    """Not a topic of this cluster."""
    JOB = "job"


class SeenNode(BaseModel):
    """`distance` is in steps from the node that was asked for, below 0 upstream; `more` how many
    further nodes lie beyond it that are not shown. `state` is a group's in Kafka's words, or how
    the last run of another job ended (at `run_at`)."""

    model_config = ConfigDict(frozen=True)
    id: str = Field(examples=["dataset:cluster%3Adefault:supplier-events"])
    kind: NodeKind
    type: NodeType
    namespace: str = Field(examples=["kafka://localhost:9092"])
    name: str
    distance: int
    more: int = 0
    present: bool | None = Field(None, description="null where the catalog cannot know")
    managed: bool = False
    owner: Owner | None = None
    product_id: str | None = None
    product_name: str | None = None
    team: str | None = Field(None, description="of a consumer group, by the naming rules")
    state: str | None = None
    run_at: datetime | None = None


class SeenEdge(BaseModel):
    """Data flows from `source` to `target`, which are ids of nodes. `last_seen` is when a group's
    offsets moved last, or when a job last told of the flow; null where nothing observes it."""

    model_config = ConfigDict(frozen=True)
    source: str
    target: str
    flow: Flow
    evidence: Evidence
    certainty: Certainty
    first_seen: datetime | None
    last_seen: datetime | None
    vanished_at: datetime | None
    lag: int | None
    because: str


class SeenField(BaseModel):
    """`target_field` is made from `source_field`; empty: all fields of the target hang on it."""

    model_config = ConfigDict(frozen=True)
    through: str | None
    source: str
    source_field: str
    target: str
    target_field: str
    how: str
    certainty: Certainty


class Lineage(BaseModel):
    """What lies around a node. `cut` is true where there was more than is shown at once."""

    model_config = ConfigDict(frozen=True)
    root: str
    depth: int
    nodes: tuple[SeenNode, ...]
    edges: tuple[SeenEdge, ...]
    fields: tuple[SeenField, ...]
    cut: bool


class SeenAffected(BaseModel):
    """`way` are the names of the nodes between what changes and this, both included. `fields` are
    those of this dataset that are reached, or that the job reads, as far as it is known."""

    model_config = ConfigDict(frozen=True)
    node: SeenNode
    effect: Effect
    certainty: Certainty
    way: tuple[str, ...]
    fields: tuple[str, ...]
    last_seen: datetime | None
    vanished: bool
    lag: int | None


class TeamConcerned(BaseModel):
    """`groups` are its consumer groups, `topics` those that it owns, as far as they are affected,
    surely or perhaps."""

    model_config = ConfigDict(frozen=True)
    team: str
    groups: tuple[str, ...]
    topics: tuple[str, ...]


class ImpactCounts(BaseModel):
    """Of what still stands; `perhaps` and `vanished` are told apart."""

    model_config = ConfigDict(frozen=True)
    consumer_groups: int
    topics: int
    products: int
    others: int
    perhaps: int
    vanished: int


class SourceImpact(BaseModel):
    """Who is concerned if a source changes, or one of its fields: the surest and nearest first."""

    model_config = ConfigDict(frozen=True)
    source: str
    field: str | None
    affected: tuple[SeenAffected, ...]
    teams: tuple[TeamConcerned, ...]
    products: tuple[str, ...]
    counts: ImpactCounts
    cut: bool
