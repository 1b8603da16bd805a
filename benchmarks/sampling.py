"""How fast topics are sampled against a bare consumer that fetches the same records.

    python -m benchmarks.sampling --bootstrap-servers HOST:PORT [--topics 1000] [--messages 100]

The bare consumer assigns all partitions at once and takes each record's value, nothing else.
Deletes the topics that it made.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import time
from collections.abc import Sequence

from confluent_kafka import Consumer, Producer, TopicPartition

from tools.kafka.admin import KafkaAdmin, NewTopic
from tools.kafka.connection import KafkaConnection
from tools.kafka.sampler import Limits, Sampler

_ROUNDS = 3
_AT_ONCE = 250
_VALUE = b'{"id": 12345, "name": "' + b"x" * 210 + b'"}'


def fill(servers: str, names: Sequence[str], messages: int) -> None:
    producer = Producer(
        {"bootstrap.servers": servers, "linger.ms": 100, "queue.buffering.max.messages": 2_000_000}
    )
    for name in names:
        for number in range(messages):
            producer.produce(name, _VALUE, key=str(number).encode(), partition=0)
        producer.poll(0)
    assert producer.flush(300) == 0


def bare(servers: str, names: Sequence[str], messages: int) -> float:
    started = time.perf_counter()
    consumer = Consumer(
        {"bootstrap.servers": servers, "group.id": "bare", "enable.auto.commit": False}
    )
    consumer.assign([TopicPartition(name, 0, 0) for name in names])
    values: list[bytes | None] = []
    while len(values) < len(names) * messages:
        values += [m.value() for m in consumer.consume(5_000, 1.0) if m.error() is None]
    taken = time.perf_counter() - started
    consumer.close()
    return taken


async def sampled(sampler: Sampler, names: Sequence[str], messages: int) -> tuple[float, float]:
    """Seconds of a first scan and of a second one with nothing new."""
    started = time.perf_counter()
    samples = [sample async for sample in sampler.sample(names)]
    first = time.perf_counter() - started
    assert sum(len(sample.messages) for sample in samples) == len(names) * messages
    known = {sample.topic: sample.offsets for sample in samples}
    started = time.perf_counter()
    again = [sample async for sample in sampler.sample(names, known_offsets=known)]
    assert all(sample.skipped_unchanged for sample in again)
    return first, time.perf_counter() - started


async def measure(servers: str, topics: int, messages: int) -> None:
    connection = KafkaConnection(servers)
    admin = KafkaAdmin(connection, timeout=60)
    prefix = f"sampling-{secrets.token_hex(4)}"
    names = [f"{prefix}-{number:05d}" for number in range(topics)]
    batches = [names[start : start + _AT_ONCE] for start in range(0, topics, _AT_ONCE)]
    try:
        for batch in batches:
            await admin.create_topics([NewTopic(name, 1) for name in batch])
        await asyncio.to_thread(fill, servers, names, messages)
        sampler = Sampler(connection, admin, Limits(messages=messages))
        for _ in range(_ROUNDS):
            floor = await asyncio.to_thread(bare, servers, names, messages)
            first, second = await sampled(sampler, names, messages)
            print(
                f"bare {floor:.2f} s, sampler {first:.2f} s ({first / floor:.2f} x the floor,"
                f" {topics * messages / first:,.0f} messages/s), nothing new {second:.2f} s"
            )
    finally:
        for batch in batches:
            await admin.delete_topics(batch)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bootstrap-servers", required=True)
    parser.add_argument("--topics", type=int, default=1_000)
    parser.add_argument("--messages", type=int, default=100)
    given = parser.parse_args()
    asyncio.run(measure(given.bootstrap_servers, given.topics, given.messages))


if __name__ == "__main__":
    main()
