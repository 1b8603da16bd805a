"""What is measured over the whole catalog: word counts, hubs and the spread of similarities."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pgvector import HalfVector
from psycopg.rows import DictRow

from core.ranking.names import leaf, spoken
from core.ranking.score import Scale, hubness
from tools.db.pool import Connection, Pool
from tools.db.sql import load
from tools.embeddings.cache import CachedEmbeddings
from tools.embeddings.model import Vectors

_SQL = load("search_refresh")
PROBES = 1_000
"""Texts that stand for queries, at most: hubs are measured against them."""
_GROWTH = 1.5
"""The probes are drawn anew when the fleet has grown by this factor."""
_SAMPLE = 2_000
_AT_ONCE = 5_000
_SENTENCE = re.compile(r"(?<=[.!?])\s")


@dataclass(frozen=True, slots=True)
class _State:
    """The index as it is, and as it was at the last refresh (`known` is its stamp)."""

    stamp: str
    sources: int
    known: str | None
    probed: int

    @property
    def stale(self) -> bool:
        return self.stamp != self.known

    @property
    def outgrown(self) -> bool:
        return self.sources >= max(1, self.probed) * _GROWTH


class Refresh:
    """One refresh. Where two run at once, the second finds nothing left to do."""

    def __init__(self, pool: Pool, cache: CachedEmbeddings) -> None:
        self._pool = pool
        self._cache = cache
        self._model = {"model": cache.model.model_id}

    async def run(self) -> None:
        async with self._pool.connection() as connection:
            state = await self._state(connection)
        if not state.stale:
            return
        # Embedding may take long, so it is done before anything is locked.
        drawn = await self._drawn() if state.outgrown else {}
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(_SQL["one_at_a_time"])
            state = await self._state(connection)
            if state.stale:
                await self._measure(connection, state, drawn)

    async def _state(self, connection: Connection) -> _State:
        now = await _rows(connection, "stamp", self._model)
        before = await _rows(connection, "statistics", self._model)
        if not before:
            return _State(now[0]["stamp"], now[0]["sources"], None, 0)
        return _State(now[0]["stamp"], now[0]["sources"], before[0]["stamp"], before[0]["probed"])

    async def _measure(
        self, connection: Connection, state: _State, drawn: Mapping[str, Vectors]
    ) -> None:
        for query in ("forget_terms", "count_terms", "add_words"):
            await connection.execute(_SQL[query])
        probed = state.probed
        if drawn:
            await self._draw(connection, drawn)
            probed = state.sources
        probes = _stacked(await _rows(connection, "probes", self._model))
        await self._put_hubs(connection, probes)
        scale = await self._scale(connection, probes)
        found = {"sources": state.sources, "stamp": state.stamp, "probed": probed}
        measured = {"centre": scale.centre, "spread": scale.spread}
        await connection.execute(_SQL["record"], {**self._model, **found, **measured})
        await connection.execute(_SQL["forget_other_models"], self._model)

    async def _drawn(self) -> dict[str, Vectors]:
        """Texts that stand for queries: names, leaf names, first sentences; each once."""
        async with self._pool.connection() as connection:
            rows = await _rows(connection, "speakable", {"limit": PROBES})
        texts = [
            text
            for row in rows
            for text in (
                leaf(row["name"]),
                spoken(row["name"]),
                _SENTENCE.split(row["description"] or "")[0],
            )
            if text
        ]
        probes = list(dict.fromkeys(texts))[:PROBES]
        return dict(zip(probes, await self._cache.vectors(probes), strict=True))

    async def _draw(self, connection: Connection, drawn: Mapping[str, Vectors]) -> None:
        await connection.execute(_SQL["forget_probes"], self._model)
        rows = [
            {**self._model, "text": text, "vector": HalfVector(vector)}
            for text, vector in drawn.items()
        ]
        await connection.cursor().executemany(_SQL["add_probe"], rows)
        await connection.execute(_SQL["forget_hubs"], self._model)

    async def _put_hubs(self, connection: Connection, probes: Vectors) -> None:
        after = -1
        while len(probes):
            given = {**self._model, "after": after, "limit": _AT_ONCE}
            rows = await _rows(connection, "without_hub", given)
            if not rows:
                return
            hubs = await asyncio.to_thread(lambda: hubness(probes @ _stacked(rows).T))  # noqa: B023
            ids = [row["source_id"] for row in rows]
            given = {**self._model, "ids": ids, "hubs": hubs.tolist()}
            await connection.execute(_SQL["put_hubs"], given)
            after = ids[-1]

    async def _scale(self, connection: Connection, probes: Vectors) -> Scale:
        rows = await _rows(connection, "some_vectors", {**self._model, "limit": _SAMPLE})
        if len(rows) < 3 or not len(probes):
            return Scale()
        found = probes @ _stacked(rows).T
        return Scale(float(found.mean()), float(found.std(axis=1).mean()) or Scale().spread)


async def _rows(connection: Connection, query: str, given: Mapping[str, object]) -> list[DictRow]:
    return await (await connection.execute(_SQL[query], given, binary=True)).fetchall()


def _stacked(rows: Sequence[DictRow]) -> Vectors:
    if not rows:
        return np.zeros((0, 0), np.float32)
    return np.stack([row["vector"].to_numpy() for row in rows]).astype(np.float32)
