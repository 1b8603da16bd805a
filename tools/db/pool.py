"""The pool of Postgres connections that the whole process shares."""

from __future__ import annotations

import select
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import LiteralString

import psycopg
from pgvector.psycopg import register_vector_async
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from tools import tracing
from tools.db.errors import translated
from tools.db.traced import TracedCursor

Connection = AsyncConnection[DictRow]

SEARCH_SETTINGS: Mapping[str, str] = MappingProxyType(
    {"hnsw.ef_search": "200", "hnsw.iterative_scan": "relaxed_order"}
)
"""Set on every connection: prepared statements ignore planner settings that come later."""

_KEEPALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}


class Pool(AsyncConnectionPool[Connection]):
    """Connections in autocommit mode with dict rows; open a transaction with `conn.transaction()`.

    A connection is checked before it is lent, so a restarted Postgres costs a reconnect and no
    error. Raises `DatabaseUnreachableError` when none could be had within the timeout.
    """

    @asynccontextmanager
    async def connection(
        self,
        timeout: float | None = None,  # noqa: ASYNC109 (psycopg's own signature)
    ) -> AsyncIterator[Connection]:
        with translated():
            async with super().connection(timeout) as connection:
                try:
                    yield connection
                except psycopg.errors.FeatureNotSupported:
                    # A statement was prepared for tables that have other columns now, and would
                    # fail on this connection for ever.
                    await connection.close()
                    raise

    async def rows(
        self, statement: LiteralString, given: Mapping[str, object], *, binary: bool = False
    ) -> list[DictRow]:
        """What one statement gives back, by itself; nothing of one that gives nothing back."""
        async with self.connection() as connection:
            found = await connection.execute(statement, given, binary=binary)
            return await found.fetchall() if found.description else []


async def open_pool(
    url: str,
    *,
    min_size: int = 1,
    max_size: int = 10,
    timeout: float = 15.0,  # noqa: ASYNC109 (the pool's own timeout)
    settings: Mapping[str, str] = SEARCH_SETTINGS,
) -> Pool:
    """A pool that is open and has reached Postgres once; the caller closes it.

    `settings` are set on every new connection. `timeout` is the wait in seconds for a connection.
    """

    async def configure(connection: Connection) -> None:
        for name, value in settings.items():
            await connection.execute("select set_config(%s, %s, false)", (name, value))
        await _register_vector(connection)

    pool = Pool(
        url,
        connection_class=AsyncConnection[DictRow],
        kwargs={
            "autocommit": True,
            "row_factory": dict_row,
            "connect_timeout": 5,
            **_KEEPALIVE,
            **({"cursor_factory": TracedCursor} if tracing.on() else {}),
        },
        min_size=min_size,
        max_size=max_size,
        timeout=timeout,
        reconnect_timeout=timeout,
        configure=configure,
        check=_check,
        open=False,
        name="headwater",
    )
    with translated():
        try:
            await pool.open(wait=True, timeout=timeout)
        except BaseException:
            await pool.close()
            raise
    return pool


async def _check(connection: Connection) -> None:
    """Ask Postgres only where its side has closed: an idle connection has nothing to be read.

    Asking always costs a search of five look-ups a millisecond.
    """
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        await AsyncConnectionPool.check_connection(connection)


async def _register_vector(connection: Connection) -> None:
    """Let numpy arrays and vectors pass; a database that is not migrated yet has no such type."""
    try:
        await register_vector_async(connection)
    except psycopg.ProgrammingError:
        return
