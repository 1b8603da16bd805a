"""What a record that could not be used says of itself, in Kafka Connect's headers (KIP-298)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from confluent_kafka import Message as Record

_LONGEST = 1_000

Headers = list[tuple[str, str | bytes | None]]


@dataclass(frozen=True, slots=True)
class Failing:
    """Who could not use it, at what. `stage` is a word of Connect's."""

    connector: str
    task: int
    stage: str
    by: str
    error: str


def dead_letter_headers(record: Record, failing: Failing, told: str) -> Headers:
    """The record's own, then Connect's; `told` is why, without what the record says."""
    return [
        *named_headers(record),
        ("__connect.errors.topic", (record.topic() or "").encode()),
        ("__connect.errors.partition", str(record.partition()).encode()),
        ("__connect.errors.offset", str(record.offset()).encode()),
        ("__connect.errors.connector.name", failing.connector.encode()),
        ("__connect.errors.task.id", str(failing.task).encode()),
        ("__connect.errors.stage", failing.stage.encode()),
        ("__connect.errors.class.name", failing.by.encode()),
        ("__connect.errors.exception.class.name", failing.error.encode()),
        ("__connect.errors.exception.message", told[:_LONGEST].encode()),
    ]


def named_headers(record: Record) -> Iterable[tuple[str, str | bytes | None]]:
    """As pairs, which is how a record that was read has them."""
    headers = record.headers()
    if not headers:
        return ()
    return headers.items() if isinstance(headers, dict) else headers
