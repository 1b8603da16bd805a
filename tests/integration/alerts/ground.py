"""One source whose stream is looked at, with real servers beneath."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from confluent_kafka import Consumer

from core.alerts.alert import Alert
from core.alerts.finding import Finding
from core.alerts.policy import AlertPolicy
from tests.unit.alerts import looks
from tools.alerts.book import AlertBook
from tools.alerts.publisher import AlertPublisher
from tools.db.alerts import AlertRepository, KeptEvent
from tools.db.pool import Pool
from tools.kafka.connection import KafkaConnection
from tools.notifications.channel import Notifications
from tools.registry.client import Registry

TEAM = "group:default/orders"
START = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(days=1)
"""Kafka deletes what is older than a week, and looks every five minutes."""


def finding(name: str | None = "customer_id", since: float = 0, **more: Any) -> Finding:
    return looks.finding(name, since, **{"source": "orders.v1", **more})


holding = looks.holding


@dataclass
class Ground:
    """A book over a real Postgres; `look` is one look of a judge, in one transaction."""

    pool: Pool
    settings: Notifications = field(default_factory=Notifications)
    policy: AlertPolicy = field(default_factory=AlertPolicy)
    source: str = "orders.v1"

    @property
    def book(self) -> AlertBook:
        return AlertBook(self.pool, "default", self.settings, self.policy)

    @property
    def alerts(self) -> AlertRepository:
        return AlertRepository(self.pool)

    async def owned(self, team: str | None = TEAM, guessed_from: str | None = None) -> None:
        async with self.pool.connection() as connection:
            await connection.execute(
                "insert into sources (cluster, name, kind, status, owner, owner_guessed_from) "
                "values ('default', %s, 'discovered', 'present', %s, %s)",
                (self.source, team, guessed_from),
            )

    async def look(
        self, seconds: float, *findings: Finding, source: str | None = None
    ) -> Sequence[Alert]:
        now = START + timedelta(seconds=seconds)
        async with self.pool.connection() as connection, connection.transaction():
            return await self.book.record(connection, source or self.source, findings, now)

    async def broken_and_recovered(self, source: str | None = None) -> None:
        await self.look(0, finding(), source=source)
        await self.look(10, holding(finding()), source=source)
        await self.look(40, holding(finding()), source=source)

    async def all(self) -> tuple[Alert, ...]:
        return (await self.alerts.list("default", limit=200)).items

    async def events(self) -> list[KeptEvent]:
        return [event for one in await self.all() for event in await self.alerts.events(one.id)]


@dataclass
class AlertTopic:
    """A topic of alerts of a test's own, and what a plain consumer sees on it."""

    servers: str
    name: str = field(default_factory=lambda: f"test-alerts-{secrets.token_hex(4)}")

    def publisher(
        self, pool: Pool, registry: Registry | None = None, servers: str | None = None
    ) -> AlertPublisher:
        connection = KafkaConnection(servers or self.servers)
        return AlertPublisher(pool, "default", connection, registry, self.name)

    async def read(self, count: int, seconds: float = 15.0) -> list[Record]:
        """All that is on it, once so many are there."""
        return await asyncio.to_thread(self._read, count, seconds)

    def _read(self, count: int, seconds: float) -> list[Record]:
        consumer = Consumer(
            {
                "bootstrap.servers": self.servers,
                "group.id": secrets.token_hex(8),
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
                "log_level": 0,
            }
        )
        consumer.subscribe([self.name])
        found: list[Record] = []
        until = time.monotonic() + seconds
        try:
            while time.monotonic() < until and len(found) < count:
                message = consumer.poll(0.2)
                if message is not None and not message.error():
                    found.append(
                        Record(
                            str((message.key() or b"").decode()),
                            message.value() or b"",
                            dict(message.headers() or []),
                        )
                    )
            if (message := consumer.poll(0.5)) is not None and not message.error():
                raise AssertionError("there are more records than were waited for")
        finally:
            consumer.close()
        return found


@dataclass(frozen=True)
class Record:
    key: str
    value: bytes
    headers: dict[str, bytes]

    @property
    def data(self) -> Any:
        return orjson.loads(self.value)

    @property
    def uid(self) -> str:
        return self.headers["ce_id"].decode()
