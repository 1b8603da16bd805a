"""A source: one topic on one cluster, as the catalog knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from core.quality.summary import QualitySummary
from core.report import SampleReport
from core.schema.model import Schema


class SourceKind(StrEnum):
    MANAGED = "managed"
    DISCOVERED = "discovered"


class SourceStatus(StrEnum):
    PRESENT = "present"
    VANISHED = "vanished"


class SourceSort(StrEnum):
    """How a list of sources is ordered; equal ones by name."""

    NAME = "name"
    MESSAGES = "messages"
    """Most first."""
    FIELDS = "fields"
    """Most first."""
    NEWEST = "newest"
    """First seen last."""


class Owner(BaseModel):
    """An owning team as an entity reference (`group:default/procurement`).

    `guessed_from` is None when the owner was stated, else it says what the guess rests on.
    """

    model_config = ConfigDict(frozen=True)
    ref: str
    guessed_from: str | None = None


class Description(BaseModel):
    """One sentence on a source.

    `by` says who wrote it: product, registry, rules or model:<name>.
    """

    model_config = ConfigDict(frozen=True)
    text: str
    by: str


class SourceSummary(BaseModel):
    """What a list or a search hit shows of a source."""

    model_config = ConfigDict(frozen=True)
    cluster: str
    name: str
    kind: SourceKind
    status: SourceStatus
    description: Description | None
    owner: Owner | None
    domain: str | None
    tags: tuple[str, ...] = ()
    product_id: str | None = None
    product_name: str | None = None
    format: str
    """The dominant value format (json, avro, protobuf, csv, text, binary, empty ...)."""
    has_registered_schema: bool
    fields: int
    """Number of fields in the schema."""
    messages: int
    """High minus low watermark summed over the partitions at the last scan: an upper bound where
    the topic is compacted or transactional."""
    consuming_teams: tuple[str, ...] = ()
    """Teams whose consumer groups have committed offsets on this topic, by the naming rules."""
    first_seen: datetime
    scanned_at: datetime | None
    quality: QualitySummary | None = None
    """Of the last 24 hours; None where nothing was counted, or nobody asked for it."""


class Consumer(BaseModel):
    """A consumer group with committed offsets on the topic; `lag` is None where unknown."""

    model_config = ConfigDict(frozen=True)
    group: str
    team: str | None
    """By the naming rules; None where they do not tell."""
    lag: int | None
    state: str | None
    last_seen: datetime


class SourceChangeKind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    VANISHED = "vanished"
    RETURNED = "returned"


class SourceChange(BaseModel):
    """What a scan found different; `lines` are the readable lines of the field diff."""

    model_config = ConfigDict(frozen=True)
    id: int
    cluster: str
    name: str
    kind: SourceChangeKind
    version: int | None
    lines: tuple[str, ...]
    scan_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class SchemaVersion:
    """One version of a source's schema, counted from 1 by the catalog."""

    version: int
    schema: Schema
    fingerprint: str
    scan_id: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SourceDetail:
    """All that the catalog knows of one source; `schema` is None while nothing could be read."""

    id: int
    summary: SourceSummary
    schema: Schema | None
    version: int
    fingerprint: str | None
    subject: str | None
    schema_id: int | None
    report: SampleReport
    partitions: int
    replication: int
    config: Mapping[str, str]
    offsets: Mapping[int, tuple[int, int]]
    """Partition -> low and high watermark at the last scan."""
    last_seen: datetime
    vanished_at: datetime | None
    consumers: tuple[Consumer, ...]
