"""Topics, their offsets and who reads them, as a cluster tells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from confluent_kafka.admin._metadata import TopicMetadata

from tools.kafka.errors import KafkaFailedError

Place = tuple[str, int]
"""Topic and partition."""

Offsets = dict[Place, int | KafkaFailedError]

CONFIGS = ("cleanup.policy", "retention.ms", "retention.bytes", "max.message.bytes")
"""The topic settings that are read."""

INTERNAL = frozenset({"__consumer_offsets", "__transaction_state", "__share_group_state"})


@dataclass(frozen=True, slots=True)
class Topic:
    """`leaderless` are partitions that nobody serves now; `configs` holds those of `CONFIGS`."""

    name: str
    partitions: tuple[int, ...]
    replication: int
    internal: bool
    leaderless: tuple[int, ...] = ()
    configs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewTopic:
    """A topic to be created; -1 takes the cluster's default."""

    name: str
    partitions: int = -1
    replication: int = -1
    configs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TopicState:
    """One topic as it stands. `id` is the cluster's own: a topic made anew has another.

    `settings` are all that are in force, `own` those set on the topic itself.
    """

    name: str
    id: str
    partitions: int
    replication: int
    internal: bool
    settings: Mapping[str, str]
    own: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ClusterOutline:
    """`topics` are all topics with how often they are replicated, `internal` Kafka's own."""

    brokers: int
    topics: Mapping[str, int]
    internal: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Watermarks:
    """`offsets` maps partition to (low, high): the first record kept and the one to come next.

    High is the last stable offset: where an open transaction begins, if there is one. `error` says
    why the offsets of some partitions are missing.
    """

    topic: str
    offsets: Mapping[int, tuple[int, int]]
    error: str | None = None


def topic_of(found: TopicMetadata, configs: Mapping[str, str]) -> Topic:
    partitions = found.partitions.values()
    return Topic(
        str(found.topic),
        tuple(sorted(p.id for p in partitions)),
        max((len(p.replicas) for p in partitions), default=0),
        found.topic in INTERNAL,
        tuple(sorted(p.id for p in partitions if p.leader < 0)),
        configs,
    )


def watermarks_of(
    name: str,
    found: TopicMetadata | None,
    lows: Offsets,
    highs: Offsets,
) -> Watermarks:
    if found is None:
        return Watermarks(name, {}, "the topic does not exist")
    offsets: dict[int, tuple[int, int]] = {}
    error = found.error.str() if found.error else None
    for partition in sorted(found.partitions):
        missing = f"partition {partition} has no leader"
        low, high = (marks.get((name, partition), missing) for marks in (lows, highs))
        if isinstance(low, int) and isinstance(high, int):
            offsets[partition] = (low, high)
        else:
            error = str(high if isinstance(low, int) else low)
    return Watermarks(name, offsets, error)
