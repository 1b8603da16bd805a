from __future__ import annotations

import secrets
import time

import pytest
from confluent_kafka import Consumer, TopicPartition

from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection
from tools.kafka.errors import (
    KafkaFailedError,
    KafkaUnreachableError,
    TopicExistsError,
    TopicNotFoundError,
)


async def test_a_topic_is_described_with_its_settings(topics):
    name = await topics.make(partitions=3, retention_ms="1234567")

    (topic,) = await topics.admin.topics([name, "no-such-topic"])

    assert (topic.name, topic.partitions, topic.replication) == (name, (0, 1, 2), 1)
    assert (topic.internal, topic.leaderless) == (False, ())
    assert topic.configs["retention.ms"] == "1234567"
    assert topic.configs["cleanup.policy"] == "delete"


async def test_a_topic_can_be_made_and_deleted_once(topics):
    name = await topics.make()

    with pytest.raises(TopicExistsError, match=name):
        await topics.admin.create_topic(name)
    await topics.admin.delete_topic(name)
    with pytest.raises(TopicNotFoundError, match=name):
        await topics.admin.delete_topic(name)


async def test_watermarks_of_many_topics_come_in_one_go(topics):
    names = await topics.make_many(60, partitions=2)
    topics.fill(names[7], [b"x"] * 5, partition=1)
    started = time.monotonic()

    marks = await topics.admin.watermarks([*names, "no-such-topic"])

    assert time.monotonic() - started < 5
    assert marks[names[7]].offsets == {0: (0, 0), 1: (0, 5)}
    assert marks[names[8]].offsets == {0: (0, 0), 1: (0, 0)}
    assert marks["no-such-topic"].error == "the topic does not exist"


@pytest.mark.parametrize("protocol", ["classic", "consumer"])
async def test_groups_of_both_protocols_show_what_they_committed(topics, protocol):
    name = await topics.make(partitions=2)
    topics.fill(name, [b"x"] * 4)
    group = f"test-{secrets.token_hex(4)}"
    consumer = _subscribed(topics.servers, group, name, protocol)

    found = [o for o in (await topics.admin.consumer_groups()).offsets if o.group == group]
    consumer.close()

    assert [(o.topic, o.partition, o.committed) for o in found] == [(name, 0, 3)]
    assert found[0].state == "stable"
    left = [o for o in (await topics.admin.consumer_groups()).offsets if o.group == group]
    assert [(o.committed, o.state) for o in left] == [(3, "empty")]


def _subscribed(servers: str, group: str, topic: str, protocol: str) -> Consumer:
    """A running consumer that has committed offset 3 of partition 0."""
    consumer = Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": group,
            "group.protocol": protocol,
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "log_level": 0,
        }
    )
    consumer.subscribe([topic])
    while consumer.poll(0.5) is None:
        pass
    consumer.commit(offsets=[TopicPartition(topic, 0, 3)], asynchronous=False)
    return consumer


async def test_every_call_names_a_cluster_that_is_away():
    admin = KafkaAdmin(KafkaConnection("127.0.0.1:1"), timeout=1)

    for call in (admin.topics, admin.consumer_groups, lambda: admin.create_topic("any")):
        with pytest.raises(KafkaUnreachableError, match=r"127\.0\.0\.1:1"):
            await call()


async def test_one_topic_is_described_with_what_was_set_on_it(topics):
    name = await topics.make(partitions=3, retention_ms="1234567")

    topic = await topics.admin.describe_topic(name)

    assert topic is not None
    assert (topic.partitions, topic.replication, topic.internal) == (3, 1, False)
    assert topic.own == {"retention.ms": "1234567"}
    assert topic.settings["cleanup.policy"] == "delete"
    assert await topics.admin.describe_topic("no-such-topic") is None


async def test_a_topic_that_was_written_to_says_so(topics):
    name = await topics.make(partitions=2)
    assert not await topics.admin.is_written(name)

    topics.fill(name, [b"x"], partition=1)

    assert await topics.admin.is_written(name)


async def test_a_topic_made_anew_has_another_id(topics):
    name = await topics.make()
    first = await topics.admin.describe_topic(name)
    await topics.admin.delete_topic(name)
    await topics.admin.create_topic(name)

    second = await topics.admin.describe_topic(name)

    assert first is not None
    assert second is not None
    assert first.id != second.id


async def test_settings_are_changed_one_by_one_and_taken_back(topics):
    name = await topics.make(retention_ms="1234567")

    await topics.admin.alter_settings(name, {"cleanup.policy": "compact", "retention.ms": None})

    topic = await topics.admin.describe_topic(name)
    assert topic is not None
    assert topic.own == {"cleanup.policy": "compact"}
    with pytest.raises(KafkaFailedError, match="change settings"):
        await topics.admin.alter_settings(name, {"retention.ms": "soon"})
