"""A Kafka on which only who was granted something may do it, and clients of its users."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition

from server.embedded.port_claims import free_port
from tests.integration.kafka.cluster import kafka_with

USERS = ("payments", "risk")
_MECHANISM = "org.apache.kafka.common.security.plain.PlainLoginModule"
_DENIED = {
    KafkaError.TOPIC_AUTHORIZATION_FAILED: "topic denied",
    KafkaError.GROUP_AUTHORIZATION_FAILED: "group denied",
}
_SECONDS = 30.0


@dataclass(frozen=True)
class Broker:
    """`address` is the operator's own; users come in by `sasl`, with their name as password."""

    address: str
    sasl: str

    def read(self, user: str, topic: str, group: str) -> str:
        """The first message of the topic for a member of the group, or what was denied."""
        consumer = self._consumer(user, group)
        consumer.subscribe([topic])
        try:
            return _first(consumer, _DENIED)
        finally:
            consumer.close()

    def fetch(self, user: str, topic: str) -> str:
        """The first message of the topic without any group, or what was denied."""
        consumer = self._consumer(user, "none")
        try:
            error = consumer.list_topics(topic, timeout=_SECONDS).topics[topic].error
            if error is not None:
                return _DENIED.get(error.code(), str(error))
            consumer.assign([TopicPartition(topic, 0, 0)])
            return _first(consumer, {KafkaError.TOPIC_AUTHORIZATION_FAILED})
        finally:
            consumer.close()

    def write(self, user: str, topic: str, value: str) -> str:
        """`written`, or what was denied."""
        told: list[str] = []
        producer = Producer(self._client(user))
        producer.produce(
            topic,
            value,
            on_delivery=lambda error, _: told.append(
                _DENIED.get(error.code(), str(error)) if error else "written"
            ),
        )
        producer.flush(_SECONDS)
        return told[0] if told else "no answer"

    def put(self, topic: str, value: str) -> None:
        """As the operator."""
        producer = Producer({"bootstrap.servers": self.address})
        producer.produce(topic, value)
        assert producer.flush(_SECONDS) == 0

    def _consumer(self, user: str, group: str) -> Consumer:
        own = {"group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False}
        return Consumer({**self._client(user), **own})

    def _client(self, user: str) -> dict[str, str | int]:
        return {
            "bootstrap.servers": self.sasl,
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": "PLAIN",
            "sasl.username": user,
            "sasl.password": user,
            "log_level": 0,
        }


def _first(consumer: Consumer, minding: Collection[int]) -> str:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        message = consumer.poll(0.2)
        if message is None:
            continue
        error = message.error()
        if error is None:
            return (message.value() or b"").decode()
        if error.code() in minding:
            return _DENIED[error.code()]
    return "no answer"


@asynccontextmanager
async def broker_in(folder: Path) -> AsyncIterator[Broker]:
    port = free_port()
    users = " ".join(f'user_{user}="{user}"' for user in USERS)
    async with kafka_with(
        folder,
        {
            "listeners": "PLAINTEXT://127.0.0.1:{port},SASL://127.0.0.1:"
            f"{port},CONTROLLER://127.0.0.1:{{controller}}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{{port}},SASL://127.0.0.1:{port}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT,"
            "CONTROLLER:PLAINTEXT",
            "listener.name.sasl.sasl.enabled.mechanisms": "PLAIN",
            "listener.name.sasl.plain.sasl.jaas.config": f"{_MECHANISM} required {users};",
            "allow.everyone.if.no.acl.found": "false",
        },
    ) as address:
        yield Broker(address, f"127.0.0.1:{port}")
