"""A scratch database for a run: on the configured Postgres, or on one started for the purpose."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Composed, Identifier

from server.embedded.alone import postgres_alone
from server.embedded.data_dir import DataDir
from server.embedded.port_claims import free_ports
from server.scratch_folder import scratch_folder
from tools.db.migrate import migrate


@asynccontextmanager
async def scratch_database(server: str | None) -> AsyncIterator[str]:
    """The URL of a fresh, migrated database, dropped afterwards; None starts a Postgres for it."""
    async with AsyncExitStack() as stack:
        url = server or str(await stack.enter_async_context(_own_postgres()))
        name = f"headwater_{secrets.token_hex(4)}"
        await _execute(url, SQL("create database {}").format(Identifier(name)))
        fresh = make_conninfo(url, dbname=name)
        try:
            await migrate(fresh)
            yield fresh
        finally:
            await _execute(url, SQL("drop database {} with (force)").format(Identifier(name)))


@asynccontextmanager
async def _own_postgres() -> AsyncIterator[str]:
    with scratch_folder() as folder, DataDir(folder) as data_dir:
        async with postgres_alone(data_dir, free_ports(), durable=False) as postgres:
            yield postgres.url("postgres")


async def _execute(url: str, statement: Composed) -> None:
    async with await AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(statement)
