"""Pairs of sources that have something to do with each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from psycopg.rows import DictRow

from core.comparison import Comparison, FieldAlignment
from tools.db.pool import Pool
from tools.db.sql import load

_SQL = load("comparison")
_PAIRS = load("pairs")
_PLAIN = ("relation", "kinship", "probability", "similarity", "left_in_right", "right_in_left")


class PairRepository:
    """Written by the analysis alone; a pair is kept once, the smaller id at the left."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def now(self) -> datetime:
        """By Postgres' clock."""
        found: datetime = (await self._pool.rows(_SQL["now"], {}))[0]["now"]
        return found

    async def of_sources(self, ids: Sequence[int]) -> list[tuple[int, int]]:
        """The ids of all pairs that some sources have."""
        rows = await self._pool.rows(_SQL["pairs_of"], {"ids": list(ids)})
        return [(row["left_id"], row["right_id"]) for row in rows]

    async def put(
        self,
        compared: Sequence[int],
        pairs: Mapping[tuple[int, int], Comparison],
        model: str,
        since: datetime,
    ) -> None:
        """Pairs of the compared sources, which replace those that they had before `since`."""
        async with self._pool.connection() as connection, connection.transaction():
            given = {"ids": list(compared), "since": since}
            await connection.execute(_SQL["forget_pairs"], given)
            await connection.execute(_SQL["put_pairs"], _columns(pairs, model))
            await connection.execute(_SQL["compared"], {"ids": list(compared)})

    async def of_source(self, source_id: int) -> list[Comparison]:
        """Those of one source, which stands at the left; the likest first."""
        rows = await self._pool.rows(_PAIRS["of_source"], {"id": source_id})
        found = [_comparison(row) for row in rows]
        return [
            pair if row["left_id"] == source_id else pair.turned
            for row, pair in zip(rows, found, strict=True)
        ]

    async def listed(self, cluster: str, relations: Sequence[str]) -> list[Comparison]:
        """All pairs of present sources that are one of these to each other, the likest first."""
        return [
            _comparison(row)
            for row in await self._pool.rows(
                _PAIRS["listed"], {"cluster": cluster, "relations": list(relations)}
            )
        ]


def _columns(pairs: Mapping[tuple[int, int], Comparison], model: str) -> dict[str, object]:
    """All rows at once, a list for each column."""
    ordered = sorted(pairs.items())
    found = [pair for _, pair in ordered]
    return {
        "model": model,
        "left_id": [ids[0] for ids, _ in ordered],
        "right_id": [ids[1] for ids, _ in ordered],
        "alignment": [pair.alignment.model_dump_json() for pair in found],
        **{name: [getattr(pair, name) for pair in found] for name in _PLAIN},
    }


def _comparison(row: DictRow) -> Comparison:
    kept = {name: row[name] for name in Comparison.model_fields if name != "alignment"}
    return Comparison(**kept, alignment=FieldAlignment.model_validate(row["alignment"]))
