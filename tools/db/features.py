"""What comparison knows of each source before its fields are looked at, and who is near whom."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pgvector import HalfVector
from psycopg.rows import DictRow
from psycopg.sql import SQL, Identifier, Literal
from psycopg.types.json import Jsonb

from core.arrays import Floats, Ints
from tools.db.pool import Pool
from tools.db.sql import load

_SQL = load("comparison")
_READING = "1"
"""Raised where features are read otherwise, so that those of older versions are read anew."""

Ids = Ints


@dataclass(frozen=True, slots=True)
class StaleSource:
    """A source whose features are missing or old; `schema` is a document."""

    id: int
    name: str
    description: str
    schema: Any
    inputs: str


@dataclass(frozen=True, slots=True)
class Features:
    """Unit vectors of the title and of the title with the description."""

    id: int
    name: str
    title: Floats
    told: Floats
    line: str
    space: str
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Near:
    """A source's neighbours, nearest first, itself left out."""

    ids: Ids
    cosines: Floats


class FeatureRepository:
    """The features of one cluster's sources under one embedding model."""

    def __init__(self, pool: Pool, cluster: str, model: str, dimension: int) -> None:
        self._pool = pool
        self._model, self._dimension = model, dimension
        self._given = {"cluster": cluster, "model": model}
        self.cluster = cluster

    async def ensure_indexes(self) -> None:
        """Cheap to call again."""
        digest = hashlib.sha256(self._model.encode()).hexdigest()[:12]
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(load("search_models")["one_at_a_time"])
            await connection.execute("set local maintenance_work_mem = '512MB'")
            for column in ("title", "told"):
                name = Identifier(f"source_features_{column}_{digest}")
                await connection.execute(
                    SQL(_SQL["index_features"]).format(
                        name=name,
                        column=Identifier(column),
                        dimension=Literal(self._dimension),
                        model=Literal(self._model),
                    )
                )

    async def stale(
        self, after: int, limit: int, only: Sequence[int] | None = None
    ) -> list[StaleSource]:
        """By id, those after the given one; of `only` some sources where they are given."""
        statement = SQL(_SQL["stale"]).format(inputs=SQL(_SQL["inputs"]))
        chosen = None if only is None else list(only)
        page = {"after": after, "limit": limit, "only": chosen}
        given = {**self._given, "reading": _READING, **page}
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(statement, given)).fetchall()
        return [
            StaleSource(r["id"], r["name"], r["description"] or "", r["schema"], r["inputs"])
            for r in rows
        ]

    async def put(self, found: Sequence[tuple[str, Features]]) -> None:
        """Each with the inputs that it was read off."""
        given = {
            "ids": [features.id for _, features in found],
            "clusters": [self.cluster] * len(found),
            "models": [self._model] * len(found),
            "inputs": [inputs for inputs, _ in found],
            "titles": [HalfVector(features.title) for _, features in found],
            "tolds": [HalfVector(features.told) for _, features in found],
            "lines": [features.line for _, features in found],
            "spaces": [features.space for _, features in found],
            "terms": [Jsonb(sorted(features.terms)) for _, features in found],
        }
        await self._execute("put", given)

    async def forget_gone(self) -> None:
        for query in ("forget_pairs_of_gone", "forget_gone"):
            await self._execute(query, self._given)

    async def all_anew(self) -> None:
        """Every source counts as not compared."""
        await self._execute("all_anew", self._given)

    async def counts(self) -> tuple[int, int]:
        """How many sources are not compared, and how many there are."""
        row = (await self._pool.rows(_SQL["count_uncompared"], self._given))[0]
        return row["uncompared"], row["sources"]

    async def uncompared(self) -> list[int]:
        """By id."""
        found = await self._pool.rows(_SQL["uncompared"], self._given)
        return [row["source_id"] for row in found]

    async def count_terms(self) -> None:
        """How many sources have a field of each meaning, counted anew."""
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(_SQL["forget_terms"], self._given)
            await connection.execute(_SQL["count_terms"], self._given)

    async def lines(self) -> int:
        """Sources with the versions of one counted once."""
        return int((await self._pool.rows(_SQL["count_lines"], self._given))[0]["lines"])

    async def carriers_of(self, terms: Sequence[str]) -> Mapping[str, int]:
        """Term -> how many have it, as last counted."""
        rows = await self._pool.rows(_SQL["terms"], {**self._given, "terms": list(terms)})
        return {row["term"]: row["sources"] for row in rows}

    async def with_terms(
        self, terms: Sequence[str], limit: int
    ) -> Sequence[tuple[int, frozenset[str]]]:
        """Sources that have any of the terms, with all of theirs."""
        given = {**self._given, "terms": list(terms), "limit": limit}
        rows = await self._pool.rows(_SQL["carriers"], given)
        return [(row["source_id"], frozenset(row["terms"])) for row in rows]

    async def read(self, ids: Sequence[int]) -> list[Features]:
        """By id; those that have none are left out."""
        given = {**self._given, "ids": list(ids)}
        rows = await self._pool.rows(_SQL["features"], given, binary=True)
        return [
            Features(
                row["source_id"], row["name"], _vector(row["title"]), _vector(row["told"]),
                row["line"], row["space"], frozenset(row["terms"]),
            )
            for row in rows
        ]  # fmt: skip

    async def near(self, column: str, ids: Sequence[int], count: int) -> dict[int, Near]:
        """The `count` nearest of each by `title` or by `told`."""
        statement = SQL(_SQL["near"]).format(
            column=Identifier(column),
            dimension=Literal(self._dimension),
            model=Literal(self._model),
            limit=Literal(count + 1),
        )
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(_SQL["look_no_further"])
            found = await connection.execute(statement, {"ids": list(ids)}, binary=True)
            rows = await found.fetchall()
        return {row["source_id"]: _near(row, count) for row in rows}

    async def places(self, ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
        """Line and space by source id."""
        rows = await self._pool.rows(_SQL["places"], {"ids": list(ids)})
        return {row["source_id"]: (row["line"], row["space"]) for row in rows}

    async def _execute(self, query: str, given: Mapping[str, object]) -> None:
        async with self._pool.connection() as connection:
            await connection.execute(_SQL[query], given)


def _vector(stored: HalfVector) -> Floats:
    return np.asarray(stored.to_numpy(), np.float32)


def _near(row: DictRow, count: int) -> Near:
    ids, cosines = np.array(row["ids"], np.int64), np.array(row["cosines"], np.float32)
    others = ids != row["source_id"]
    return Near(ids[others][:count], cosines[others][:count])
