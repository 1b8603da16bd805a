"""What a scan compares with and what it writes: the catalog's side of one topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.decoding.decoded import SchemaRef
from core.report import SampleReport
from core.schema.model import Schema
from core.source import Description, Owner, SourceChangeKind, SourceStatus

Offsets = Mapping[int, tuple[int, int]]
"""Partition -> low and high watermark."""

Changes = tuple[tuple[SourceChangeKind, tuple[str, ...]], ...]
"""What a scan found different, each with its readable lines."""


@dataclass(frozen=True, slots=True)
class Known:
    """What decides whether a topic must be read again; `failed` is the last scan's verdict,
    `unknown` are schemas that its messages name and the registry lacked."""

    id: int
    status: SourceStatus
    offsets: Offsets
    failed: bool
    unknown: frozenset[SchemaRef] = frozenset()


@dataclass(frozen=True, slots=True)
class Stored:
    """The facts of the last scan that a new sample is compared with."""

    id: int
    status: SourceStatus
    schema: Schema | None
    fingerprint: str | None
    version: int
    registered: bool
    subject: str | None
    schema_id: int | None
    profile: bytes | None
    offsets: Offsets
    format: str
    description: Description | None
    owner: Owner | None


@dataclass(frozen=True, slots=True)
class Placement:
    """How a topic lies on the cluster; `config` None was not looked at, what is stored stays."""

    name: str
    partitions: int
    replication: int
    config: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One studied topic. `new_version` says that the schema differs from the stored version."""

    placement: Placement
    offsets: Offsets
    format: str
    schema: Schema | None
    fingerprint: str | None
    version: int
    new_version: bool
    registered: bool
    subject: str | None
    schema_id: int | None
    profile: bytes | None
    report: SampleReport
    description: Description | None
    owner: Owner | None
    changes: Changes

    @property
    def name(self) -> str:
        return self.placement.name

    @property
    def presence(self) -> Changes:
        """The changes that do not rest on the schema: the topic is new or has come back."""
        kept = (SourceChangeKind.NEW, SourceChangeKind.RETURNED)
        return tuple(change for change in self.changes if change[0] in kept)


@dataclass(frozen=True, slots=True)
class FailedTopic:
    """A topic that could not be read or understood, and why; `changes` as in `Finding`."""

    placement: Placement
    error: str
    changes: Changes

    @property
    def name(self) -> str:
        return self.placement.name


@dataclass(frozen=True, slots=True)
class Written:
    """A source as it now stands in the catalog; a product's description may be in force."""

    id: int
    name: str
    description: str | None


@dataclass(frozen=True, slots=True)
class Reader:
    """One consumer group on one topic; `lag` counts messages. `committed` is partition -> the next
    offset that it will read."""

    group: str
    topic: str
    team: str | None
    lag: int | None
    state: str | None
    committed: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unindexed:
    """A source whose text the search index lacks."""

    id: int
    name: str
    description: Description | None
    schema: Schema | None
    report: SampleReport
    managed: bool
