"""A topic of the demo fleet without Kafka: its messages over hours, by a simulated clock."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.decoding.decoded import SchemaRef
from core.decoding.message import Message
from core.decoding.registered import RegisteredSchema
from evals.season import Season
from server.demo.faults.episode import Episode
from server.demo.faults.faulty_story import FaultyStory
from server.demo.faults.target import Target
from server.demo.story import Onward, Record, Story
from server.demo.topic import Topic
from server.demo.wire.encoder import Encoder
from server.demo.wire.registered import numbered, registered
from server.demo.wire.schema import SchemaKey
from server.demo.world import World

Tell = Callable[[datetime, float], Sequence[Record]]
"""What is sent at an instant: mostly one record; the number is how far the story is told."""


@dataclass(frozen=True, slots=True)
class SimulatedTopic:
    """`schemas` is all that its messages are decoded by."""

    topic: Topic
    season: Season
    schemas: Mapping[SchemaRef, RegisteredSchema]
    tell: Tell
    seed: str

    @property
    def name(self) -> str:
        return self.topic.name

    def messages(self, starts: datetime, hours: float) -> Iterator[Message]:
        """Oldest first; call it once, since the story goes on. Times are the producers'."""
        rng = random.Random(f"{self.seed}:arrivals:{self.name}")  # noqa: S311 (a simulation)
        offsets, onward = [0] * self.topic.partitions, Onward(self.topic)
        told = 0
        for at in self.season.arrivals(starts, hours, rng):
            for record in self.tell(at, onward.next()):
                partition = self._partition(record, told)
                yield _message(record, partition, offsets[partition])
                offsets[partition] += 1
                told += 1

    def _partition(self, record: Record, told: int) -> int:
        return (told if record.key is None else zlib.crc32(record.key)) % self.topic.partitions


def sound(topic: Topic, season: Season, world: World, seed: str, first_id: int) -> SimulatedTopic:
    """The topic as it always is; its schema ids are counted from `first_id`."""
    ids = numbered(topic, first_id)
    story = Story(topic, world, Encoder(topic, ids), seed)
    schemas = dict(registered(topic, ids))
    return SimulatedTopic(topic, season, schemas, lambda at, p: (story.next(at, p),), seed)


def ill(
    target: Target, episode: Episode, season: Season, world: World, seed: str, first_id: int
) -> SimulatedTopic:
    """The topic with a fault for a while; a new schema gets the id after the topic's own."""
    ids = numbered(target.topic, first_id)
    ill_id = first_id + len(ids) if target.new_schema else None
    story = FaultyStory(target, episode, world, ids, seed, ill_id=ill_id)
    schemas = dict(registered(target.topic, ids))
    if ill_id is not None:
        schemas |= dict(registered(target.ill, {_newest(target): ill_id}))

    def tell(at: datetime, progress: float) -> Sequence[Record]:
        return [told.record for told in story.next(at, progress) if told.record]

    return SimulatedTopic(target.topic, season, schemas, tell, seed)


def _newest(target: Target) -> SchemaKey:
    event = next(event for event in target.ill.events if event.name == target.event)
    return (event.name, event.versions)


def _message(record: Record, partition: int, offset: int) -> Message:
    headers = tuple(
        (name, value.encode() if isinstance(value, str) else value)
        for name, value in record.headers
    )
    return Message(partition, offset, record.timestamp_ms, record.key, record.value, headers)
