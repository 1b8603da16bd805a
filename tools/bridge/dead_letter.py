"""What a record that is not carried says of itself, in the headers of Kafka Connect."""

from __future__ import annotations

from collections.abc import Sequence

from confluent_kafka import Message as Record

from core.unify.carrying import Refusal
from tools.bridge.reading import named_headers

_LONGEST = 1_000

Headers = list[tuple[str, str | bytes | None]]


def dead_letter_headers(
    record: Record, refusals: Sequence[Refusal], connector: str, task: int
) -> Headers:
    """The record's own, then Connect's: KIP-298."""
    told = "; ".join(
        f"{refusal.path or refusal.to or 'message'}: {refusal.reason}" for refusal in refusals
    )
    return [
        *named_headers(record),
        ("__connect.errors.topic", (record.topic() or "").encode()),
        ("__connect.errors.partition", str(record.partition()).encode()),
        ("__connect.errors.offset", str(record.offset()).encode()),
        ("__connect.errors.connector.name", connector.encode()),
        ("__connect.errors.task.id", str(task).encode()),
        ("__connect.errors.stage", b"TRANSFORMATION"),
        ("__connect.errors.class.name", b"headwater.bridge"),
        ("__connect.errors.exception.class.name", b"MappingRefused"),
        ("__connect.errors.exception.message", told[:_LONGEST].encode()),
    ]
