"""Keeps the fleet alive: new messages on all topics, in their old character, at a set rate."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from server.demo.faults.order import FaultOrder, Ground, ill_schema, planting_of
from server.demo.faults.planting import Planting
from server.demo.fleet import SEED, TOPICS, is_fleet, written
from server.demo.pace import Pace
from server.demo.population import populate
from server.demo.production import Production
from server.demo.registration import register_schemas
from server.demo.story import Onward, Story
from server.demo.topic import Topic
from server.demo.wire.encoder import Encoder
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection

_TICK_SECONDS = 0.1
_FULL_BACKLOG = 50_000

Watch = Callable[[int], None]
"""Called after each tick with the number of messages that Kafka has taken so far."""


class NoFleetError(Exception):
    """The cluster has none of the demo's topics to go on with."""

    def __init__(self, bootstrap_servers: str) -> None:
        super().__init__(
            f"Kafka at {bootstrap_servers} has no demo fleet yet. Run `headwater demo seed` first."
        )


async def live(
    bootstrap_servers: str,
    schema_registry: str,
    rate_per_second: float,
    *,
    seed: int = SEED,
    kafka_config: Mapping[str, str] | None = None,
    watch: Watch | None = None,
    fault: FaultOrder | None = None,
) -> None:
    """Produce until cancelled, then wait for what is on its way.

    Topics get their share by the size that seeding gave them; a Kafka that is away is waited for.
    A `fault` goes to one of them, and sound data goes on after it. Raises NoFleetError,
    KafkaFailedError, RegistryFailedError, and for a fault UnknownTopicError, UnsuitableTopicError,
    SchemaRefusedError.
    """
    connection = KafkaConnection(bootstrap_servers, kafka_config or {})
    admin = KafkaAdmin(connection)
    topics = await _present(admin, bootstrap_servers)
    target = fault.target(topics) if fault else None
    registration = await register_schemas(schema_registry, topics)
    ill_id = await ill_schema(schema_registry, target) if target else None
    started = datetime.now(UTC)
    world = populate(seed, started.date())
    production = Production(connection)
    told = await _told(admin, topics)
    ground = Ground(world, production, registration.ids, started, f"{seed}:{started}", told)
    planting = planting_of(fault, target, ill_id, ground) if fault and target else None
    stream = _Stream.told(topics, ground, planting, apart=bool(fault and fault.rate))
    own = Pace(fault.rate) if fault and fault.rate else None
    try:
        await _keep_pace(stream, Pace(rate_per_second), own, watch)
    finally:
        await asyncio.to_thread(production.close)
        if planting:
            planting.close()


async def _present(admin: KafkaAdmin, bootstrap_servers: str) -> list[Topic]:
    present = {topic.name for topic in await admin.topics()}
    if not is_fleet(present):
        raise NoFleetError(bootstrap_servers)
    return [topic for topic in TOPICS if topic.name in present and topic.count]


async def _told(admin: KafkaAdmin, topics: Sequence[Topic]) -> dict[str, int]:
    marks = await admin.watermarks([topic.name for topic in topics])
    return {name: written(of_topic) for name, of_topic in marks.items()}


@dataclass(slots=True)
class _Stream:
    """`sizes` are the topics' shares of the messages; of a `planting` that has its own pace, 0."""

    topics: Sequence[Topic]
    stories: Sequence[Story]
    onward: Sequence[Onward]
    sizes: Sequence[int]
    production: Production
    rng: random.Random
    planting: Planting | None
    sent: int = 0

    @classmethod
    def told(
        cls, topics: Sequence[Topic], ground: Ground, planting: Planting | None, *, apart: bool
    ) -> _Stream:
        stories = [
            Story(topic, ground.world, Encoder(topic, ground.ids[topic.name]), ground.seed)
            for topic in topics
        ]
        own = planting.topic if planting and apart else None
        sizes = [0 if topic.name == own else topic.count for topic in topics]
        rng = random.Random(ground.seed)
        onward = [ground.onward(topic) for topic in topics]
        return cls(topics, stories, onward, sizes, ground.production, rng, planting)

    def advance(self, instants: Sequence[datetime]) -> None:
        """Send a message of each instant, of a topic drawn by its size."""
        ill = self.planting.topic if self.planting else None
        places = self.rng.choices(range(len(self.topics)), self.sizes, k=len(instants))
        for at, place in zip(instants, places, strict=True):
            if self.planting and self.topics[place].name == ill:
                self.planting.advance([at])
                continue
            record = self.stories[place].next(at, self.onward[place].next())
            self.production.send(self.topics[place], [record], first=self.sent)
            self.sent += 1

    @property
    def room(self) -> int:
        return _FULL_BACKLOG - self.production.backlog


async def _keep_pace(stream: _Stream, pace: Pace, own: Pace | None, watch: Watch | None) -> None:
    while True:
        if instants := pace.take(stream.room):
            await asyncio.to_thread(stream.advance, instants)
        if own and stream.planting and (instants := own.take(stream.room)):
            await asyncio.to_thread(stream.planting.advance, instants)
        stream.production.serve()
        if stream.planting:
            stream.planting.tend(datetime.now(UTC))
        if watch:
            watch(stream.production.delivered)
        await asyncio.sleep(_TICK_SECONDS)
