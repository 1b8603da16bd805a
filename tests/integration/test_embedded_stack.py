"""The local stack as a whole."""

from __future__ import annotations

import httpx
import psycopg
from confluent_kafka.admin import AdminClient

from server.embedded.stack import EmbeddedStack


async def test_all_three_servers_answer(stack: EmbeddedStack) -> None:
    metadata = AdminClient({"bootstrap.servers": stack.bootstrap_servers}).list_topics(timeout=10)
    assert len(metadata.brokers) == 1
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{stack.schema_registry}/subjects")).status_code == 200


async def test_each_test_gets_an_empty_migrated_database(database_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        found = await connection.execute("select count(*) from sources")
        assert await found.fetchone() == (0,)
