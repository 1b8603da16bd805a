"""A source as an agent reads it: facts and field names, no values of messages."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from core.cost.measured import MeasuredCost
from core.report import SampleReport
from core.schema.model import Field, Kind, Schema
from core.source import Consumer, SourceDetail, SourceSummary

MAX_FIELDS = 120
"""Fields of one sheet; what is left out is counted."""


class FieldLine(BaseModel):
    """One field: its path, what it holds, whether a message may lack it."""

    model_config = ConfigDict(frozen=True)
    path: str
    type: str
    optional: bool
    doc: str = ""


class SourceSheet(BaseModel):
    """What is known of one source; `report` holds the counts of its last sample."""

    model_config = ConfigDict(frozen=True)
    summary: SourceSummary
    fields: tuple[FieldLine, ...]
    fields_left_out: int
    version: int
    subject: str | None
    partitions: int
    replication: int
    config: Mapping[str, str]
    consumers: tuple[Consumer, ...]
    report: SampleReport
    cost: MeasuredCost | None = None
    """Of a month at what was measured; None where whoever asks may not see it."""


def sheet_of(source: SourceDetail) -> SourceSheet:
    lines = () if source.schema is None else field_lines(source.schema)
    return SourceSheet(
        summary=source.summary,
        fields=lines[:MAX_FIELDS],
        fields_left_out=max(0, len(lines) - MAX_FIELDS),
        version=source.version,
        subject=source.subject,
        partitions=source.partitions,
        replication=source.replication,
        config=source.config,
        consumers=source.consumers,
        report=source.report,
    )


def field_lines(schema: Schema) -> tuple[FieldLine, ...]:
    """Every field below the root, parents first."""
    return tuple(
        FieldLine(path=path, type=type_of(field), optional=field.optional, doc=field.doc)
        for path, field in schema.walk()
    )


def type_of(field: Field) -> str:
    """A field's kinds in words: `string (date-time)`, `integer or null`, `unknown`."""
    kinds = sorted(kind.value for kind in field.kinds if kind is not Kind.NULL)
    words = " or ".join([*kinds, *(["null"] if field.nullable else [])]) or "unknown"
    return words if field.logical is None else f"{words} ({field.logical.value})"
