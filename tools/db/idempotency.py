"""Which result a POST gave under its Idempotency-Key."""

from __future__ import annotations

from tools.db.pool import Connection, Pool
from tools.db.sql import load

_SQL = load("idempotency")


class IdempotencyKeys:
    """Keys are kept per operation; a result is the id of what was made."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find(self, operation: str, key: str) -> str | None:
        given = {"operation": operation, "key": key}
        async with self._pool.connection() as conn:
            row = await (await conn.execute(_SQL["find"], given)).fetchone()
        return None if row is None else str(row["result"])

    async def keep(self, operation: str, key: str, result: str) -> str:
        """The result that stands under the key: this one, or the one of whoever was first."""
        given = {"operation": operation, "key": key, "result": result}
        async with self._pool.connection() as conn:
            row = await (await conn.execute(_SQL["keep"], given)).fetchone()
        return result if row is None else str(row["result"])


async def first_result(conn: Connection, operation: str, key: str, result: str) -> str:
    """The result that stands under the key, within the caller's transaction: this one or an older.

    Whoever comes second waits here until the first one's transaction has ended.
    """
    given = {"operation": operation, "key": key, "result": result}
    row = await (await conn.execute(_SQL["keep"], given)).fetchone()
    if row is None:
        # The first one ended while we waited: only a new statement sees its row.
        row = await (await conn.execute(_SQL["find"], given)).fetchone()
    return result if row is None else str(row["result"])
