"""Writing more messages than the queue of a producer holds."""

from __future__ import annotations

from typing import Any

from confluent_kafka import Producer


def put(producer: Producer, topic: str, value: bytes | None, **more: Any) -> None:
    """With what else `Producer.produce` takes; waits where the queue is full."""
    while True:
        try:
            producer.produce(topic, value, **more)
        except BufferError:
            producer.poll(0.1)
        else:
            return
