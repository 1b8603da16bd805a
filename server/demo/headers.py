"""The headers that the company's frameworks put on their messages."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from server.demo.field import Moment
from server.demo.topic import Headers
from server.demo.vocabulary import iso


def traced(m: Moment, event: str) -> Headers:
    """W3C trace context."""
    trace, span = m.rng.getrandbits(128), m.rng.getrandbits(64)
    return [("traceparent", f"00-{trace:032x}-{span:016x}-01".encode())]


def cloud_events(m: Moment, event: str) -> Headers:
    """CloudEvents in binary mode."""
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", str(uuid.UUID(int=m.rng.getrandbits(128), version=4)).encode()),
        ("ce_type", f"com.halden.{event}".encode()),
        ("ce_source", b"/halden/services"),
        ("ce_time", iso(m.at).encode()),
        *traced(m, event),
    ]


def produced_by(application: str) -> Callable[[Moment, str], Headers]:
    """A team's own habit: who wrote the message, as `<team>.<application>`."""
    return lambda m, event: [("producer", application.encode())]


def dead_letter(m: Moment, event: str) -> Headers:
    """Kafka Connect's account of why a record was put aside."""
    reasons = ("DataException", "SerializationException", "RetriableException")
    return [
        ("__connect.errors.topic", event.encode()),
        ("__connect.errors.partition", str(m.rng.randint(0, 5)).encode()),
        ("__connect.errors.offset", str(m.rng.randint(0, 900_000)).encode()),
        ("__connect.errors.connector.name", b"dwh-sink"),
        ("__connect.errors.stage", b"VALUE_CONVERTER"),
        ("__connect.errors.exception.class.name", m.rng.choice(reasons).encode()),
    ]


def retried(m: Moment, event: str) -> Headers:
    """Spring's retry topics."""
    return [
        ("retry_topic-attempts", m.rng.randint(1, 4).to_bytes(4, "big")),
        ("retry_topic-original-timestamp", str(int(m.at.timestamp() * 1000) - 300_000).encode()),
        ("retry_topic-backoff-timestamp", str(int(m.at.timestamp() * 1000)).encode()),
    ]
