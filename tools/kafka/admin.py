"""Asks and changes a Kafka cluster: topics, watermarks, groups and ACLs, mostly in bulk."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from confluent_kafka import IsolationLevel, TopicPartition
from confluent_kafka import cimpl as vendor
from confluent_kafka.admin._config import ConfigResource
from confluent_kafka.admin._listoffsets import OffsetSpec
from confluent_kafka.admin._metadata import TopicMetadata

from tools.kafka.acls import Acl, AclResource, ResourceAcls, require_acls
from tools.kafka.connection import KafkaConnection
from tools.kafka.errors import KafkaUnreachableError, is_passing
from tools.kafka.groups import ConsumerGroups, GroupOffset, GroupReader
from tools.kafka.request import AdminRequests
from tools.kafka.single_topic import SingleTopic
from tools.kafka.topic import (
    CONFIGS,
    ClusterOutline,
    NewTopic,
    Offsets,
    Place,
    Topic,
    TopicState,
    Watermarks,
    topic_of,
    watermarks_of,
)

__all__ = [
    "CONFIGS",
    "Acl",
    "AclResource",
    "ClusterOutline",
    "ConsumerGroups",
    "GroupOffset",
    "KafkaAdmin",
    "NewTopic",
    "Topic",
    "TopicState",
    "Watermarks",
]

Item = TypeVar("Item")

_CONFIGS_PER_REQUEST = 100
_OFFSETS_PER_REQUEST = 5_000
_LEADER_SECONDS = 0.5
_EARLIEST: OffsetSpec = OffsetSpec.earliest()  # type: ignore[no-untyped-call]
_LATEST: OffsetSpec = OffsetSpec.latest()  # type: ignore[no-untyped-call]


class KafkaAdmin:
    """One cluster. Every call raises KafkaFailedError when it is not answered within `timeout`.

    Connects with the first call, and again by itself after the cluster was away.
    """

    def __init__(self, connection: KafkaConnection, *, timeout: float = 15.0) -> None:
        self._requests = AdminRequests(connection, timeout)
        self._client = self._requests.client
        self._timeout = timeout

    async def topics(
        self, names: Sequence[str] | None = None, *, settings: bool = True
    ) -> tuple[Topic, ...]:
        """All topics, or those of `names` that exist, by name.

        Without `settings` their configs stay empty, which spares most of the time.
        """
        found = await self._metadata()
        wanted = sorted(found) if names is None else sorted(set(names) & found.keys())
        configs = await self.settings(wanted) if settings else {}
        return tuple(topic_of(found[name], configs.get(name, {})) for name in wanted)

    async def outline(self) -> ClusterOutline:
        """How many brokers there are and how all topics are called and replicated, in one call."""
        ask = lambda: self._client.list_topics(timeout=self._timeout)  # noqa: E731
        found = await self._requests.call("list the topics", ask)
        topics = {name: topic_of(topic, {}) for name, topic in found.topics.items()}
        return ClusterOutline(
            brokers=len(found.brokers),
            topics={name: topic.replication for name, topic in topics.items()},
            internal=frozenset(name for name, topic in topics.items() if topic.internal),
        )

    async def settings(self, names: Sequence[str]) -> dict[str, dict[str, str]]:
        """The configs by topic, those of `CONFIGS`; a topic that vanished, forbids to look or did
        not answer is left out. Takes some 0.5 ms a topic: a broker tells all its settings or none.
        """
        results, _ = await self._requests.each(
            "read topic settings", lambda: self._describe_configs(names)
        )
        return {
            resource.name: {name: entries[name].value for name in CONFIGS if name in entries}
            for resource, entries in results.items()
        }

    async def watermarks(self, topics: Sequence[str]) -> dict[str, Watermarks]:
        """The offset ranges of many topics at once, by name; one that fails says why.

        Raises KafkaUnreachableError where the whole cluster falls silent meanwhile.
        """
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
        answers = [*lows.values(), *highs.values()]
        if answers and all(isinstance(answer, KafkaUnreachableError) for answer in answers):
            await self._metadata()  # answered where only the brokers that lead these are away
        return {name: watermarks_of(name, found.get(name), lows, highs) for name in topics}

    async def describe_topic(self, name: str) -> TopicState | None:
        """One topic with its settings, or None where the cluster has none of that name."""
        return await SingleTopic(self._requests, name).state()

    async def is_written(self, name: str) -> bool:
        """Whether anything was ever written to the topic. Raises TopicNotFoundError."""
        return await SingleTopic(self._requests, name).written()

    async def alter_settings(self, name: str, changes: Mapping[str, str | None]) -> None:
        """Change some settings of a topic and leave the others; None goes back to the default.

        Raises TopicNotFoundError, or KafkaFailedError where the cluster takes no such value.
        """
        await SingleTopic(self._requests, name).alter(changes)

    async def add_partitions(self, name: str, total: int) -> None:
        """Give the topic more partitions, `total` in all. They cannot be taken away again."""
        made = vendor.NewPartitions(name, total)
        await self._requests.all(
            f"add partitions to the topic {name}",
            lambda: self._client.create_partitions([made], **self._times()).values(),
        )

    async def consumer_groups(self) -> ConsumerGroups:
        """What every consumer group has committed, and which ones could not be asked."""
        return await GroupReader(self._requests).read()

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
        """Create many at once, and return when the cluster shows them.

        Raises for the first that fails; the others may have been made.
        """
        made = [
            vendor.NewTopic(t.name, t.partitions, t.replication, config=dict(t.configs))
            for t in topics
        ]
        what = f"create the topic {topics[0].name}" if len(topics) == 1 else "create topics"
        if made:
            await self._requests.all(
                what, lambda: self._client.create_topics(made, **self._times()).values()
            )
            names = {topic.name for topic in topics}
            await self._requests.settled(lambda: self._are_there(names))

    async def delete_topics(self, names: Sequence[str]) -> None:
        """Delete many at once, and return when the cluster no longer shows them.

        Raises for the first that fails; the others are deleted.
        """
        what = f"delete the topic {names[0]}" if len(names) == 1 else "delete topics"
        if names:
            await self._requests.all(
                what, lambda: self._client.delete_topics(list(names), **self._times()).values()
            )
            await self._requests.settled(lambda: self._are_gone(set(names)))

    async def delete_topic(self, name: str) -> None:
        """Raises TopicNotFoundError."""
        await self.delete_topics([name])

    async def require_acls(self) -> None:
        """Raises AclsDisabledError, or KafkaDeniedError where we may not change them."""
        await require_acls(self._requests)

    async def acls(self, on: AclResource | str) -> frozenset[Acl]:
        """What is granted on the very resource (a text is a topic). Raises as `require_acls`."""
        return await self._acls(on).granted()

    async def create_acls(self, on: AclResource | str, acls: Collection[Acl]) -> None:
        """Grant it, and return when the cluster shows it. What is there already stays."""
        await self._acls(on).create(acls)

    async def delete_acls(self, on: AclResource | str, acls: Collection[Acl]) -> frozenset[Acl]:
        """Take it back, and return when the cluster no longer shows it; what there was of it."""
        return await self._acls(on).delete(acls)

    def _acls(self, on: AclResource | str) -> ResourceAcls:
        resource = AclResource("topic", on) if isinstance(on, str) else on
        return ResourceAcls(self._requests, resource)

    async def _are_there(self, names: set[str]) -> bool:
        found = await self._metadata()
        return all(name in found and _led(found[name]) for name in names)

    async def _are_gone(self, names: set[str]) -> bool:
        return names.isdisjoint(await self._metadata())

    def _times(self) -> dict[str, float]:
        return {"request_timeout": self._timeout, "operation_timeout": self._timeout}

    async def _metadata(self) -> dict[str, TopicMetadata]:
        ask = lambda: self._client.list_topics(timeout=self._timeout).topics  # noqa: E731
        found: dict[str, TopicMetadata] = await self._requests.call("list the topics", ask)
        return found

    def _describe_configs(self, names: Sequence[str]) -> dict[ConfigResource, Any]:
        """All requests at once: the broker answers the next while we read one."""
        asked: dict[ConfigResource, Any] = {}
        for batch in _batches(names, _CONFIGS_PER_REQUEST):
            resources = [ConfigResource(ConfigResource.Type.TOPIC, name) for name in batch]
            asked |= self._client.describe_configs(resources, request_timeout=self._timeout)
        return asked

    async def _offsets(self, places: Sequence[Place], spec: OffsetSpec) -> Offsets:
        """By partition, the offset or why there is none; asks twice while leaders change."""
        out = await self._offsets_once(places, spec)
        changing = [p for p, answer in out.items() if is_passing(answer)]
        if changing:
            await asyncio.sleep(_LEADER_SECONDS)
            out |= await self._offsets_once(changing, spec)
        return out

    async def _offsets_once(self, places: Sequence[Place], spec: OffsetSpec) -> Offsets:
        results, errors = await self._requests.each(
            "read offsets", lambda: self._list_offsets(places, spec)
        )
        out: Offsets = {(place.topic, place.partition): r.offset for place, r in results.items()}
        return out | {(place.topic, place.partition): e for place, e in errors.items()}

    def _list_offsets(self, places: Sequence[Place], spec: OffsetSpec) -> dict[TopicPartition, Any]:
        asked: dict[TopicPartition, Any] = {}
        for batch in _batches(places, _OFFSETS_PER_REQUEST):
            asked |= self._client.list_offsets(
                {TopicPartition(*place): spec for place in batch},
                isolation_level=IsolationLevel.READ_COMMITTED,
                request_timeout=self._timeout,
            )
        return asked


def _led(topic: TopicMetadata) -> bool:
    """Whether each partition has a leader, without which it cannot be read yet."""
    return all(partition.leader >= 0 for partition in topic.partitions.values())


def _batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))
