"""Faulty stories without brokers, and what a reader makes of their messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from core.decoding.message import Message
from core.decoding.payload import decode
from server.demo.faults.episode import Episode
from server.demo.faults.faulty_story import FaultyStory, Told
from server.demo.faults.target import Target
from server.demo.population import populate
from server.demo.story import Record
from server.demo.wire.registered import numbered, registered

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
WORLD = populate(7, NOW.date())
BEGINS, ENDS = NOW + timedelta(seconds=100), NOW + timedelta(seconds=300)
_ILL_ID = 900


def faulty(target: Target, share: float = 0.5, seed: str = "7") -> FaultyStory:
    ids = numbered(target.topic, 1)
    ill_id = _ILL_ID if target.new_schema else None
    return FaultyStory(target, Episode(BEGINS, ENDS, share), WORLD, ids, seed, ill_id=ill_id)


def tell(story: FaultyStory, seconds: int = 400) -> list[tuple[datetime, Told]]:
    """A message a second, with the time at which each was told."""
    moments = [NOW + timedelta(seconds=second) for second in range(seconds)]
    return [(at, told) for n, at in enumerate(moments) for told in story.next(at, n / seconds)]


def rows(target: Target, records: Sequence[Record]) -> list[dict[str, Any]]:
    """The records as a consumer reads them; a record that cannot be read fails the test."""
    known = dict(registered(target.topic, numbered(target.topic, 1)))
    if target.new_schema:
        newest = max(v for event, v in numbered(target.ill, 1) if event == target.event)
        known |= dict(registered(target.ill, {(target.event, newest): _ILL_ID}))
    read: list[dict[str, Any]] = []
    for offset, record in enumerate(records):
        batch = decode([Message(0, offset, record.timestamp_ms, record.key, record.value)], known)
        assert not batch.failures, (target.topic.name, batch.failures)
        value = batch.values[0].values[0]
        assert isinstance(value, dict)
        read.append(value)
    return read
