"""Lets the fleet's consumer groups commit how far they have read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition

from server.demo.consumers import GROUPS, Group
from tools.kafka.admin import KafkaAdmin, Watermarks
from tools.kafka.connection import KafkaConnection
from tools.kafka.request import AdminRequests

_TIMEOUT_SECONDS = 30.0


async def commit_groups(connection: KafkaConnection) -> int:
    """Commit for each group and topic that has no commits yet; returns how many groups there are.

    Where a group has committed it stays: a real consumer may have taken its name and moved on.
    """
    admin = KafkaAdmin(connection)
    committed = {(offset.group, offset.topic) for offset in await admin.consumer_groups()}
    names = sorted({topic for group in GROUPS for topic in group.topics})
    marks = await admin.watermarks(names)
    wanted = [
        ConsumerGroupTopicPartitions(group.id, places)
        for group in GROUPS
        if (places := list(_places(group, marks, committed)))
    ]
    requests = AdminRequests(connection, _TIMEOUT_SECONDS)
    for group in wanted:
        await requests.all(
            f"commit for the group {group.group_id}",
            lambda group=group: requests.client.alter_consumer_group_offsets(  # type: ignore[misc]
                [group], request_timeout=_TIMEOUT_SECONDS
            ).values(),
        )
    return len(GROUPS)


def _places(
    group: Group, marks: Mapping[str, Watermarks], committed: set[tuple[str, str]]
) -> Iterator[TopicPartition]:
    for topic in group.topics:
        if (group.id, topic) not in committed:
            for partition, (low, high) in marks[topic].offsets.items():
                yield TopicPartition(topic, partition, low + round((high - low) * group.read))
