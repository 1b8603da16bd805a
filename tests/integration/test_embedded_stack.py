"""The local stack as a whole."""

from __future__ import annotations

import secrets

import httpx
import psycopg
from confluent_kafka.admin import AdminClient

from server.embedded.stack import EmbeddedStack
from tools.kafka.admin import Acl, KafkaAdmin
from tools.kafka.connection import KafkaConnection


async def test_all_three_servers_answer(stack: EmbeddedStack) -> None:
    metadata = AdminClient({"bootstrap.servers": stack.bootstrap_servers}).list_topics(timeout=10)
    assert len(metadata.brokers) == 1
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{stack.schema_registry}/subjects")).status_code == 200


async def test_kafka_keeps_acls_and_they_bind_nobody(bootstrap_servers: str) -> None:
    admin = KafkaAdmin(KafkaConnection(bootstrap_servers))
    topic, granted = f"test-{secrets.token_hex(4)}", {Acl("User:somebody-else", "read")}
    await admin.create_topic(topic)

    await admin.create_acls(topic, granted)

    assert await admin.acls(topic) == granted
    assert await admin.is_written(topic) is False
    await admin.delete_topic(topic)
    assert await admin.delete_acls(topic, granted) == granted


async def test_each_test_gets_an_empty_migrated_database(database_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        found = await connection.execute("select count(*) from sources")
        assert await found.fetchone() == (0,)
