"""A corner of the real Kafka for each test, and scans that see nothing else."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)

from core.scan import ScanProgress, ScanRun
from core.source import SourceChangeKind
from tools.db.pool import Pool
from tools.db.scans import ScanRepository
from tools.db.sources import SourceRepository
from tools.discovery.scan import Scan, ScanClients, ScanOptions
from tools.embeddings.minilm import MiniLM
from tools.kafka.admin import KafkaAdmin, NewTopic
from tools.kafka.connection import KafkaConnection
from tools.kafka.sampler import Limits, Sampler
from tools.registry.client import Registry
from tools.search.index import SearchIndex


@dataclass(slots=True)
class Corner:
    """Topics under one prefix; all are deleted after the test."""

    prefix: str
    servers: str
    admin: KafkaAdmin
    made: set[str] = field(default_factory=set)

    async def create(self, name: str, partitions: int = 1) -> str:
        """The topic's full name, which carries the prefix at its end."""
        topic = f"{name}.{self.prefix}"
        await self.admin.create_topics([NewTopic(topic, partitions, 1)])
        self.made.add(topic)
        return topic

    async def delete(self, topic: str) -> None:
        await self.admin.delete_topics([topic])
        self.made.discard(topic)

    def put(
        self,
        topic: str,
        values: Iterable[object],
        headers: Sequence[tuple[str, bytes]] = (),
    ) -> None:
        """Produce values: bytes as they are, None as a tombstone, all else as JSON."""
        producer = Producer({"bootstrap.servers": self.servers})
        for value in values:
            raw = value if isinstance(value, bytes | None) else json.dumps(value).encode()
            producer.produce(topic, raw, headers=list(headers))
            producer.poll(0)
        assert producer.flush(30) == 0

    def configure(self, topic: str, setting: str, value: str) -> None:
        entry = ConfigEntry(setting, value, incremental_operation=AlterConfigOpType.SET)
        resource = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=[entry])
        client = AdminClient({"bootstrap.servers": self.servers})
        client.incremental_alter_configs([resource])[resource].result(10)

    def commit(self, group: str, topic: str, offset: int) -> None:
        """Commit an offset as a consumer group of that name."""
        consumer = Consumer({"bootstrap.servers": self.servers, "group.id": group})
        consumer.commit(offsets=[TopicPartition(topic, 0, offset)], asynchronous=False)
        consumer.close()


@pytest.fixture
async def corner(bootstrap_servers: str) -> AsyncIterator[Corner]:
    admin = KafkaAdmin(KafkaConnection(bootstrap_servers))
    corner = Corner(f"t{secrets.token_hex(4)}", bootstrap_servers, admin)
    yield corner
    if corner.made:
        await admin.delete_topics(sorted(corner.made))


@pytest.fixture(scope="session")
def model() -> MiniLM:
    return MiniLM()


@pytest.fixture
async def registry(registry_url: str) -> AsyncIterator[Registry]:
    registry = Registry(registry_url)
    yield registry
    await registry.close()


@dataclass(slots=True)
class Scanner:
    """Scans of a corner, and what the catalog says afterwards."""

    scan: Scan
    clients: ScanClients
    options: ScanOptions
    sources: SourceRepository
    scans: ScanRepository

    async def __call__(self) -> ScanProgress:
        return (await self.run(self.scan)).progress

    async def run(self, scan: Scan) -> ScanRun:
        queued = await self.scans.queue(scan.cluster, "test")
        return await scan.run(queued.id)

    async def changes(self, topic: str) -> list[tuple[SourceChangeKind, tuple[str, ...]]]:
        """What scans found different of a topic, oldest first."""
        page = await self.sources.changes(topic)
        return [(change.kind, change.lines) for change in reversed(page.items)]


@pytest.fixture
def scanner_of(corner: Corner, pool: Pool, model: MiniLM) -> Callable[..., Scanner]:
    def make(
        registry: Registry | None = None,
        pool: Pool = pool,
        sampler: Sampler | None = None,
        exclude: Sequence[str] = (),
    ) -> Scanner:
        connection = KafkaConnection(corner.servers)
        clients = ScanClients(
            pool=pool,
            admin=corner.admin,
            sampler=sampler or Sampler(connection, corner.admin, Limits()),
            registry=registry,
            index=SearchIndex(pool, model),
        )
        options = ScanOptions(exclude=(rf"^(?!.*\.{corner.prefix}$)", *exclude), patience=20.0)
        scan = Scan(clients, options)
        return Scanner(scan, clients, options, SourceRepository(pool), ScanRepository(pool))

    return make


@pytest.fixture
def scanner(scanner_of: Callable[..., Scanner], registry: Registry) -> Scanner:
    return scanner_of(registry)
