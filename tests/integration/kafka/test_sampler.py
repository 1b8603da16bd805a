from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Sequence
from contextlib import aclosing
from queue import SimpleQueue

import pytest
from confluent_kafka import Producer

from core.decoding.decoded import FailureReason, Format
from core.decoding.payload import decode
from tests.integration.kafka.topics import Topics
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection
from tools.kafka.errors import KafkaConfigError, KafkaUnreachableError
from tools.kafka.lane import Lane
from tools.kafka.reading import TopicReading
from tools.kafka.sampler import Limits, Sampler, TopicSample


def sampler_of(topics: Topics, **limits: float) -> Sampler:
    return Sampler(KafkaConnection(topics.servers), topics.admin, Limits(**limits))  # type: ignore[arg-type]


async def sampled(sampler: Sampler, *names: str, **more: object) -> dict[str, TopicSample]:
    return {s.topic: s async for s in sampler.sample(names, **more)}  # type: ignore[arg-type]


async def test_a_small_topic_is_read_whole_with_keys_and_headers(topics):
    name = await topics.make(partitions=2)
    producer = topics.producer()
    producer.produce(name, b"v", key=b"k", headers=[("h", b"x")], partition=1, timestamp=1_000)
    producer.flush(10)
    topics.fill(name, [b"a", None])

    sample = (await sampled(sampler_of(topics), name))[name]

    assert sample.error is None
    assert sample.offsets == {0: (0, 2), 1: (0, 1)}
    by_place = {(m.partition, m.offset): m for m in sample.messages}
    assert set(by_place) == {(0, 0), (0, 1), (1, 0)}
    assert by_place[0, 1].value is None
    message = by_place[1, 0]
    assert (message.key, message.headers, message.timestamp_ms) == (b"k", (("h", b"x"),), 1_000)


async def test_a_large_topic_gives_its_head_middle_and_tail(topics):
    name = await topics.make()
    topics.fill(name, [b"x" * 50] * 5_000)

    sample = (await sampled(sampler_of(topics, messages=90), name))[name]

    offsets = [message.offset for message in sample.messages]
    assert offsets == [*range(30), *range(2_485, 2_515), *range(4_970, 5_000)]


