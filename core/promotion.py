"""A discovered topic on its way to a managed product: the plan that changes nothing of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from core.drafting.subject import slug
from core.plan import (
    CleanupPolicy,
    Compatibility,
    Note,
    Plan,
    PlanKind,
    ProductPlan,
    SchemaPlan,
    TopicPlan,
)
from core.promotion_fields import event_time_of, key_of, sensitive_of
from core.promotion_rules import rules_of
from core.schema.model import Bounds, Kind, Schema
from core.schema.model import Field as Place
from core.source import SourceDetail

_REFERENCE = re.compile(r"(group|user):[a-z0-9_-]+/[A-Za-z0-9._-]{1,63}")
_DEFAULT_DOMAIN = "general"
_LONGEST_ID = 80


OWNER_PATTERN: dict[str, JsonValue] = {"pattern": "[A-Za-z0-9]"}
"""What the description of an API says of an owner; `owner_of` says more where it is none."""


class ProductRequest(BaseModel):
    """`owner` is a team's name or an entity reference; what is left out the catalog knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    owner: str = Field(
        min_length=1, max_length=100, examples=["fraud-team"], json_schema_extra=OWNER_PATTERN
    )
    product_name: str = Field(min_length=1, max_length=200, examples=["Card payments"])
    description: str | None = Field(default=None, min_length=1, max_length=4_000)
    domain: str | None = Field(default=None, min_length=1, max_length=63)


class PromotionRequest(ProductRequest):
    """A product for a topic that exists."""

    tags: tuple[str, ...] = Field(default=(), max_length=20)


class PromotionRefusedError(ValueError):
    """The topic cannot be a product; the text says why and what to do."""


class InvalidOwnerError(PromotionRefusedError):
    """What was given names no owner."""


@dataclass(frozen=True, slots=True)
class StandingTopic:
    """The topic as Kafka tells it: `settings` are all in force, `own` those set on it."""

    partitions: int
    replication: int
    settings: Mapping[str, str]
    own: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StandingSubject:
    """The newest version of the topic's subject; `format` is avro, json-schema or protobuf."""

    subject: str
    version: int
    schema_id: int
    format: str
    compatibility: str


def stem_of(product_name: str) -> str:
    """What a product's id is made of; it may be taken."""
    return slug(product_name)[:_LONGEST_ID].strip("-") or "product"


def subject_of(source: SourceDetail) -> str:
    """The subject that has the topic's schema, or the one that it would be registered under."""
    return source.subject or f"{source.summary.name}-value"


def promotion_plan(
    source: SourceDetail,
    request: PromotionRequest,
    product_id: str,
    topic: StandingTopic,
    subject: StandingSubject | None,
) -> Plan:
    """Raises PromotionRefusedError where too little is known of the topic."""
    schema = _schema(source)
    return Plan(
        kind=PlanKind.PROMOTE,
        product=_product(source, request, product_id),
        topic=_topic(source, topic),
        schema_plan=_schema_plan(source, schema, subject),
        rules=rules_of(schema, registered=subject is not None),
        notes=tuple(_notes(source, request, subject)),
        risks=tuple(_risks(source)),
        written_by="catalog",
    )


def _schema(source: SourceDetail) -> Schema:
    schema, name = source.schema, source.summary.name
    if schema is None or not schema.root.children:
        raise PromotionRefusedError(
            f"No schema is known of {name!r}: its messages are {source.summary.format}. A product "
            "needs fields; scan the cluster again once the topic holds JSON, Avro or Protobuf."
        )
    if schema.root.kinds - {Kind.NULL} != {Kind.OBJECT}:
        raise PromotionRefusedError(
            f"The messages of {name!r} are no objects with fields, so a contract has nothing to "
            "promise."
        )
    return schema


def _product(source: SourceDetail, request: PromotionRequest, product_id: str) -> ProductPlan:
    summary = source.summary
    told = summary.description.text if summary.description else f"The topic {summary.name}."
    return ProductPlan(
        id=product_id,
        name=request.product_name,
        description=request.description or told[:4_000],
        owner=owner_of(request.owner),
        domain=request.domain or summary.domain or _DEFAULT_DOMAIN,
        tags=tuple(dict.fromkeys((*request.tags, *summary.tags))),
    )


