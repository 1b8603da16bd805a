"""What is known of things that become entities, as it is stored; texts of topics are foreign."""

from __future__ import annotations

from dataclasses import dataclass

from core.product import Lifecycle


@dataclass(frozen=True, slots=True)
class TeamFact:
    """An owning or consuming team by its reference, `group:...` or `user:...`."""

    ref: str


@dataclass(frozen=True, slots=True)
class DomainFact:
    """A business domain. `owner` owns most of its topics: `owned` of `topics`, None where none of
    them has a known owner."""

    domain: str
    owner: str | None
    owned: int
    topics: int


@dataclass(frozen=True, slots=True)
class SystemFact:
    """The streams of a domain on one cluster."""

    cluster: str
    of: DomainFact


@dataclass(frozen=True, slots=True)
class ProductFact:
    """A served product with its topics that are on the cluster."""

    id: str
    name: str
    description: str
    owner: str
    domain: str | None
    tags: tuple[str, ...]
    lifecycle: Lifecycle
    version: str
    cluster: str
    topics: tuple[str, ...]
    inputs: tuple[str, ...]
    """Topics of the cluster that its contract says it is made from."""


@dataclass(frozen=True, slots=True)
class ConsumerFact:
    """A consumer group with committed offsets; `team` is a reference, None where unknown."""

    cluster: str
    group: str
    team: str | None
    topics: tuple[str, ...]
    left_out: int = 0
    """Topics beyond those, where it reads very many."""


@dataclass(frozen=True, slots=True)
class TopicFact:
    """A present topic. `content` tells schemas and contracts apart: it changes when they do."""

    cluster: str
    name: str
    description: str | None
    described_by: str | None
    owner: str | None
    owner_guessed_from: str | None
    domain: str | None
    tags: tuple[str, ...]
    format: str
    partitions: int
    replication: int
    version: int
    product_id: str | None = None
    product_name: str | None = None
    product_version: str | None = None
    lifecycle: Lifecycle | None = None
    content: str = ""


@dataclass(frozen=True, slots=True)
class ApiFact:
    """The interface of a topic: what its AsyncAPI document is made of."""

    topic: TopicFact


Fact = TeamFact | DomainFact | SystemFact | ProductFact | ConsumerFact | TopicFact | ApiFact
