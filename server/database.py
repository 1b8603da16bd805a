"""All tables that a server needs: our own, the job queue's and those of LangGraph's checkpoints."""

from __future__ import annotations

import asyncio

from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row

from tools.db.errors import translated
from tools.db.migrate import migrate

_LOCK = 0x4EAD3A7F
_POLL_SECONDS = 0.2


async def prepare(database_url: str) -> tuple[str, ...]:
    """Bring a database up to date; the names of the migrations of ours that were applied.

    Safe to run from several processes at once. Raises what `migrate` raises.
    """
    applied = await migrate(database_url)
    with translated():
        async with await AsyncConnection.connect(
            database_url, autocommit=True, prepare_threshold=0, row_factory=dict_row
        ) as connection:
            await _wait_for_turn(connection)
            await AsyncPostgresSaver(connection).setup()
    return applied


async def _wait_for_turn(connection: AsyncConnection[DictRow]) -> None:
    """Of processes that start at once one makes the checkpoints' tables.

    Asked for again and again: who waited for the lock within Postgres would hold up the index that
    is built concurrently, for which its holder waits.
    """
    while True:
        asked = await connection.execute("select pg_try_advisory_lock(%s) as mine", (_LOCK,))
        row = await asked.fetchone()
        if row is not None and row["mine"]:
            return
        await asyncio.sleep(_POLL_SECONDS)
