"""Keeps the fleet alive: new messages on all topics, in their old character, at a set rate."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from server.demo.fleet import SEED, TOPICS, is_fleet
from server.demo.population import populate
from server.demo.production import Production
from server.demo.registration import register_schemas
from server.demo.story import Story
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
) -> None:
    """Produce until cancelled, then wait for what is on its way.

    Topics get their share by the size that seeding gave them; a Kafka that is away is waited for.
    Raises NoFleetError, KafkaFailedError, RegistryFailedError.
    """
    connection = KafkaConnection(bootstrap_servers, kafka_config or {})
    present = {topic.name for topic in await KafkaAdmin(connection).topics()}
    if not is_fleet(present):
        raise NoFleetError(bootstrap_servers)
    topics = [topic for topic in TOPICS if topic.name in present and topic.count]
    registration = await register_schemas(schema_registry, topics)
    started = datetime.now(UTC)
    world = populate(seed, started.date())
    stories = [
        Story(topic, world, Encoder(topic, registration.ids[topic.name]), f"{seed}:{started}")
        for topic in topics
    ]
    stream = _Stream(topics, stories, Production(connection), random.Random(f"{seed}:{started}"))
    try:
        await _keep_pace(stream, rate_per_second, watch)
    finally:
        await asyncio.to_thread(stream.production.close)


@dataclass(slots=True)
class _Stream:
    topics: list[Topic]
    stories: list[Story]
    production: Production
    rng: random.Random
    sent: int = 0

    def advance(self, count: int) -> None:
        """Send the next `count` messages, each of a topic drawn by its size."""
        sizes = [topic.count for topic in self.topics]
        for place in self.rng.choices(range(len(self.topics)), sizes, k=count):
            record = self.stories[place].next(datetime.now(UTC), self.rng.random())
            self.production.send(self.topics[place], [record], first=self.sent)
            self.sent += 1


async def _keep_pace(stream: _Stream, rate: float, watch: Watch | None) -> None:
    """What was owed for more than a second, while Kafka was away, is forgiven."""
    owed, before = 0.0, time.monotonic()
    while True:
        now = time.monotonic()
        owed, before = min(owed + (now - before) * rate, max(rate, 1.0)), now
        count = min(int(owed), _FULL_BACKLOG - stream.production.backlog)
        if count > 0:
            await asyncio.to_thread(stream.advance, count)
            owed -= count
        stream.production.serve()
        if watch:
            watch(stream.production.delivered)
        await asyncio.sleep(_TICK_SECONDS)
