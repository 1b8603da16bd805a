"""A topic's messages with a fault among them for a while, by a real or a simulated clock."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from server.demo.faults.episode import Episode
from server.demo.faults.fault import Fault
from server.demo.faults.target import Target
from server.demo.story import Record, Story
from server.demo.wire.encoder import Encoder
from server.demo.wire.schema import SchemaKey
from server.demo.world import World

_REMEMBERED = 100


@dataclass(frozen=True, slots=True)
class Told:
    """A record, and whether the fault hit it; None is one that was held back."""

    record: Record | None
    hit: bool


class FaultyStory:
    """The same seed, world, times and schema ids give the same messages and the same hits.

    `ids` are the topic's own; `ill_id` is the schema of the fault's records, where they need one.
    """

    def __init__(
        self,
        target: Target,
        episode: Episode,
        world: World,
        ids: Mapping[SchemaKey, int],
        seed: str,
        *,
        ill_id: int | None = None,
    ) -> None:
        self.target = target
        self.episode = episode
        self._rng = random.Random(f"{seed}:lots:{target.topic.name}")
        self._recent: deque[Record] = deque(maxlen=_REMEMBERED)
        self._sound = Story(target.topic, world, Encoder(target.topic, ids), seed)
        self._ill = Story(
            target.ill,
            world,
            Encoder(target.ill, _with_ill_id(target, ids, ill_id)),
            f"{seed}:ill",
            newest=target.newest,
        )

    def next(self, at: datetime, progress: float) -> tuple[Told, ...]:
        """What is sent at that instant instead of one message: one, none (held back) or two."""
        hit = self.episode.covers(at) and self._rng.random() < self.episode.share
        match self.target.fault:
            case Fault.VOLUME_DROP if hit:
                return (Told(None, True),)
            case Fault.DUPLICATES:
                return self._repeated(at, progress, hit)
            case _ if hit:
                record = self._ill.next(at, progress)
                return (Told(record, self._concerned(record)),)
        return (Told(self._sound.next(at, progress), False),)

    def _repeated(self, at: datetime, progress: float, hit: bool) -> tuple[Told, ...]:
        """An earlier record comes once more: its producer began again from its last mark."""
        record = self._sound.next(at, progress)
        again = self._rng.choice(self._recent) if hit and self._recent else None
        if self._concerned(record):
            self._recent.append(record)
        if again is None:
            return (Told(record, False),)
        return Told(record, False), Told(replace(again, timestamp_ms=record.timestamp_ms), True)

    def _concerned(self, record: Record) -> bool:
        return record.value is not None and record.event == self.target.event


def _with_ill_id(
    target: Target, ids: Mapping[SchemaKey, int], ill_id: int | None
) -> Mapping[SchemaKey, int]:
    if ill_id is None:
        return ids
    event = next(event for event in target.ill.events if event.name == target.event)
    return {**ids, (event.name, event.versions): ill_id}
