"""A database as it is some while after it was filled."""

from __future__ import annotations

from contextlib import suppress

from psycopg.errors import InsufficientPrivilege

from tools.db.pool import Connection


async def settle(connection: Connection) -> None:
    """What autovacuum and the checkpointer do in a while, and would do beside what is measured."""
    await connection.execute("vacuum analyze")
    with suppress(InsufficientPrivilege):
        await connection.execute("checkpoint")
