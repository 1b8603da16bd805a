"""Fills topics of a real Kafka for a test."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from confluent_kafka import Producer

from tools.kafka.admin import KafkaAdmin, NewTopic


@dataclass
class Topics:
    """Makes topics under unique names; `close` deletes them."""

    servers: str
    admin: KafkaAdmin
    made: list[str] = field(default_factory=list)

    async def make(self, partitions: int = 1, **configs: str) -> str:
        return (await self.make_many(1, partitions, **configs))[0]

    async def make_many(self, count: int, partitions: int = 1, **configs: str) -> list[str]:
        prefix = f"test-{secrets.token_hex(4)}"
        names = [f"{prefix}-{i:04d}" for i in range(count)]
        settings = {name.replace("_", "."): value for name, value in configs.items()}
        await self.admin.create_topics(
            [NewTopic(name, partitions, configs=settings) for name in names]
        )
        self.made += names
        return names

    async def close(self) -> None:
        there = {topic.name for topic in await self.admin.topics(self.made)}
        await self.admin.delete_topics(sorted(there))

    def producer(self, **more: object) -> Producer:
        return Producer(
            {
                "bootstrap.servers": self.servers,
                "linger.ms": 5,
                "message.max.bytes": 20_000_000,
                "log_level": 0,
                **more,
            }
        )

    def fill(self, topic: str, values: Sequence[bytes | None], partition: int = 0) -> None:
        producer = self.producer()
        for number, value in enumerate(values):
            producer.produce(topic, value, key=str(number).encode(), partition=partition)
        assert producer.flush(20) == 0
