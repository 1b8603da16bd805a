"""What is taken already and what the cluster holds: the facts that a plan is checked against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core.plan import Plan, PlanKind

MOST_PER_BROKER = 4_000
"""Replicas of partitions that a broker may be given by one plan; Kafka's own advice for all."""


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """Handed in by whoever asked Kafka, the registry and Postgres; `brokers` None is unknown.

    `ports` maps a topic to the product that it belongs to, `own_product` is the id of a product
    that the plan may replace. `no_acls` says why the cluster takes no ACLs from us.
    """

    topics: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    ports: Mapping[str, str] = field(default_factory=dict)
    brokers: int | None = None
    own_product: str | None = None
    no_acls: str | None = None


def clashes(plan: Plan, facts: PlanFacts) -> Iterator[str]:
    """Names of the plan that something else has already, in words."""
    product, topic, subject = plan.product.id, plan.topic.name, plan.schema_plan.subject
    if product in facts.products and product != facts.own_product:
        yield f"product.id: a product {product!r} exists already; choose another id"
    if (holder := facts.ports.get(topic)) not in (None, facts.own_product):
        yield f"topic.name: {topic!r} belongs to the product {holder!r} already"
    if plan.kind is PlanKind.PROMOTE:
        if topic not in facts.topics:
            yield f"topic.name: there is no topic {topic!r} to promote"
        return
    if topic in facts.topics:
        yield f"topic.name: a topic {topic!r} exists already; choose another name"
    elif (like := _alike(topic, facts.topics)) is not None:
        yield (
            f"topic.name: Kafka takes {topic!r} and the existing {like!r} for one in its metrics "
            "(`.` and `_` are the same there); choose another name"
        )
    if subject in facts.subjects:
        yield f"schema_plan.subject: a subject {subject!r} exists already; choose another"


def capacity(plan: Plan, facts: PlanFacts) -> Iterator[str]:
    """What the cluster cannot hold, in words."""
    topic = plan.topic
    if facts.brokers is None or plan.kind is PlanKind.PROMOTE:
        return
    if topic.replication > facts.brokers:
        yield (
            f"topic.replication: {topic.replication} replicas need as many brokers, and the "
            f"cluster has {facts.brokers}"
        )
    most = MOST_PER_BROKER * facts.brokers
    if topic.partitions * topic.replication > most:
        yield (
            f"topic.partitions: {topic.partitions} x {topic.replication} replicas are more than "
            f"{most:,}, which {facts.brokers} brokers hold well"
        )
    in_sync = topic.settings.get("min.insync.replicas", "1")
    if in_sync.isdigit() and int(in_sync) > topic.replication:
        yield (
            f"topic.settings: min.insync.replicas {in_sync} is more than the {topic.replication} "
            "replicas, so nobody could write"
        )


def impossible_access(plan: Plan, facts: PlanFacts) -> Iterator[str]:
    """Access that the cluster cannot give, in words."""
    if plan.access and facts.no_acls is not None:
        yield f"access: {facts.no_acls}"


def _alike(topic: str, topics: frozenset[str]) -> str | None:
    plain = topic.replace(".", "_")
    return next((name for name in topics if name.replace(".", "_") == plain), None)
