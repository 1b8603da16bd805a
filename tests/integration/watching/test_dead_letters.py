"""Messages that cannot be decoded are sent on as they lay, none is missing."""

from __future__ import annotations

import secrets
import threading

from confluent_kafka import Consumer, Message

from core.quality.rule import Metric, QualityRule
from core.quality.watch import DECODED
from tests.integration.watching.watching import (
    counted,
    create,
    produce,
    store,
    until_read,
    watcher,
)
from tools.kafka.connection import KafkaConnection
from tools.kafka.dead_letter import named_headers
from tools.watching.dead_letters import DeadLetters

REQUIRED = QualityRule(id="id-required", metric=Metric.REQUIRED, field="id", reason="a test")


def read(servers: str, topic: str, count: int) -> list[Message]:
    consumer = Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": f"reader-{secrets.token_hex(4)}",
            "auto.offset.reset": "earliest",
        }
    )
    consumer.subscribe([topic])
    found: list[Message] = []
    while len(found) < count and (some := consumer.consume(count, 30.0)):
        found += some
    consumer.close()
    return found


def test_they_carry_where_they_lay_and_why_in_connects_headers(
    bootstrap_servers: str, database_url: str
) -> None:
    topic = f"poisoned-{secrets.token_hex(4)}"
    create(bootstrap_servers, topic, partitions=1)
    store(database_url, topic, [REQUIRED])
    values = [b'{"id": "a"}', b"{broken", b'{"id": null}', b"\0\0\0\0\1", None, b"{broken too"]
    produce(bootstrap_servers, topic, [(0, value) for value in values])
    letters = DeadLetters(KafkaConnection(bootstrap_servers), "{topic}-dlq", "a-watcher")
    worker = watcher(bootstrap_servers, database_url, f"w-{topic}", dead_letters=letters)
    stopped = threading.Event()
    thread = threading.Thread(target=worker.run, args=(lambda _: None, stopped.is_set))
    thread.start()
    try:
        until_read(database_url, topic, {0: len(values)})
    finally:
        stopped.set()
        thread.join(30)

    window = counted(database_url, topic)
    assert window.broken[DECODED] == 3
    assert window.tombstones == 1
    sent = read(bootstrap_servers, f"{topic}-dlq", 3)
    assert [message.value() for message in sent] == [b"{broken", b"\0\0\0\0\1", b"{broken too"]
    headers = dict(named_headers(sent[0]))
    assert headers["__connect.errors.topic"] == topic.encode()
    assert headers["__connect.errors.offset"] == b"1"
    assert headers["__connect.errors.stage"] == b"VALUE_CONVERTER"
    assert headers["__connect.errors.exception.message"] == b"broken payload"
