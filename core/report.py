"""What the last sample of a topic held: counts and positions, never a value."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from core.decoding.decoded import SchemaRef


def schema_label(ref: SchemaRef) -> str:
    """A schema id or GUID as text."""
    return str(ref.id) if ref.id is not None else str(ref.guid)


def schema_ref(label: str) -> SchemaRef:
    """The schema that `schema_label` wrote."""
    return SchemaRef(id=int(label)) if label.isdecimal() else SchemaRef(guid=label)


class FormatCount(BaseModel):
    """Messages (or keys) of one format; `schemas` are the registry ids or GUIDs they carry."""

    model_config = ConfigDict(frozen=True)
    format: str
    messages: int
    bytes: int
    schemas: tuple[str, ...] = ()


class FailedPosition(BaseModel):
    """Where a message lies that could not be decoded, and what the decoder said."""

    model_config = ConfigDict(frozen=True)
    partition: int
    offset: int
    size: int
    detail: str


class FailureCount(BaseModel):
    """How many messages failed for one reason, with a few positions to look at."""

    model_config = ConfigDict(frozen=True)
    reason: str
    messages: int
    positions: tuple[FailedPosition, ...]


class StrayCount(BaseModel):
    """A rare shape beside the dominant ones: kept out of the schema."""

    model_config = ConfigDict(frozen=True)
    messages: int
    share: float
    fields: tuple[str, ...]


class EventKindCount(BaseModel):
    """One kind of event on the topic, by a discriminating field or by its registered schema."""

    model_config = ConfigDict(frozen=True)
    name: str
    told_by: str
    messages: int
    share: float
    fields: int


class SampleReport(BaseModel):
    """Counts of the last sample. `bytes` is the size of the values as they lay on the topic."""

    model_config = ConfigDict(frozen=True)
    messages: int = 0
    bytes: int = 0
    values: tuple[FormatCount, ...] = ()
    keys: tuple[FormatCount, ...] = ()
    key_fields: tuple[str, ...] = ()
    """Fields of the key, or of the value where the key repeats one."""
    unkeyed: int = 0
    tombstones: int = 0
    oversized: int = 0
    """Messages that were left out because one alone exceeds the byte budget."""
    headers: dict[str, int] = {}
    failures: tuple[FailureCount, ...] = ()
    unknown_schemas: tuple[str, ...] = ()
    """Ids or GUIDs that undecoded messages name and the registry lacks."""
    strays: tuple[StrayCount, ...] = ()
    event_kinds: tuple[EventKindCount, ...] = ()
    seconds: float = 0.0
    error: str | None = None
    """Why the topic could not be read or understood at the last scan; its older facts stay."""
