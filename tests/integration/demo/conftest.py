"""One fleet for all tests of this folder, seeded after a first seeding was killed midway."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg
import pytest

from server.demo.fleet import TOPICS, SeedReport, seed
from tools.db.migrate import migrate
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection

_SEEDING = """
import asyncio, sys
from server.demo.fleet import seed
asyncio.run(seed(*sys.argv[1:]))
"""


@dataclass(frozen=True, slots=True)
class Fleet:
    bootstrap_servers: str
    schema_registry: str
    database_url: str
    report: SeedReport
    left_by_the_kill: int

    @property
    def admin(self) -> KafkaAdmin:
        return KafkaAdmin(KafkaConnection(self.bootstrap_servers))


@pytest.fixture(scope="package")
async def fleet(bootstrap_servers: str, registry_url: str, stack) -> AsyncIterator[Fleet]:
    name = f"test_demo_{secrets.token_hex(4)}"
    database = urlsplit(stack.database_url)._replace(path=f"/{name}").geturl()
    admin = KafkaAdmin(KafkaConnection(bootstrap_servers))
    await _execute(stack.database_url, f"create database {name}")
    try:
        await migrate(database)
        servers = (bootstrap_servers, registry_url, database)
        left = await _seed_and_kill(servers, admin)
        yield Fleet(*servers, await seed(*servers), left)
    finally:
        present = await admin.topics([topic.name for topic in TOPICS])
        await admin.delete_topics([topic.name for topic in present])
        await _execute(stack.database_url, f"drop database {name} with (force)")


async def _seed_and_kill(servers: tuple[str, str, str], admin: KafkaAdmin) -> int:
    """How many messages a seeding left behind that was killed as soon as there were some."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _SEEDING, *servers)
    try:
        await until_more_than(3_000, admin, process)
    finally:
        if process.returncode is None:
            os.kill(process.pid, signal.SIGKILL)
        await process.wait()
    return await count(admin)


async def until_more_than(
    messages: int, admin: KafkaAdmin, process: asyncio.subprocess.Process | None = None
) -> None:
    """Wait for so many messages on the fleet's topics, or for the end of the process."""
    running = lambda: process is None or process.returncode is None  # noqa: E731
    while running() and await count(admin) <= messages:  # noqa: ASYNC110 (Kafka tells no event)
        await asyncio.sleep(0.05)


async def count(admin: KafkaAdmin) -> int:
    """The messages on all topics of the fleet."""
    return sum((await counts(admin)).values())


async def counts(admin: KafkaAdmin) -> dict[str, int]:
    marks = await admin.watermarks([topic.name for topic in TOPICS])
    return {
        name: sum(high - low for low, high in found.offsets.values())
        for name, found in marks.items()
    }


async def _execute(server: str, statement: str) -> None:
    async with await psycopg.AsyncConnection.connect(server, autocommit=True) as connection:
        await connection.execute(statement)
