"""How many approvals and generations stand where."""

from __future__ import annotations

from tools.db.pool import Pool
from tools.db.sql import load

_SQL = load("governance")


class GovernanceCounts:
    """By status; a status that nothing has is left out."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def approvals(self) -> dict[str, int]:
        return await self._counts("approvals")

    async def generations(self) -> dict[str, int]:
        return await self._counts("generations")

    async def _counts(self, query: str) -> dict[str, int]:
        async with self._pool.connection() as conn:
            rows = await (await conn.execute(_SQL[query])).fetchall()
        return {row["status"]: row["count"] for row in rows}
