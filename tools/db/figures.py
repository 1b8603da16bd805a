"""Figures of the catalog and its work, for operators: rows of labels and numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from psycopg.rows import DictRow

from tools.db.pool import Pool
from tools.db.sql import load

_SQL = load("figures")


class FigureRepository:
    """Of one cluster. `topics` are those that are told by name."""

    def __init__(self, pool: Pool, cluster: str, topics: Sequence[str] = ()) -> None:
        self._pool = pool
        self._given = {"cluster": cluster, "topics": list(topics)}

    async def read(self, queries: Collection[str]) -> Mapping[str, list[DictRow]]:
        """The rows of each query of `queries/figures.sql`, read over one connection.

        Raises DatabaseUnreachableError.
        """
        found = {}
        async with self._pool.connection() as connection:
            for query in queries:
                cursor = await connection.execute(_SQL[query], self._given)
                found[query] = await cursor.fetchall()
        return found
