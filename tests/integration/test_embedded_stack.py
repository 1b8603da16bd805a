"""The local stack as a whole."""

from __future__ import annotations

import secrets
import socketserver
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path

import httpx
import psycopg
import pytest
from confluent_kafka.admin import AdminClient

from server.embedded.errors import PortTakenError
from server.embedded.port_claims import free_ports
from server.embedded.progress import Silent, Step
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


class Taking(Silent):
    """Listens on the port of Postgres as soon as Postgres is started."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.server: socketserver.TCPServer | None = None

    def step(self, title: str, *, size: bool = False) -> AbstractContextManager[Step]:
        if title == "Starting Postgres":
            address = ("127.0.0.1", self._port)
            self.server = socketserver.TCPServer(address, socketserver.BaseRequestHandler)
            threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return super().step(title, size=size)


async def test_a_port_that_is_taken_while_servers_start_is_named(
    stack: EmbeddedStack, new_data_dir: Callable[[], Path]
) -> None:
    ports = free_ports()
    taking = Taking(ports.postgres)
    given = (stack.bootstrap_servers, stack.schema_registry, None, taking)

    with pytest.raises(PortTakenError, match=f"Port {ports.postgres}, meant for Postgres"):
        await EmbeddedStack(new_data_dir(), *given, ports=asdict(ports)).__aenter__()

    assert taking.server is not None
    taking.server.shutdown()
    taking.server.server_close()
