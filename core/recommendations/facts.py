"""What a recommendation may rest on: all of it measured."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.comparison import Comparison
from core.cost.price_book import PriceBook
from core.source import SourceKind

GB = 10**9


@dataclass(frozen=True, slots=True)
class Mixed:
    """A field whose values are of several kinds."""

    path: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """One present topic. `sampled` messages were read by the last scan that read it, of which
    `unreadable` could not be decoded and `stray` were none of its own kinds."""

    name: str
    kind: SourceKind
    product_name: str | None
    owner: str | None
    owner_guessed: bool
    has_schema: bool
    """A registered one."""
    fields: int
    teams: tuple[str, ...]
    groups: tuple[str, ...]
    messages: int
    """Retained, by the watermarks."""
    sampled: int
    sampled_bytes: int
    unreadable: int
    stray: int
    mixed: tuple[Mixed, ...]
    partitions: int
    replication: int
    first_seen: datetime
    moved_at: datetime
    """When its offsets last moved, by the scans; never before the first of them."""

    @property
    def managed(self) -> bool:
        return self.kind is SourceKind.MANAGED

    @property
    def mean_bytes(self) -> float:
        return self.sampled_bytes / self.sampled if self.sampled else 0.0

    @property
    def stored_bytes(self) -> float:
        """On all replicas, estimated from the mean size of the sampled messages."""
        return self.messages * self.mean_bytes * self.replication


@dataclass(frozen=True, slots=True)
class FleetFacts:
    """All present topics of a cluster, and what the analysis found of their pairs."""

    cluster: str
    now: datetime
    sources: tuple[SourceFacts, ...]
    pairs: tuple[Comparison, ...]
    book: PriceBook
    idle: timedelta = field(default=timedelta(days=30))
    """How long nothing must have been written before a topic counts as idle."""

    @property
    def by_name(self) -> dict[str, SourceFacts]:
        return {source.name: source for source in self.sources}
