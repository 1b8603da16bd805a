"""The words by which sources can be narrowed, and how many a filter leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.search import SearchFilters
from tools.db.pool import Pool
from tools.db.sql import load

_SQL = load("facets")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Values in use by present sources, each with its number of sources, commonest first."""

    domains: Mapping[str, int]
    owners: Mapping[str, int]
    formats: Mapping[str, int]


class FacetRepository:
    """Counts over the catalog; each call is one statement."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def vocabulary(self, cluster: str | None = None) -> Vocabulary:
        async with self._pool.connection() as conn:
            rows = await (await conn.execute(_SQL["vocabulary"], {"cluster": cluster})).fetchall()
        found: dict[str, dict[str, int]] = {"domain": {}, "owner": {}, "format": {}}
        for row in rows:
            found[row["facet"]][row["value"]] = row["sources"]
        return Vocabulary(found["domain"], found["owner"], found["format"])

    async def count(self, filters: SearchFilters, cluster: str | None = None) -> int:
        given = {**filters.model_dump(), "cluster": cluster}
        async with self._pool.connection() as conn:
            row = await (await conn.execute(_SQL["count"], given)).fetchone()
        return 0 if row is None else int(row["sources"])
