"""Asks and changes a Kafka cluster: topics, watermarks and consumer groups, all in bulk."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from confluent_kafka import ConsumerGroupTopicPartitions, IsolationLevel, TopicPartition
from confluent_kafka import cimpl as vendor
from confluent_kafka.admin._config import ConfigResource
from confluent_kafka.admin._listoffsets import OffsetSpec
from confluent_kafka.admin._metadata import TopicMetadata

from tools.kafka.connection import KafkaConnection
from tools.kafka.errors import KafkaFailedError
from tools.kafka.request import AdminRequests

Item = TypeVar("Item")
Place = tuple[str, int]

CONFIGS = ("cleanup.policy", "retention.ms", "retention.bytes", "max.message.bytes")
"""The topic settings that `topics` reports."""

_CONFIGS_PER_REQUEST = 500
_OFFSETS_PER_REQUEST = 5_000
_GROUPS_AT_ONCE = 100
_EARLIEST: OffsetSpec = OffsetSpec.earliest()  # type: ignore[no-untyped-call]
_LATEST: OffsetSpec = OffsetSpec.latest()  # type: ignore[no-untyped-call]
_INTERNAL = frozenset({"__consumer_offsets", "__transaction_state", "__share_group_state"})


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
class Watermarks:
    """`offsets` maps partition to (low, high): the first record kept and the one to come next.

    High is the last stable offset: where an open transaction begins, if there is one. `error` says
    why the offsets of some partitions are missing.
    """

    topic: str
    offsets: Mapping[int, tuple[int, int]]
    error: str | None = None


@dataclass(frozen=True, slots=True)
class GroupOffset:
    """Where a consumer group stands on a partition: `committed` is the next offset it will read."""

    group: str
    state: str
    topic: str
    partition: int
    committed: int


class KafkaAdmin:
    """One cluster. Every call raises KafkaFailedError when it is not answered within `timeout`.

    Connects with the first call, and again by itself after the cluster was away.
    """

    def __init__(self, connection: KafkaConnection, *, timeout: float = 15.0) -> None:
        self._requests = AdminRequests(connection, timeout)
        self._client = self._requests.client
        self._timeout = timeout

    async def topics(self, names: Sequence[str] | None = None) -> tuple[Topic, ...]:
        """All topics, or those of `names` that exist, by name."""
        found = await self._metadata()
        wanted = sorted(found) if names is None else sorted(set(names) & found.keys())
        configs = await self._configs(wanted)
        return tuple(_topic(found[name], configs.get(name, {})) for name in wanted)

    async def watermarks(self, topics: Sequence[str]) -> dict[str, Watermarks]:
        """The offset ranges of many topics at once, by name; one that fails says why."""
        found = await self._metadata()
        led = [
            (name, partition.id)
            for name in dict.fromkeys(topics)
            if name in found
            for partition in found[name].partitions.values()
            if partition.leader >= 0
        ]
        lows, highs = await asyncio.gather(
            self._offsets(led, _EARLIEST), self._offsets(led, _LATEST)
        )
        return {name: _watermarks(name, found.get(name), lows, highs) for name in topics}

    async def consumer_groups(self) -> tuple[GroupOffset, ...]:
        """What every consumer group has committed; a group without commits gives nothing."""
        what = "list the consumer groups"
        ask = lambda: [self._client.list_consumer_groups(request_timeout=self._timeout)]  # noqa: E731
        (listing,) = await self._requests.all(what, ask)
        states = {group.group_id: group.state.name.lower() for group in listing.valid}
        if listing.errors and not states:
            raise self._requests.translated(listing.errors[0], what)
        batches = _batches(sorted(states), _GROUPS_AT_ONCE)
        return tuple([offset for ids in batches for offset in await self._committed(ids, states)])

    async def create_topic(
        self,
        name: str,
        *,
        partitions: int = -1,
        replication: int = -1,
        configs: Mapping[str, str] | None = None,
    ) -> None:
        """Raises TopicExistsError."""
        await self.create_topics([NewTopic(name, partitions, replication, configs or {})])

    async def create_topics(self, topics: Sequence[NewTopic]) -> None:
        """Create many at once; raises for the first that fails, the others may have been made."""
        made = [
            vendor.NewTopic(t.name, t.partitions, t.replication, config=dict(t.configs))
            for t in topics
        ]
        what = f"create the topic {topics[0].name}" if len(topics) == 1 else "create topics"
        if made:
            await self._requests.all(
                what, lambda: self._client.create_topics(made, **self._times()).values()
            )

    async def delete_topics(self, names: Sequence[str]) -> None:
        """Delete many at once; raises for the first that fails, the others are deleted."""
        what = f"delete the topic {names[0]}" if len(names) == 1 else "delete topics"
        if names:
            await self._requests.all(
                what, lambda: self._client.delete_topics(list(names), **self._times()).values()
            )

    async def delete_topic(self, name: str) -> None:
        """Raises TopicNotFoundError."""
        await self.delete_topics([name])

    def _times(self) -> dict[str, float]:
        return {"request_timeout": self._timeout, "operation_timeout": self._timeout}

    async def _metadata(self) -> dict[str, TopicMetadata]:
        ask = lambda: self._client.list_topics(timeout=self._timeout).topics  # noqa: E731
        found: dict[str, TopicMetadata] = await self._requests.call("list the topics", ask)
        return found

    async def _configs(self, names: Sequence[str]) -> dict[str, dict[str, str]]:
        """Settings by topic; none for a topic that vanished meanwhile or forbids to look."""
        out: dict[str, dict[str, str]] = {}
        for batch in _batches(names, _CONFIGS_PER_REQUEST):
            asked = [ConfigResource(ConfigResource.Type.TOPIC, name) for name in batch]
            results, _ = await self._requests.each(
                "read topic settings",
                lambda asked=asked: self._client.describe_configs(  # type: ignore[misc]
                    asked, request_timeout=self._timeout
                ),
            )
            for resource, entries in results.items():
                out[resource.name] = {n: entries[n].value for n in CONFIGS if n in entries}
        return out

    async def _offsets(
        self, places: Sequence[Place], spec: OffsetSpec
    ) -> dict[Place, int | KafkaFailedError]:
        out: dict[Place, int | KafkaFailedError] = {}
        for batch in _batches(places, _OFFSETS_PER_REQUEST):
            asked = {TopicPartition(*place): spec for place in batch}
            results, errors = await self._requests.each(
                "read offsets",
                lambda asked=asked: self._client.list_offsets(  # type: ignore[misc]
                    asked,
                    isolation_level=IsolationLevel.READ_COMMITTED,
                    request_timeout=self._timeout,
                ),
            )
            out |= {(place.topic, place.partition): r.offset for place, r in results.items()}
            out |= {(place.topic, place.partition): e for place, e in errors.items()}
        return out

    async def _committed(
        self, groups: Sequence[str], states: Mapping[str, str]
    ) -> list[GroupOffset]:
        """Commits of some groups; one that vanished meanwhile or forbids to look is left out."""
        results, _ = await self._requests.each(
            "read committed offsets", lambda: self._group_offsets(groups)
        )
        return [
            GroupOffset(group, states[group], place.topic, place.partition, place.offset)
            for group, answer in results.items()
            for place in answer.topic_partitions
            if place.offset >= 0
        ]

    def _group_offsets(self, groups: Sequence[str]) -> dict[str, Any]:
        ask = self._client.list_consumer_group_offsets
        return {
            group: ask([ConsumerGroupTopicPartitions(group)], request_timeout=self._timeout)[group]
            for group in groups
        }


def _batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _topic(found: TopicMetadata, configs: Mapping[str, str]) -> Topic:
    partitions = found.partitions.values()
    return Topic(
        str(found.topic),
        tuple(sorted(p.id for p in partitions)),
        max((len(p.replicas) for p in partitions), default=0),
        found.topic in _INTERNAL,
        tuple(sorted(p.id for p in partitions if p.leader < 0)),
        configs,
    )


def _watermarks(
    name: str,
    found: TopicMetadata | None,
    lows: Mapping[Place, int | KafkaFailedError],
    highs: Mapping[Place, int | KafkaFailedError],
) -> Watermarks:
    if found is None:
        return Watermarks(name, {}, "the topic does not exist")
    offsets: dict[int, tuple[int, int]] = {}
    error = None
    for partition in sorted(found.partitions):
        missing = f"partition {partition} has no leader"
        low, high = (marks.get((name, partition), missing) for marks in (lows, highs))
        if isinstance(low, int) and isinstance(high, int):
            offsets[partition] = (low, high)
        else:
            error = str(high if isinstance(low, int) else low)
    return Watermarks(name, offsets, error)
