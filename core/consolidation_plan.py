"""A consolidation as a plan: the product that several sources become, for the gate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.consolidation import Consolidation
from core.names import parts_of
from core.plan import (
    FOREVER,
    CleanupPolicy,
    Compatibility,
    Note,
    Plan,
    PlanKind,
    ProductPlan,
    Related,
    SchemaPlan,
    TopicPlan,
)
from core.promotion import ProductRequest, owner_of
from core.promotion_fields import certain, event_time_of, sensitive_of
from core.quality.rule import Metric, QualityRule
from core.schema.model import Kind, Schema

_STRUCTURES = frozenset({Kind.OBJECT, Kind.ARRAY, Kind.MAP})
_RULES = 60


class ConsolidationRequest(ProductRequest):
    """A product for the topic that several become."""


@dataclass(frozen=True, slots=True)
class Room:
    """What the topics of the sources have, for the one that takes all of their messages."""

    partitions: int
    replication: int
    retention_ms: int


def consolidation_plan(
    made: Consolidation, request: ConsolidationRequest, product_id: str, room: Room
) -> Plan:
    """Raises InvalidOwnerError."""
    unified, names = made.unified, [source.name for source in made.current]
    schema = unified.tree
    told = request.description or schema.doc or f"Unified from {', '.join(names)}."
    return Plan(
        kind=PlanKind.CREATE,
        product=ProductPlan(
            id=product_id,
            name=request.product_name,
            description=told[:4_000],
            owner=owner_of(request.owner),
            domain=request.domain or "general",
            tags=("consolidated",),
        ),
        topic=TopicPlan(
            cluster=made.cluster,
            name=unified.topic,
            partitions=room.partitions,
            replication=room.replication,
            retention_ms=room.retention_ms,
            cleanup=CleanupPolicy.DELETE,
        ),
        schema_plan=SchemaPlan(
            subject=f"{unified.topic}-value",
            compatibility=Compatibility.BACKWARD,
            value=schema,
            key=key_of(made, schema),
            event_time=event_time_of(schema),
            sensitive=sensitive_of(schema),
        ),
        rules=tuple(_rules(schema, names))[:_RULES],
        related=tuple(_related(made)),
        inputs=tuple(names),
        notes=tuple(_notes(made, room)),
        risks=tuple(_risks(made)),
        written_by="catalog",
    )


def key_of(made: Consolidation, schema: Schema) -> str | None:
    """The identifier that the sources share, where every message has it."""
    always = {path for path, place in certain(schema) if not place.kinds & _STRUCTURES}
    for pair in made.comparisons:
        shared = pair.alignment.identifiers
        if shared is None:
            continue
        for field in made.unified.fields:
            if field.sources.get(pair.left) == shared.left and field.path in always:
                return field.path
    return None


def _rules(schema: Schema, names: Sequence[str]) -> Iterator[QualityRule]:
    for path, place in certain(schema):
        if not place.kinds & _STRUCTURES:
            yield QualityRule(
                id=f"{_slug(path)}-required",
                metric=Metric.REQUIRED,
                field=path,
                reason=f"always there in {', '.join(names)}"[:300],
            )


def _slug(path: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", "-".join(parts_of(path))).strip("-")[:80] or "field"


def _related(made: Consolidation) -> Iterator[Related]:
    fields = made.unified.fields
    likeness = {pair.right: pair.similarity for pair in made.comparisons}
    for source in made.current:
        has = tuple(field.path for field in fields if source.name in field.sources)
        yield Related(
            source=source.name,
            kind="managed" if source.product else "discovered",
            owner=source.owner,
            product=source.product,
            score=likeness.get(source.name, 1.0),
            covered=len(has) / len(fields) if fields else 0.0,
            has=has,
            missing=tuple(field.path for field in fields if source.name not in field.sources),
        )


def _notes(made: Consolidation, room: Room) -> Iterator[Note]:
    yield Note(about="schema_plan.value", because=f"unified by consolidation {made.id}")
    for replay in made.replays:
        yield Note(
            about="schema_plan.value",
            because=f"{replay.passed} of {replay.messages} sampled messages of {replay.source} "
            "come through and validate",
        )
    yield Note(about="topic.partitions", because=f"{room.partitions}: as many as any source has")
    kept = "for ever" if room.retention_ms == FOREVER else f"{room.retention_ms / 86_400_000:g} d"
    yield Note(about="topic.retention_ms", because=f"{kept}: as long as any source keeps them")
    yield Note(about="schema_plan.compatibility", because=made.verdict[:500])


def _risks(made: Consolidation) -> Iterator[str]:
    for replay in made.replays:
        lost = replay.messages - replay.passed
        if lost:
            yield (
                f"{lost} of {replay.messages} sampled messages of {replay.source} do not come "
                "through; a bridge puts such messages into its dead-letter topic."
            )
    for mapping in made.mappings:
        if mapping.dropped:
            yield f"Of {mapping.source} these fields are left out: {', '.join(mapping.dropped)}."
    groups = sorted({group for source in made.current for group in source.groups})
    if groups:
        yield f"{len(groups)} consumer groups read the old topics and would have to move."
