"""How fast a scan is against the floor: fetching the same messages and embedding the same texts.

    python -m benchmarks.scan [--topics 5000] [--messages 100] [--bootstrap-servers HOST:PORT
        --database-url URL]

Starts the embedded servers in a temporary folder unless both addresses are given. Deletes the
topics and the database that it made.
"""

from __future__ import annotations

import argparse
import asyncio
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition

from benchmarks.producing import put
from benchmarks.scan_fleet import FleetTopic, fleet
from core.scan import ScanProgress
from server.scratch_servers import scratch_servers
from server.settings import Settings
from tools.db.pool import Pool, open_pool
from tools.db.scans import ScanRepository
from tools.discovery.scan import Scan, ScanClients, ScanOptions
from tools.embeddings.minilm import MiniLM
from tools.embeddings.model import Encoded, TokenModel, Vectors
from tools.kafka.admin import KafkaAdmin, NewTopic
from tools.kafka.connection import KafkaConnection
from tools.kafka.sampler import Limits, Sampler
from tools.search.index import SearchIndex

LIMIT = 1.3
"""The first scan may take so many times the floor."""

SECOND_SECONDS = 5.0
"""A scan that finds nothing new may take so long."""

_CREATED_AT_ONCE = 250
_FETCH_SECONDS = 300


class Recorded(TokenModel):
    """MiniLM that remembers what it was asked, so that the floor embeds the very same."""

    def __init__(self, model: MiniLM) -> None:
        self.model_id, self.dimension = model.model_id, model.dimension
        self._model = model
        self.plain: list[list[str]] = []
        self.with_tokens: list[list[str]] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._model.embed_documents(texts)

    def embed_query(self, text: str) -> list[float]:
        return self._model.embed_query(text)

    async def vectors(self, texts: list[str]) -> Vectors:
        self.plain.append(texts)
        return await self._model.vectors(texts)

    async def encoded(self, texts: list[str]) -> list[Encoded]:
        self.with_tokens.append(texts)
        return await self._model.encoded(texts)

    @property
    def texts(self) -> int:
        return sum(map(len, self.plain)) + sum(map(len, self.with_tokens))


@dataclass(slots=True)
class Figures:
    """Seconds of the parts."""

    fetch: float = 0.0
    embed: float = 0.0
    texts: int = 0
    first: ScanProgress = field(default_factory=ScanProgress)
    second: ScanProgress = field(default_factory=ScanProgress)

    @property
    def ratio(self) -> float:
        return self.first.seconds / (self.fetch + self.embed)


