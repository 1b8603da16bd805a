"""A source: one topic on one cluster, as the catalog knows it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class SourceKind(StrEnum):
    MANAGED = "managed"
    DISCOVERED = "discovered"


class SourceStatus(StrEnum):
    PRESENT = "present"
    VANISHED = "vanished"


class Owner(BaseModel):
    """An owning team as an entity reference (`group:default/procurement`).

    `guessed_from` is None when the owner was stated, else it says what the guess rests on.
    """

    model_config = ConfigDict(frozen=True)
    ref: str
    guessed_from: str | None = None


class Description(BaseModel):
    """One sentence on a source; `by` says who wrote it: product, registry, rules or model:<name>."""

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
