"""Sources as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from core.quality.summary import QualitySummary
from core.report import SampleReport
from core.schema import model
from core.schema.model import Schema
from core.source import Consumer, SchemaVersion, SourceChange, SourceDetail, SourceSummary


class SchemaFormat(StrEnum):
    TREE = "tree"
    AVRO = "avro"
    JSON_SCHEMA = "json-schema"


class ShapeView(BaseModel):
    """A redacted shape of values ("AA-9999") with its share of the non-null ones."""

    model_config = ConfigDict(frozen=True)
    shape: str
    share: float


class EvidenceView(BaseModel):
    """What was measured of a field: `seen` of `parents` objects had it, `null` held null."""

    model_config = ConfigDict(frozen=True)
    parents: int
    seen: int
    null: int
    distinct: float | None = Field(description="estimated number of different values")
    shapes: tuple[ShapeView, ...]


class BoundsView(BaseModel):
    """Inclusive limits; what is unknown is left out."""

    model_config = ConfigDict(frozen=True)
    minimum: float | int | None
    maximum: float | int | None
    min_length: int | None
    max_length: int | None


class FieldView(BaseModel):
    """One field of the tree. `kinds` in JSON's words, plus bytes and map."""

    model_config = ConfigDict(frozen=True)
    name: str
    path: str = Field(examples=["address.lines[]"])
    kinds: tuple[str, ...]
    optional: bool
    logical: str | None
    enum: tuple[str | int, ...] | None
    bounds: BoundsView
    doc: str
    tags: tuple[str, ...]
    evidence: EvidenceView | None
    children: tuple[FieldView, ...]


class SchemaView(BaseModel):
    """A schema as a tree; the root is unnamed."""

    model_config = ConfigDict(frozen=True)
    name: str
    doc: str
    root: FieldView


class SourceView(BaseModel):
    """Everything the catalog knows of one source."""

    model_config = ConfigDict(frozen=True, validate_by_name=True, validate_by_alias=True)
    summary: SourceSummary
    quality: QualitySummary | None = Field(description="null where it is not watched")
    schema_tree: SchemaView | None = Field(
        alias="schema", description="null while nothing could be read"
    )
    version: int
    fingerprint: str | None
    subject: str | None
    schema_id: int | None
    report: SampleReport = Field(description="counts of the last sample")
    consumers: tuple[Consumer, ...]
    partitions: int
    replication: int
    config: Mapping[str, str]
    offsets: Mapping[int, tuple[int, int]] = Field(description="partition -> [low, high]")
    recent_changes: tuple[SourceChange, ...] = Field(description="newest first, at most ten")
    last_seen: datetime
    vanished_at: datetime | None


class VersionView(BaseModel):
    """One version of a source's schema. GET .../schema?version= has the schema itself."""

    model_config = ConfigDict(frozen=True)
    version: int
    fingerprint: str
    fields: int
    scan_id: int | None
    created_at: datetime


def source_view(source: SourceDetail, changes: tuple[SourceChange, ...]) -> SourceView:
    return SourceView(
        summary=source.summary,
        quality=source.summary.quality,
        schema_tree=None if source.schema is None else schema_view(source.schema),
        version=source.version,
        fingerprint=source.fingerprint,
        subject=source.subject,
        schema_id=source.schema_id,
        report=source.report,
        consumers=source.consumers,
        partitions=source.partitions,
        replication=source.replication,
        config=source.config,
        offsets=source.offsets,
        recent_changes=changes,
        last_seen=source.last_seen,
        vanished_at=source.vanished_at,
    )


def version_view(version: SchemaVersion) -> VersionView:
    return VersionView(
        version=version.version,
        fingerprint=version.fingerprint,
        fields=sum(1 for _ in version.schema.walk()),
        scan_id=version.scan_id,
        created_at=version.created_at,
    )


def schema_view(schema: Schema) -> SchemaView:
    return SchemaView(name=schema.name, doc=schema.doc, root=_field("", schema.root))


def _field(path: str, field: model.Field) -> FieldView:
    children = (_field(model.child_path(path, child.name), child) for child in field.children)
    bounds = field.bounds
    return FieldView(
        name=field.name,
        path=path,
        kinds=tuple(sorted(kind.value for kind in field.kinds)),
        optional=field.optional,
        logical=field.logical.value if field.logical else None,
        enum=field.enum,
        bounds=BoundsView(
            minimum=bounds.minimum,
            maximum=bounds.maximum,
            min_length=bounds.min_length,
            max_length=bounds.max_length,
        ),
        doc=field.doc,
        tags=tuple(sorted(field.tags)),
        evidence=_evidence(field.evidence),
        children=tuple(children),
    )


def _evidence(evidence: model.Evidence | None) -> EvidenceView | None:
    if evidence is None:
        return None
    return EvidenceView(
        parents=evidence.parents,
        seen=evidence.seen,
        null=evidence.null,
        distinct=evidence.distinct,
        shapes=tuple(ShapeView(shape=shape, share=share) for shape, share in evidence.shapes),
    )