def owner_of(owner: str) -> str:
    """The reference of a team that is named or referred to. Raises InvalidOwnerError."""
    if _REFERENCE.fullmatch(owner.strip()):
        return owner.strip()
    team = slug(owner)[:63].strip("-")
    if not team:
        raise InvalidOwnerError(
            f"{owner[:60]!r} names no owner. Give a team such as fraud-team, or a reference such "
            "as group:default/fraud-team."
        )
    return f"group:default/{team}"


def _topic(source: SourceDetail, topic: StandingTopic) -> TopicPlan:
    """As it stands: `observed` holds all of it, so that nothing differs."""
    cleanup = cleanup_of(topic.settings.get("cleanup.policy", ""))
    retention = topic.settings.get("retention.ms", "-1")
    own = {k: v for k, v in topic.own.items() if k not in ("retention.ms", "cleanup.policy")}
    return TopicPlan(
        cluster=source.summary.cluster,
        name=source.summary.name,
        partitions=topic.partitions,
        replication=topic.replication,
        retention_ms=int(retention),
        cleanup=cleanup,
        settings=own,
        observed={**own, "retention.ms": retention, "cleanup.policy": cleanup.value},
    )


def cleanup_of(policy: str) -> CleanupPolicy:
    """Of a topic by its `cleanup.policy`; Kafka takes the two in any order."""
    parts = {part.strip() for part in policy.split(",")}
    if {"compact", "delete"} <= parts:
        return CleanupPolicy.COMPACT_DELETE
    return CleanupPolicy.COMPACT if "compact" in parts else CleanupPolicy.DELETE


def _schema_plan(
    source: SourceDetail, schema: Schema, subject: StandingSubject | None
) -> SchemaPlan:
    own = "avro" if source.summary.format == "avro" else "json-schema"
    return SchemaPlan(
        subject=subject_of(source) if subject is None else subject.subject,
        compatibility=Compatibility(subject.compatibility if subject else "BACKWARD"),
        value=replace(schema, root=promised(schema.root), extra={}),
        format=own if subject is None else subject.format,
        version=None if subject is None else subject.version,
        framed=any(counted.schemas for counted in source.report.values),
        key=key_of(source, schema),
        event_time=event_time_of(schema),
        sensitive=sensitive_of(schema),
    )


def promised(place: Place) -> Place:
    """What a schema says of a field, without what was merely measured: counts and bounds."""
    measured = place.evidence is not None
    return replace(
        place,
        bounds=Bounds() if measured else place.bounds,
        evidence=None,
        children=tuple(map(promised, place.children)),
    )


def _notes(
    source: SourceDetail, request: PromotionRequest, subject: StandingSubject | None
) -> Iterator[Note]:
    yield Note(about="topic", because="it stays as it is; nothing of it is changed")
    if subject is None:
        because = f"inferred from {source.report.messages} sampled messages"
    else:
        because = f"it is version {subject.version} of {subject.subject} (id {subject.schema_id})"
    yield Note(about="schema_plan.value", because=because)
    yield Note(about="product.owner", because=f'"{request.owner}" was given', given=True)
    known = source.summary.description
    if request.description is None and known is not None:
        yield Note(about="product.description", because=f"written by {known.by}")


def _risks(source: SourceDetail) -> Iterator[str]:
    report, readers = source.report, sorted(each.group for each in source.consumers)
    if failed := sum(failure.messages for failure in report.failures):
        yield f"{failed} of {report.messages} sampled messages could not be decoded."
    if strays := sum(stray.messages for stray in report.strays):
        yield f"{strays} sampled messages have a rare shape that the schema leaves out."
    if len(report.event_kinds) > 1:
        kinds = ", ".join(kind.name for kind in report.event_kinds[:8])
        yield f"The topic carries several kinds of events in one schema: {kinds}."
    if readers:
        more = f" and {len(readers) - 8} more" if len(readers) > 8 else ""
        yield f"It is read by {', '.join(readers[:8])}{more}; the contract binds what they get."
