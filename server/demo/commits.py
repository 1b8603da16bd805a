"""Lets the fleet's consumer groups commit how far they have read."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence

from confluent_kafka import ConsumerGroupTopicPartitions, KafkaError, TopicPartition

from server.demo.consumers import GROUPS, Group
from tools.kafka.admin import KafkaAdmin, Watermarks
from tools.kafka.connection import KafkaConnection
from tools.kafka.errors import translated
from tools.kafka.request import AdminRequests

_TIMEOUT_SECONDS = 30.0
_RETRY_SECONDS = 0.2
_NOT_YET = {
    KafkaError.NOT_COORDINATOR,
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
}
"""A young cluster answers so, partition by partition, until its offsets topic is ready."""


async def commit_groups(connection: KafkaConnection) -> int:
    """Commit for each group and topic that has no commits yet; returns how many groups have some.

    Where a group has committed it stays: a real consumer may have taken its name and moved on.
    Raises KafkaFailedError.
    """
    admin = KafkaAdmin(connection)
    committed = {(offset.group, offset.topic) for offset in (await admin.consumer_groups()).offsets}
    marks = await admin.watermarks(sorted({topic for group in GROUPS for topic in group.topics}))
    commits = _Commits(connection)
    for group in GROUPS:
        if places := list(_places(group, marks, committed)):
            await commits.put(group.id, places)
    standing = {offset.group for offset in (await admin.consumer_groups()).offsets}
    return sum(group.id in standing for group in GROUPS)


def _places(
    group: Group, marks: Mapping[str, Watermarks], committed: set[tuple[str, str]]
) -> Iterator[TopicPartition]:
    for topic in group.topics:
        if (group.id, topic) not in committed:
            for partition, (low, high) in marks[topic].offsets.items():
                yield TopicPartition(topic, partition, low + round((high - low) * group.read))


class _Commits:
    """Commits on behalf of groups without members."""

    def __init__(self, connection: KafkaConnection) -> None:
        self._servers = connection.bootstrap_servers
        self._requests = AdminRequests(connection, _TIMEOUT_SECONDS)

    async def put(self, group: str, places: Sequence[TopicPartition]) -> None:
        """Commit every place; Kafka may refuse some in an answer that is good as a whole."""
        give_up = time.monotonic() + _TIMEOUT_SECONDS
        while error := await self._refused(group, places):
            if error.code() not in _NOT_YET or time.monotonic() > give_up:
                raise translated(error, f"commit for the group {group}", self._servers)
            await asyncio.sleep(_RETRY_SECONDS)

    async def _refused(self, group: str, places: Sequence[TopicPartition]) -> KafkaError | None:
        """The first partition's error that Kafka answers with."""
        (answer,) = await self._requests.all(
            f"commit for the group {group}",
            lambda: self._requests.client.alter_consumer_group_offsets(
                [ConsumerGroupTopicPartitions(group, list(places))],
                request_timeout=_TIMEOUT_SECONDS,
            ).values(),
        )
        return next((place.error for place in answer.topic_partitions if place.error), None)
