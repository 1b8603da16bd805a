"""The edges of the graph: which way data flows, how that is known, and since when."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from core.lineage.node import Node


class Flow(StrEnum):
    """What an edge says; data always flows from `source` to `target`."""

    READS = "reads"
    """The job at the target reads the dataset at the source."""
    WRITES = "writes"
    FEEDS = "feeds"
    """The dataset at the target is made from the one at the source, by a job that is not known."""
    CONTAINED = "contained"
    """The fields of the source are in the target: it may be made from it."""


class Evidence(StrEnum):
    CONSUMER_GROUP = "consumer_group"
    """A group has committed offsets on the topic."""
    PRODUCER_HEADER = "producer_header"
    """The messages name in a header who produced them."""
    OPENLINEAGE = "openlineage"
    """A job told of its run, or of itself."""
    SPECIFICATION = "specification"
    """The approved plan of a product names it as an input."""
    BRIDGE = "bridge"
    """A bridge of a consolidation carries the messages over."""
    CONTAINMENT = "containment"
    """The analysis found the fields of the one in the other."""


class Certainty(StrEnum):
    """The strongest first."""

    MEASURED = "measured"
    DECLARED = "declared"
    GUESS = "guess"

    @property
    def weakness(self) -> int:
        return list(Certainty).index(self)


class Edge(BaseModel):
    """`last_seen` is when the flow was last observed or told of: of a consumer group when its
    offsets moved last; None where nothing says so. `vanished_at` says when it was found to be
    gone: such an edge stays, so that one sees who read once."""

    model_config = ConfigDict(frozen=True)
    source: Node
    target: Node
    flow: Flow
    evidence: Evidence
    certainty: Certainty
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    vanished_at: datetime | None = None
    lag: int | None = None
    """Messages that a consumer group has yet to read of the topic."""
    because: str = ""
    """What it rests on, in a few words; empty where the evidence says it all."""

    @property
    def key(self) -> tuple[Node, Node, Evidence]:
        return self.source, self.target, self.evidence


WHOLE = ""
"""In place of a field's path: all of the dataset."""


class FieldEdge(BaseModel):
    """`target_field` is made from `source_field`, by the job `through`; None where no job is known.

    WHOLE as the target's field: every field of it hangs on the source's, as by a filter or a join.
    """

    model_config = ConfigDict(frozen=True)
    through: Node | None
    source: Node
    source_field: str
    target: Node
    target_field: str
    how: str = ""
    certainty: Certainty = Certainty.DECLARED
