"""The Kafka clients of a bridge's worker: a consumer, a transactional producer, and their calls."""

from __future__ import annotations

import time
from collections.abc import Callable

from confluent_kafka import Consumer, KafkaException, Producer

from tools.kafka.connection import KafkaConnection, LastError
from tools.kafka.dead_letter import Headers

SECONDS = 30.0
"""For a call of a transaction; it is repeated for some time where the brokers are slow."""

_TRANSACTION_MS = 60_000
_INSIST_SECONDS = 120.0


def consumer_of(connection: KafkaConnection, error: LastError, group: str, worker: int) -> Consumer:
    return Consumer(
        connection.config(
            error,
            {
                "group.id": group,
                # A worker that comes back within the session keeps its partitions at once.
                "group.instance.id": f"{group}-{worker}",
                "session.timeout.ms": 30_000,
                "enable.auto.commit": False,
                # Tells that nothing is left also where the log ends in transactions' marks.
                "enable.partition.eof": True,
                "auto.offset.reset": "earliest",
                "isolation.level": "read_committed",
                "partition.assignment.strategy": "range",
                "queued.max.messages.kbytes": 131_072,
                # (a second by itself: a fast reader starves meanwhile)
                "fetch.queue.backoff.ms": 10,
            },
        )
    )


def producer_of(connection: KafkaConnection, error: LastError, group: str, worker: int) -> Producer:
    return Producer(
        connection.config(
            error,
            {
                # The same after a kill, so that what the last one left open is undone at once.
                "transactional.id": f"{group}-{worker}",
                "transaction.timeout.ms": _TRANSACTION_MS,
                # As Java's clients: messages of one key stay in one partition, whoever writes.
                "partitioner": "murmur2_random",
                "linger.ms": 20,
                "compression.type": "lz4",
                "queue.buffering.max.messages": 500_000,
                "queue.buffering.max.kbytes": 262_144,
                # That a message arrived is known when its transaction is committed.
                "delivery.report.only.error": True,
            },
        )
    )


def insisted(call: Callable[[], object]) -> None:
    """A call of a transaction that must be repeated, not undone, where the brokers were slow."""
    deadline = time.monotonic() + _INSIST_SECONDS
    while True:
        try:
            call()
        except KafkaException as error:
            if not error.args[0].retriable() or time.monotonic() > deadline:
                raise
        else:
            return


def produced(
    producer: Producer,
    topic: str,
    key: bytes | None,
    value: bytes | None,
    timestamp: int,
    headers: Headers,
) -> None:
    """Waits where the producer's queue is full. A record without a timestamp, below 0, gets one."""
    while True:
        try:
            producer.produce(topic, value, key, timestamp=max(timestamp, 0), headers=headers)
        except BufferError:
            producer.poll(0.1)
        else:
            return
