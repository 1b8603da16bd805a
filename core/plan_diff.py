"""What carrying out a plan would change: the plan beside what exists, in readable lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from core.grant import Permission
from core.plan import Plan, ProductPlan, SchemaPlan, TopicPlan
from core.product import DataProduct
from core.schema import avro, avro_writer, json_schema, json_schema_writer
from core.schema.diff import described, diff
from core.schema.model import Schema
from core.spans import amount_of, span_of


class Effect(StrEnum):
    CREATE = "create"
    CHANGE = "change"
    KEEP = "keep"
    """It is there as the plan wants it."""
    UNKNOWN = "unknown"
    """What exists could not be asked for; `lines` say why and what the plan wants."""


class PartDiff(BaseModel):
    """One thing that the plan is about; `title` says what becomes of it in a few words."""

    model_config = ConfigDict(frozen=True)
    name: str
    effect: Effect
    title: str
    lines: tuple[str, ...] = ()


class PlanDiff(BaseModel):
    """`access` is there where a team is to use a product that exists."""

    model_config = ConfigDict(frozen=True)
    topic: PartDiff
    subject: PartDiff
    product: PartDiff
    access: PartDiff | None = None

    @property
    def parts(self) -> tuple[PartDiff, ...]:
        """In the order in which they are shown."""
        first = () if self.access is None else (self.access,)
        return (*first, self.topic, self.subject, self.product)


@dataclass(frozen=True, slots=True)
class ExistingTopic:
    """`configs` are those that could be read."""

    partitions: int
    replication: int
    configs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExistingSubject:
    """The newest version; `value` is None where its schema cannot be compared with a plan's."""

    version: int
    compatibility: str
    value: Schema | None


@dataclass(frozen=True, slots=True)
class Silence:
    """Whoever knows did not answer; `why` says so."""

    why: str


@dataclass(frozen=True, slots=True)
class Existing:
    """What is there under the plan's names; None where there is nothing.

    `permissions` are those of a grant that the cluster gives already.
    """

    topic: ExistingTopic | Silence | None
    subject: ExistingSubject | Silence | None
    product: DataProduct | Silence | None
    permissions: frozenset[Permission] | Silence = frozenset()


def plan_diff(plan: Plan, existing: Existing) -> PlanDiff:
    return PlanDiff(
        topic=_topic(plan, existing.topic),
        subject=_subject(plan.schema_plan, existing.subject),
        product=_product(plan, existing.product),
    )


def _topic(plan: Plan, found: ExistingTopic | Silence | None) -> PartDiff:
    wanted, access = plan.topic, _access_lines(plan)
    whole = (*_topic_lines(wanted), *access)
    if found is None:
        return PartDiff(name=wanted.name, effect=Effect.CREATE, title="new topic", lines=whole)
    if isinstance(found, Silence):
        return _unknown(wanted.name, found, whole)
    changes = (*_topic_changes(wanted, found), *access)
    if changes:
        return _part(wanted.name, Effect.CHANGE, "the topic exists and is changed", changes)
    return _part(wanted.name, Effect.KEEP, "the topic exists and stays as it is", ())


def _topic_lines(wanted: TopicPlan) -> Iterator[str]:
    yield amount_of(wanted.partitions, "partition")
    yield amount_of(wanted.replication, "replica")
    for name, value in sorted(wanted.configs.items()):
        yield f"{name}: {_told(name, value)}"


def _access_lines(plan: Plan) -> tuple[str, ...]:
    return tuple(f"access of {each.line}" for each in plan.access)


def _topic_changes(wanted: TopicPlan, found: ExistingTopic) -> Iterator[str]:
    """Of a topic that was observed only what the plan wants otherwise is touched."""
    if wanted.partitions != found.partitions:
        yield f"partitions: {found.partitions} -> {wanted.partitions}"
    if wanted.replication != found.replication:
        yield f"replicas: {found.replication} -> {wanted.replication}"
    touched = wanted.changed if wanted.observed else wanted.configs
    for name, value in sorted(touched.items()):
        before = found.configs.get(name)
        if before is None:
            yield f"{name}: {_told(name, value)} (what it is now was not read)"
        elif _settled(before) != _settled(value):
            yield f"{name}: {_told(name, before)} -> {_told(name, value)}"
    for name in wanted.dropped:
        yield f"{name}: {_told(name, wanted.observed[name])} -> the cluster's default"


