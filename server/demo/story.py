"""The messages of one topic, one after the other, as its producers would have sent them."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from server.demo.defect import cut_off
from server.demo.field import Moment, Row, draw_row
from server.demo.topic import Event, Headers, Topic
from server.demo.wire.encoder import Encoder, with_lost_schema
from server.demo.world import World

_GIANT_BYTES = 1_800_000


@dataclass(frozen=True, slots=True)
class Record:
    """A message before it has a partition and an offset; the time is the producer's.

    `event` names the kind of record that it is.
    """

    key: bytes | None
    value: bytes | None
    timestamp_ms: int
    headers: Headers
    event: str = ""


class Onward:
    """Progress of what is told live: on from where the past ended, with each message as far as
    with one of the past."""

    def __init__(self, topic: Topic, told: int = 0) -> None:
        """`told` is how many messages the topic has got by now: who begins to tell again does not
        repeat himself."""
        self._step = 1 / max(topic.count, 1)
        self._at = 1.0 + self._step * told

    def next(self) -> float:
        self._at += self._step
        return self._at


class Story:
    """Tells a topic's messages; the same seed, world, times and schema ids give the same bytes.

    `newest` writes them all under the newest schema, else the versions follow the progress.
    """

    def __init__(
        self, topic: Topic, world: World, encoder: Encoder, seed: str, *, newest: bool = False
    ) -> None:
        self._topic = topic
        self._world = world
        self._encoder = encoder
        self._newest = newest
        self._rng = random.Random(f"{seed}:{topic.name}")
        self._weights = [event.weight for event in topic.events]
        self._sound: Record | None = None

    def past(self, count: int, now: datetime) -> Iterator[Record]:
        """`count` messages spread over the topic's hours up to `now`, oldest first."""
        step = timedelta(hours=self._topic.hours) / max(count, 1)
        giants = {(n + 1) * count // 3 for n in range(self._topic.defects.giants)}
        for index in range(count):
            at = now - step * (count - index - self._rng.random())
            yield self.next(at, index / count, giant=index in giants)

    def next(self, at: datetime, progress: float, *, giant: bool = False) -> Record:
        """The message of that instant; `progress` chooses whom streams speak of."""
        defects, rng = self._topic.defects, self._rng
        if self._sound and rng.random() < defects.repeated:
            return replace(self._sound, timestamp_ms=self._arrival(at))
        about = self._world.subject(self._topic.about, rng, progress)
        moment = Moment(rng, self._world, at, progress, about)
        event = rng.choices(self._topic.events, self._weights)[0]
        if rng.random() < self._topic.tombstones:
            return self._record(moment, event, None)
        return self._spoken(moment, event, giant)

    def _spoken(self, moment: Moment, event: Event, giant: bool) -> Record:
        progress = 1.0 if self._newest else moment.progress
        version = min(event.versions, 1 + int(progress * 1.6 * event.versions))
        row = draw_row(event.fields, moment, version)
        spoiled = self._topic.defects.spoil(row, moment)
        if giant:
            row |= _attachment(moment.rng)
        value = self._encoder.encode(event.name, version, row)
        damaged = self._damaged(value)
        record = self._record(moment, event, damaged)
        if not (spoiled or giant) and damaged == value:
            self._sound = record
        return record

    def _damaged(self, value: bytes) -> bytes:
        lot = self._rng.random()
        if lot < self._topic.defects.cut:
            return cut_off(value, self._rng)
        if lot < self._topic.defects.cut + self._topic.defects.lost_schema:
            return with_lost_schema(value)
        return value

    def _record(self, moment: Moment, event: Event, value: bytes | None) -> Record:
        spec = self._topic.key
        key = str(spec.draw(moment)).encode() if spec else None
        headers = self._topic.headers(moment, event.name) if self._topic.headers else []
        return Record(key, value, self._arrival(moment.at), headers, event.name)

    def _arrival(self, at: datetime) -> int:
        """Moments after the event: networks and batches take their time."""
        return int(at.timestamp() * 1000 + min(2_000.0, self._rng.expovariate(1 / 180)))


def _attachment(rng: random.Random) -> Row:
    return {"attachment": base64.b64encode(rng.randbytes(_GIANT_BYTES * 3 // 4)).decode()}