async def test_the_byte_budget_ends_each_range_early(topics):
    name = await topics.make()
    topics.fill(name, [b"x" * 10_000] * 900)

    sample = (await sampled(sampler_of(topics, messages=300, bytes=300_000), name))[name]

    assert sum(len(m.value or b"") for m in sample.messages) < 340_000
    assert {m.offset // 300 for m in sample.messages} == {0, 1, 2}


async def test_nothing_is_committed_and_no_group_appears(topics):
    name = await topics.make()
    topics.fill(name, [b"x"] * 10)
    await sampled(sampler_of(topics), name)

    assert "headwater-sampler" not in {
        o.group for o in (await topics.admin.consumer_groups()).offsets
    }


async def test_a_topic_whose_offsets_did_not_move_is_skipped(topics):
    first, second = await topics.make_many(2)
    topics.fill(first, [b"x"] * 3)
    topics.fill(second, [b"x"] * 3)
    known = {n: s.offsets for n, s in (await sampled(sampler_of(topics), first, second)).items()}
    topics.fill(second, [b"new"])

    again = await sampled(sampler_of(topics), first, second, known_offsets=known)

    assert again[first].skipped_unchanged
    assert again[first].messages == ()
    assert not again[second].skipped_unchanged
    assert len(again[second].messages) == 4


async def test_an_oversized_message_is_counted_and_the_rest_read(topics):
    name = await topics.make(max_message_bytes="15000000")
    topics.fill(name, [b"a", b"x" * 10_000_000, b"b", b"c"])

    sample = (await sampled(sampler_of(topics), name))[name]

    assert [m.value for m in sample.messages] == [b"a", b"b", b"c"]
    assert (sample.oversized, sample.error) == (1, None)


async def test_an_empty_and_a_missing_topic_end_at_once(topics):
    name = await topics.make()

    samples = await sampled(sampler_of(topics), name, "test-missing")

    assert (samples[name].messages, samples[name].error) == ((), None)
    assert samples["test-missing"].error == "the topic does not exist"


def transact(producer: Producer, topic: str, values: list[bytes], commit: bool) -> None:
    producer.begin_transaction()
    for value in values:
        producer.produce(topic, value, partition=0)
    producer.flush(20)
    producer.commit_transaction(20) if commit else producer.abort_transaction(20)


async def test_aborted_records_are_not_read_and_markers_do_not_hold_it_up(topics):
    name = await topics.make()
    producer = topics.producer(**{"transactional.id": f"test-{secrets.token_hex(4)}"})
    await asyncio.to_thread(producer.init_transactions, 60)
    for number in range(3):
        await asyncio.to_thread(transact, producer, name, [b"good%d" % number], True)
        await asyncio.to_thread(transact, producer, name, [b"bad"] * 40, False)

    started = time.monotonic()
    sample = (await sampled(sampler_of(topics, messages=30), name))[name]

    assert {m.value for m in sample.messages} == {b"good0", b"good1", b"good2"}
    assert sample.error is None
    assert time.monotonic() - started < 5


async def test_an_open_transaction_does_not_hold_it_up(topics):
    name = await topics.make()
    topics.fill(name, [b"before"])
    producer = topics.producer(**{"transactional.id": f"test-{secrets.token_hex(4)}"})
    await asyncio.to_thread(producer.init_transactions, 60)
    producer.begin_transaction()
    producer.produce(name, b"open", partition=0)
    await asyncio.to_thread(producer.flush, 20)

    sample = (await sampled(sampler_of(topics), name))[name]
    await asyncio.to_thread(producer.abort_transaction, 20)

    assert [m.value for m in sample.messages] == [b"before"]
    assert sample.error is None
    assert sample.seconds < 5


async def test_a_topic_under_compaction_is_read_without_waiting_for_gaps(topics):
    name = await topics.make(
        cleanup_policy="compact",
        segment_ms="100",
        min_cleanable_dirty_ratio="0.01",
        max_compaction_lag_ms="100",
    )
    producer = topics.producer()
    for number in range(3):
        for _ in range(200):
            producer.produce(name, b"%d" % number, key=b"same", partition=0)
        producer.flush(20)
        await asyncio.sleep(0.3)

    sample = (await sampled(sampler_of(topics, messages=60), name))[name]

    assert sample.error is None
    assert sample.messages
    assert sample.seconds < 5


async def test_a_topic_deleted_while_being_read_does_not_hold_up_others(topics):
    doomed, fine = await topics.make_many(2)
    topics.fill(doomed, [b"x" * 100_000] * 60)
    topics.fill(fine, [b"x"] * 5)
    stale = StaleAdmin(topics.admin, await topics.admin.watermarks([doomed, fine]))
    await topics.admin.delete_topic(doomed)

    sampler = Sampler(KafkaConnection(topics.servers), stale, Limits(seconds=4))  # type: ignore[arg-type]
    samples = await sampled(sampler, doomed, fine)

    assert len(samples[fine].messages) == 5
    assert samples[fine].error is None
    assert samples[fine].seconds < 3
    assert samples[doomed].error
    assert samples[doomed].seconds < 6


class StaleAdmin:
    """Knows the watermarks of a moment ago, as a scan does that has been going on for a while."""

    def __init__(self, admin: KafkaAdmin, marks: object) -> None:
        self.admin, self.marks = admin, marks

    async def watermarks(self, topics: object) -> object:
        return self.marks


async def test_leaving_early_ends_the_reading(topics):
    names = await topics.make_many(40)
    for name in names:
        topics.fill(name, [b"x"] * 3)

    async with aclosing(sampler_of(topics).sample(names)) as samples:
        async for _ in samples:
            break

    assert len(await sampled(sampler_of(topics), *names)) == 40


async def test_a_slow_taker_loses_nothing(topics):
    names = await topics.make_many(120)
    for name in names:
        topics.fill(name, [b"x"] * 2)
    seen = []

    async for sample in sampler_of(topics, seconds=1).sample(names):
        if len(seen) < 3:
            await asyncio.sleep(0.6)
        seen.append(sample)

    assert len(seen) == 120
    assert not [sample.error for sample in seen if sample.error]
    assert all(len(sample.messages) == 2 for sample in seen)


async def test_a_mixed_topic_is_sampled_and_decoded_with_every_message_accounted_for(topics):
    name = await topics.make()
    topics.fill(name, [*[b'{"a": 1}'] * 20, b'{"a": ', None, b"\x00\x00\x00\x00\x63abc", b"words"])

    sample = (await sampled(sampler_of(topics), name))[name]
    batch = decode(sample.messages, {})

    assert (batch.messages, batch.tombstones) == (24, 1)
    assert {g.format: g.messages for g in batch.values} == {Format.JSON: 20, Format.TEXT: 1}
    assert {f.reason for f in batch.failures} == {
        FailureReason.BROKEN_PAYLOAD,
        FailureReason.REGISTRY_UNREACHABLE,
    }


async def test_a_cluster_that_is_away_is_named_within_its_time():
    connection = KafkaConnection("127.0.0.1:1")
    sampler = Sampler(connection, KafkaAdmin(connection, timeout=1))

    with pytest.raises(KafkaUnreachableError, match="HEADWATER_BOOTSTRAP_SERVERS"):
        await sampled(sampler, "any")


async def test_a_wrong_setting_is_named():
    with pytest.raises(KafkaConfigError, match="nonsense"):
        KafkaAdmin(KafkaConnection("127.0.0.1:1", {"nonsense": "1"}))


async def test_a_busy_taker_is_waited_for_with_nothing_assigned(topics):
    names = await topics.make_many(5)
    for name in names:
        topics.fill(name, [b"x"] * 3)
    work: SimpleQueue[TopicReading] = SimpleQueue()
    for name in names:
        work.put(TopicReading(name, {0: (0, 3)}, Limits()))
    taken: list[tuple[int, int]] = []

    def take(samples: Sequence[TopicSample]) -> bool:
        taken.append((len(samples), len(lane._consumer.assignment())))
        return True

    lane = Lane(KafkaConnection(topics.servers), work, take, lambda: 0, 10.0)
    await asyncio.to_thread(lane.run)

    assert taken == [(5, 0)]
