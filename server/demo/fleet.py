"""Seeds the demo fleet: topics with messages, schemas, consumer groups and managed products."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice

from server.demo.commits import commit_groups
from server.demo.domains import DOMAINS
from server.demo.population import populate
from server.demo.production import Production
from server.demo.products import store_products
from server.demo.registration import Registration, register_schemas
from server.demo.story import Story
from server.demo.topic import Topic
from server.demo.wire.encoder import Encoder
from server.embedded.progress import Progress, Silent, Step
from tools.kafka.admin import KafkaAdmin, NewTopic, Watermarks
from tools.kafka.connection import KafkaConnection

SEED = 1848
_LEADER_SECONDS = 30.0
_RETRY_SECONDS = 0.3

TOPICS: tuple[Topic, ...] = tuple(topic for domain in DOMAINS for topic in domain.topics)


class Outcome(StrEnum):
    """What seeding did with a topic."""

    CREATED = "created"
    COMPLETED = "completed"
    REFILLED = "refilled"
    KEPT = "kept"


class TopicsTakenError(Exception):
    """The cluster is somebody's own: it has topics of the demo's names with other messages."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"This Kafka has topics that bear the demo's names but are not its own: "
            f"{', '.join(names)}. Nothing was produced. Seed the demo into another cluster: "
            "`headwater up --demo` starts one."
        )


class TopicNotReadyError(Exception):
    """What a topic holds could not be told, so that seeding might have doubled it."""

    def __init__(self, topic: str, cause: str) -> None:
        super().__init__(
            f"Kafka does not serve all of the topic {topic} ({cause}). Check its brokers, then "
            "seed again: what is there is kept."
        )


@dataclass(frozen=True, slots=True)
class SeededTopic:
    """`produced` counts the messages of this run."""

    name: str
    outcome: Outcome
    produced: int


@dataclass(frozen=True, slots=True)
class SeedReport:
    topics: tuple[SeededTopic, ...]
    products: int
    groups: int
    seconds: float

    @property
    def produced(self) -> int:
        return sum(topic.produced for topic in self.topics)


async def seed(
    bootstrap_servers: str,
    schema_registry: str,
    database_url: str,
    progress: Progress | None = None,
    *,
    seed: int = SEED,
    scale: float = 1.0,
    now: datetime | None = None,
    cluster: str = "default",
    kafka_config: Mapping[str, str] | None = None,
) -> SeedReport:
    """Bring the whole fleet into being; the database must be migrated.

    Nothing is ever deleted. A topic that has its messages is kept, one whose seeding was broken off
    is completed, and one that is empty again (retention), or whose schemas the registry has lost,
    is filled anew. `scale` multiplies the numbers of messages; all times end at `now`. Raises
    TopicsTakenError, TopicNotReadyError, KafkaFailedError, RegistryFailedError.
    """
    started = time.monotonic()
    progress = progress or Silent()
    connection = KafkaConnection(bootstrap_servers, kafka_config or {})
    with progress.step("Creating the demo's topics"):
        held = await _hold_topics(connection)
    with progress.step("Registering the demo's schemas"):
        registration = await register_schemas(schema_registry, TOPICS)
    with progress.step("Producing the demo's messages") as step:
        fill = _Fill(connection, registration, held, seed, scale, now or datetime.now(UTC), step)
        topics = await asyncio.to_thread(fill.run)
    with progress.step("Committing for the demo's consumer groups"):
        groups = await commit_groups(connection)
    with progress.step("Storing the demo's data products"):
        products = await store_products(database_url, cluster)
    return SeedReport(topics, products, groups, time.monotonic() - started)


async def _hold_topics(connection: KafkaConnection) -> Mapping[str, Watermarks]:
    """Creates the topics that are missing; returns what the others held before."""
    admin = KafkaAdmin(connection)
    present = {topic.name for topic in await admin.topics([topic.name for topic in TOPICS])}
    held = await _watermarks(admin, sorted(present))
    refuse_strangers(held)
    await admin.create_topics(
        [
            NewTopic(topic.name, topic.partitions, configs=topic.config)
            for topic in TOPICS
            if topic.name not in present
        ]
    )
    return held


async def _watermarks(admin: KafkaAdmin, names: Sequence[str]) -> Mapping[str, Watermarks]:
    """Of all partitions: a cluster that has just started needs a while to find their leaders."""
    give_up = time.monotonic() + _LEADER_SECONDS
    while True:
        held = await admin.watermarks(names)
        silent = next((marks for marks in held.values() if marks.error), None)
        if silent is None:
            return held
        if time.monotonic() > give_up:
            raise TopicNotReadyError(silent.topic, str(silent.error))
        await asyncio.sleep(_RETRY_SECONDS)


def refuse_strangers(held: Mapping[str, Watermarks]) -> None:
    """Raises TopicsTakenError where others have made and filled topics of the demo's names."""
    filled = [name for name, marks in held.items() if written(marks)]
    if filled and not is_fleet(held):
        raise TopicsTakenError(filled)


def is_fleet(present: Iterable[str]) -> bool:
    """Seeding creates all topics at once: where few are present, they are somebody else's."""
    return len({topic.name for topic in TOPICS}.intersection(present)) > len(TOPICS) / 2


def written(marks: Watermarks) -> int:
    """How many messages the topic has got, those that are gone again among them."""
    return sum(high for _, high in marks.offsets.values())


@dataclass(frozen=True, slots=True)
class _Fill:
    """One run over all topics, in one thread."""

    connection: KafkaConnection
    registration: Registration
    held: Mapping[str, Watermarks]
    seed: int
    scale: float
    now: datetime
    step: Step

    def run(self) -> tuple[SeededTopic, ...]:
        world = populate(self.seed, self.now.date())
        production = Production(self.connection)
        seeded: list[SeededTopic] = []
        for topic in TOPICS:
            outcome, skip = self._plan(topic)
            encoder = Encoder(topic, self.registration.ids[topic.name])
            count = planned(topic, self.scale)
            story = Story(topic, world, encoder, str(self.seed))
            if skip < count:
                records = islice(story.past(count, self.now), skip, None)
                production.send(topic, records, first=skip)
            seeded.append(SeededTopic(topic.name, outcome, count - skip))
            self.step.advance_to(len(seeded), len(TOPICS))
        production.flush()
        return tuple(seeded)

    def _plan(self, topic: Topic) -> tuple[Outcome, int]:
        """What to do, and how many of the planned messages are there already."""
        count = planned(topic, self.scale)
        if topic.name not in self.held:
            return Outcome.CREATED, 0
        marks = self.held[topic.name]
        held = written(marks)
        empty = all(low == high for low, high in marks.offsets.values())
        if held >= count and (empty or topic.name in self.registration.fresh) and count:
            return Outcome.REFILLED, 0
        if held < count:
            return Outcome.COMPLETED, held
        return Outcome.KEPT, count


def planned(topic: Topic, scale: float) -> int:
    """How many messages seeding gives the topic."""
    return max(1, round(topic.count * scale)) if topic.count else 0