def _told(name: str, value: str) -> str:
    if name == "retention.ms" and value.lstrip("-").isdigit():
        return f"{value} ({span_of(int(value))})"
    return value


def _settled(value: str) -> list[str]:
    """`compact,delete` is `delete, compact`."""
    return sorted(part.strip() for part in value.split(","))


def _subject(wanted: SchemaPlan, found: ExistingSubject | Silence | None) -> PartDiff:
    whole = (f"compatibility: {wanted.compatibility}", *_fields(wanted.value))
    if found is None:
        return _part(wanted.subject, Effect.CREATE, "new subject, version 1", whole)
    if isinstance(found, Silence):
        return _unknown(wanted.subject, found, whole)
    lines = tuple(_subject_changes(wanted, found))
    if not lines:
        title = f"the subject has it as version {found.version}"
        return _part(wanted.subject, Effect.KEEP, title, ())
    title = f"version {found.version} is followed by version {found.version + 1}"
    if lines == _compatibility_lines(wanted, found):
        title = f"version {found.version} stays, its compatibility level changes"
    return _part(wanted.subject, Effect.CHANGE, title, lines)


def _fields(value: Schema) -> Iterator[str]:
    for path, each in value.walk():
        yield f"{path}: {described(each)}"


def _subject_changes(wanted: SchemaPlan, found: ExistingSubject) -> Iterator[str]:
    yield from _compatibility_lines(wanted, found)
    if wanted.version is not None:
        return
    if found.value is None:
        yield "its newest version is of a form that cannot be compared with the plan's"
        return
    yield from (change.line for change in diff(found.value, as_registered(wanted)))


def _compatibility_lines(wanted: SchemaPlan, found: ExistingSubject) -> tuple[str, ...]:
    if wanted.compatibility == found.compatibility:
        return ()
    return (f"compatibility: {found.compatibility} -> {wanted.compatibility}",)


def as_registered(wanted: SchemaPlan) -> Schema:
    """The plan's schema as it comes back from the registry: what its format cannot say is lost."""
    if wanted.format == "avro":
        return avro.read(json.dumps(avro_writer.write(wanted.value)))
    return json_schema.read(json.dumps(json_schema_writer.write(wanted.value)))


def _product(plan: Plan, found: DataProduct | Silence | None) -> PartDiff:
    wanted = plan.product
    whole = (*_product_lines(wanted), *(f"rule {rule.id}: {rule.reason}" for rule in plan.rules))
    if found is None:
        return _part(wanted.id, Effect.CREATE, "new product", whole)
    if isinstance(found, Silence):
        return _unknown(wanted.id, found, whole)
    lines = tuple(_product_changes(plan, found))
    if lines:
        return _part(wanted.id, Effect.CHANGE, f"a version after {found.version}", lines)
    return _part(wanted.id, Effect.KEEP, f"the product stays at {found.version}", ())


def _product_lines(wanted: ProductPlan) -> Iterator[str]:
    yield f"name: {wanted.name}"
    yield f"owner: {wanted.owner}"
    yield f"domain: {wanted.domain}"
    if wanted.tags:
        yield f"tags: {', '.join(wanted.tags)}"


def _product_changes(plan: Plan, found: DataProduct) -> Iterator[str]:
    wanted = plan.product
    for name in ("name", "owner", "domain", "description"):
        before, after = getattr(found, name), getattr(wanted, name)
        if before != after:
            yield f"{name}: {before} -> {after}"
    if set(found.tags) != set(wanted.tags):
        yield f"tags: {', '.join(found.tags) or 'none'} -> {', '.join(wanted.tags) or 'none'}"
    if plan.topic.name not in {port.topic for port in found.ports}:
        yield f"output port: {plan.topic.name} is added"


def _unknown(name: str, silence: Silence, whole: tuple[str, ...]) -> PartDiff:
    lines = (silence.why, *whole)
    return _part(name, Effect.UNKNOWN, "what exists is not known", lines)


def _part(name: str, effect: Effect, title: str, lines: tuple[str, ...]) -> PartDiff:
    return PartDiff(name=name, effect=effect, title=title, lines=lines)