def main() -> None:
    """Print the figures; exit code 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--topics", type=int, default=5_000)
    parser.add_argument("--messages", type=int, default=100)
    parser.add_argument("--bootstrap-servers")
    parser.add_argument("--database-url")
    given = parser.parse_args()
    figures = asyncio.run(_run(given))
    print(f"fetch alone      {figures.fetch:8.2f} s  (bare confluent-kafka consumer)")
    print(f"embedding alone  {figures.embed:8.2f} s  ({figures.texts:,} texts)")
    print(f"first scan       {figures.first.seconds:8.2f} s  ({figures.first.new:,} new topics)")
    print(f"ratio            {figures.ratio:8.2f}    (limit {LIMIT})")
    print(f"second scan      {figures.second.seconds:8.2f} s  (limit {SECOND_SECONDS:g} s)")
    missed = figures.ratio > LIMIT or figures.second.seconds > SECOND_SECONDS
    raise SystemExit(int(missed))


async def _run(given: argparse.Namespace) -> Figures:
    settings = Settings(bootstrap_servers=given.bootstrap_servers, database_url=given.database_url)
    async with scratch_servers(settings) as serving:
        return await _measured(given, str(serving.bootstrap_servers), str(serving.database_url))


async def _measured(given: argparse.Namespace, servers: str, database_url: str) -> Figures:
    run = uuid.uuid4().hex[:8]
    topics = fleet(given.topics, f"bench-{run}-")
    admin = KafkaAdmin(KafkaConnection(servers), timeout=60.0)
    try:
        await _produce(admin, servers, topics, given.messages)
        return await _measure(servers, admin, database_url, topics, run, given.messages)
    finally:
        for start in range(0, len(topics), _CREATED_AT_ONCE):
            part = topics[start : start + _CREATED_AT_ONCE]
            await admin.delete_topics([topic.name for topic in part])


async def _measure(
    servers: str,
    admin: KafkaAdmin,
    url: str,
    topics: Sequence[FleetTopic],
    run: str,
    messages: int,
) -> Figures:
    figures, model = Figures(), MiniLM()
    await model.vectors(["warm"])
    figures.fetch = await asyncio.to_thread(_fetch, servers, topics, messages)
    recorded = Recorded(model)
    pool = await open_pool(url)
    try:
        scan = _scan(servers, admin, pool, recorded, run)
        figures.first = await _scanned(scan, pool)
        figures.second = await _scanned(scan, pool)
    finally:
        await pool.close()
    figures.texts = recorded.texts
    figures.embed = await _embed(model, recorded)
    return figures


def _scan(servers: str, admin: KafkaAdmin, pool: Pool, model: Recorded, run: str) -> Scan:
    clients = ScanClients(
        pool=pool,
        admin=admin,
        sampler=Sampler(KafkaConnection(servers), admin, Limits()),
        registry=None,
        index=SearchIndex(pool, model),
    )
    return Scan(clients, ScanOptions(exclude=(f"^(?!bench-{run}-)",)))


async def _scanned(scan: Scan, pool: Pool) -> ScanProgress:
    run = await ScanRepository(pool).queue(scan.cluster, "benchmark")
    return (await scan.run(run.id)).progress


def _fetch(servers: str, topics: Sequence[FleetTopic], messages: int) -> float:
    """Seconds of one bare consumer for all messages of all topics."""
    began = time.perf_counter()
    consumer = Consumer(
        {"bootstrap.servers": servers, "group.id": "none", "enable.auto.commit": False}
    )
    # Without this it asks for each topic's leader apart, which takes many times as long.
    consumer.list_topics(timeout=60)
    consumer.assign([TopicPartition(topic.name, 0, OFFSET_BEGINNING) for topic in topics])
    left = len(topics) * messages
    while left > 0:
        left -= sum(1 for message in consumer.consume(10_000, timeout=0.2) if not message.error())
        if time.perf_counter() - began > _FETCH_SECONDS:
            raise SystemExit(f"the bare consumer lacks {left} messages after {_FETCH_SECONDS} s")
    consumer.close()
    return time.perf_counter() - began


async def _embed(model: MiniLM, recorded: Recorded) -> float:
    began = time.perf_counter()
    for texts in recorded.plain:
        await model.vectors(texts)
    for texts in recorded.with_tokens:
        await model.encoded(texts)
    return time.perf_counter() - began


async def _produce(
    admin: KafkaAdmin, servers: str, topics: Sequence[FleetTopic], messages: int
) -> None:
    for start in range(0, len(topics), _CREATED_AT_ONCE):
        part = topics[start : start + _CREATED_AT_ONCE]
        await admin.create_topics([NewTopic(topic.name, 1, 1) for topic in part])
    size = await asyncio.to_thread(_send, servers, topics, messages)
    print(
        f"{len(topics):,} topics, {messages} messages each of {size:.0f} bytes on average",
        flush=True,
    )


def _send(servers: str, topics: Sequence[FleetTopic], messages: int) -> float:
    producer = Producer({"bootstrap.servers": servers, "linger.ms": 20})
    size = 0
    for topic in topics:
        for key, value in topic.messages(messages):
            size += len(value)
            put(producer, topic.name, value, key=key)
        producer.poll(0)
    if left := producer.flush(300):
        raise SystemExit(f"{left} messages could not be produced")
    return size / (len(topics) * messages)


if __name__ == "__main__":
    main()
