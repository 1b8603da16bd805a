"""Entities out of facts: which kind, which name, and what they have to do with each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from core.backstage.entity import Entity, EntityKind, Link, reference
from core.backstage.facts import (
    ApiFact,
    ConsumerFact,
    DomainFact,
    Fact,
    ProductFact,
    SystemFact,
    TeamFact,
    TopicFact,
)
from core.backstage.names import DEFAULT_NAMESPACE, namespace_of, object_name, tags_of
from core.backstage.owner import group_of, owner_of
from core.product import Lifecycle

_LIFECYCLE: Mapping[Lifecycle | None, str] = {
    Lifecycle.ACTIVE: "production",
    Lifecycle.DEPRECATED: "deprecated",
}
DISCOVERED = "discovered"
"""The lifecycle of what runs and that nobody has taken under management."""

_CONSUMER = "consumer."
"""Tells a consumer group from a product of the same name: a product's id has no dot."""


def of(fact: Fact, home: str) -> Entity | None:
    """The entity of a fact; `home` is the URL under which Headwater is reached. None for a person:
    those come from where Backstage has its people. An API needs its definition: see `api`."""
    match fact:
        case TeamFact():
            return group_of(fact.ref)
        case DomainFact():
            return domain(fact)
        case SystemFact():
            return system(fact)
        case ProductFact():
            return product(fact)
        case ConsumerFact():
            return consumer(fact)
        case TopicFact():
            return topic(fact, home)
        case ApiFact():
            raise TypeError("an API is made with its definition")


def domain(fact: DomainFact) -> Entity:
    return Entity(
        kind=EntityKind.DOMAIN,
        name=object_name(fact.domain),
        title=fact.domain,
        description="Data products and topics of one business domain.",
        annotations={"domain": fact.domain, "owner-because": _because(fact)},
        spec={"owner": owner_of(fact.owner)},
    )


def system(fact: SystemFact) -> Entity:
    named = fact.of.domain
    return Entity(
        kind=EntityKind.SYSTEM,
        name=object_name(named),
        namespace=namespace_of(fact.cluster),
        title=f"{named} streams",
        description="Data products and topics of one business domain on one Kafka cluster.",
        annotations={
            "cluster": fact.cluster,
            "domain": named,
            "owner-because": _because(fact.of),
        },
        spec={
            "owner": owner_of(fact.of.owner),
            "domain": reference(EntityKind.DOMAIN, DEFAULT_NAMESPACE, object_name(named)),
        },
    )


def product(fact: ProductFact) -> Entity:
    own, read = _sorted(fact.topics), _sorted(fact.inputs)
    resources = [topic_reference(EntityKind.RESOURCE, fact.cluster, t) for t in (*own, *read)]
    return Entity(
        kind=EntityKind.COMPONENT,
        name=object_name(fact.id),
        title=fact.name,
        description=fact.description or None,
        annotations={"product-id": fact.id, "version": fact.version, "cluster": fact.cluster},
        labels={"kind": "managed"},
        tags=tags_of(fact.tags),
        spec={
            "type": "data-product",
            "lifecycle": _LIFECYCLE[fact.lifecycle],
            "owner": owner_of(fact.owner),
            "system": _system_of(fact.cluster, fact.domain) if fact.domain else None,
            "providesApis": [topic_reference(EntityKind.API, fact.cluster, t) for t in own],
            "consumesApis": [topic_reference(EntityKind.API, fact.cluster, t) for t in read],
            "dependsOn": list(dict.fromkeys(resources)),
        },
    )


def consumer(fact: ConsumerFact) -> Entity:
    """A consumer group that was seen to read: whose offsets are committed on these topics."""
    topics = _sorted(fact.topics)
    annotations = {"consumer-group": fact.group, "cluster": fact.cluster}
    if fact.left_out:
        annotations["topics-left-out"] = str(fact.left_out)
    return Entity(
        kind=EntityKind.COMPONENT,
        name=object_name(f"{_CONSUMER}{fact.group}"),
        namespace=namespace_of(fact.cluster),
        title=fact.group,
        description=_reads(len(topics) + fact.left_out),
        annotations=annotations,
        labels={"kind": DISCOVERED},
        spec={
            "type": "kafka-consumer-group",
            "lifecycle": DISCOVERED,
            "owner": owner_of(fact.team),
            "consumesApis": [topic_reference(EntityKind.API, fact.cluster, t) for t in topics],
            "dependsOn": [topic_reference(EntityKind.RESOURCE, fact.cluster, t) for t in topics],
        },
    )


def topic(fact: TopicFact, home: str) -> Entity:
    return _of_topic(fact, home, EntityKind.RESOURCE, {"type": "kafka-topic"})


def api(fact: TopicFact, home: str, definition: str) -> Entity:
    """`definition` is its AsyncAPI document as text."""
    lifecycle = _LIFECYCLE.get(fact.lifecycle, DISCOVERED)
    spec = {"type": "asyncapi", "lifecycle": lifecycle, "definition": definition}
    return _of_topic(fact, home, EntityKind.API, spec)


def topic_reference(kind: EntityKind, cluster: str, name: str) -> str:
    """The resource or the API of a topic."""
    return reference(kind, namespace_of(cluster), object_name(name))


def _of_topic(fact: TopicFact, home: str, kind: EntityKind, spec: dict[str, str]) -> Entity:
    return Entity(
        kind=kind,
        name=object_name(fact.name),
        namespace=namespace_of(fact.cluster),
        title=fact.name,
        description=fact.description or None,
        annotations=_annotations(fact),
        labels={"kind": "managed" if fact.product_id else DISCOVERED, "format": fact.format},
        tags=tags_of(fact.tags),
        links=(Link(page_of(home, fact.name), "Headwater"),),
        spec=spec | {"owner": owner_of(fact.owner)} | _placed(fact),
    )


def page_of(home: str, topic: str) -> str:
    """The page of a topic in the console."""
    return f"{home}/console/sources/{quote(topic, safe='')}"


def _placed(fact: TopicFact) -> dict[str, str]:
    return {"system": _system_of(fact.cluster, fact.domain)} if fact.domain else {}


def _annotations(fact: TopicFact) -> dict[str, str]:
    told = {
        "cluster": fact.cluster,
        "topic": fact.name,
        "product-id": fact.product_id,
        "domain": fact.domain,
        "described-by": fact.described_by,
        "owner": fact.owner,
        "owner-guessed-from": fact.owner_guessed_from,
    }
    return {name: text for name, text in told.items() if text}


def _system_of(cluster: str, named: str) -> str:
    return reference(EntityKind.SYSTEM, namespace_of(cluster), object_name(named))


def _because(fact: DomainFact) -> str:
    if fact.owner is None:
        return "no owner is known of any of its topics"
    return f"owns {fact.owned} of its {fact.topics} topics"


def _reads(topics: int) -> str:
    return f"A consumer group with committed offsets on {topics} topic{'s' * (topics != 1)}."


def _sorted(topics: Sequence[str]) -> list[str]:
    return sorted(set(topics))
