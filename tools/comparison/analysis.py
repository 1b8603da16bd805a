"""Which sources of a cluster are the same twice: found anew for those that changed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.analysis import AnalysisProgress
from core.similarity.relation import Relation
from core.similarity.verdict import POSSIBLE
from tools.comparison.alignments import Alignments
from tools.comparison.preparation import Preparation
from tools.comparison.reading import Reader
from tools.comparison.scoring import Pair, Scoring
from tools.db.features import FeatureRepository
from tools.db.pairs import PairRepository
from tools.db.pool import Pool
from tools.embeddings.cache import CachedEmbeddings
from tools.embeddings.model import EmbeddingModel

_AT_ONCE = 200
"""Sources whose pairs are compared, and written, together: a killed run keeps what it did."""
_AHEAD = 64
"""Batches that are scored and wait for being aligned, at most."""
_FEW = 0.01
"""The share of sources that may change before the weights of fields are counted anew."""

OnProgress = Callable[[AnalysisProgress], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Sources to compare, how many pairs of theirs were scored, and those that may be the same."""

    ids: list[int]
    candidates: int
    possible: dict[Pair, float]


def _good(batch: _Batch | Exception) -> _Batch | None:
    """None at the end. Raises what scoring came upon."""
    if isinstance(batch, Exception):
        raise batch
    return batch if batch.ids else None


class Analysis:
    """Of one cluster. A changed source costs the comparison with its own candidates only."""

    def __init__(self, pool: Pool, embeddings: EmbeddingModel, cluster: str) -> None:
        self._pool = pool
        self._model = embeddings.model_id
        self._cache = CachedEmbeddings(pool, embeddings)
        self._features = FeatureRepository(pool, cluster, embeddings.model_id, embeddings.dimension)
        self._pairs = PairRepository(pool)

    async def run(self, tell: OnProgress, *, whole: bool = False) -> AnalysisProgress:
        """Prepare what changed, then compare it; `whole` compares every source anew.

        Raises `EmbeddingError` and `DatabaseUnreachableError`; what was compared is kept.
        """
        started = time.monotonic()
        await self._features.ensure_indexes()
        await Preparation(self._features, self._cache).run()
        if whole:
            await self._features.all_anew()
        total, sources = await self._features.counts()
        if total > _FEW * sources:
            await self._features.count_terms()
        progress = AnalysisProgress(sources=sources, total=total)
        lines = await self._features.lines()
        scoring = Scoring(self._features, self._cache, lines)
        alignments = Alignments(Reader(self._pool), self._features, self._cache, lines)
        # While batches are aligned here, Postgres looks for the neighbours of others.
        scored: asyncio.Queue[_Batch | Exception] = asyncio.Queue(_AHEAD)
        ahead = asyncio.create_task(self._score(scoring, scored))
        try:
            while batch := _good(await scored.get()):
                progress = await self._aligned(batch, alignments, progress)
                progress = progress.model_copy(update={"seconds": time.monotonic() - started})
                await tell(progress)
        finally:
            ahead.cancel()
            await asyncio.gather(ahead, return_exceptions=True)
        return progress.model_copy(update={"seconds": time.monotonic() - started})

    async def _score(self, scoring: Scoring, scored: asyncio.Queue[_Batch | Exception]) -> None:
        """All batches in their order, and at the end an empty one, or why there are no more."""
        after = -1
        while True:
            try:
                batch = await self._scored(after, scoring)
            except Exception as error:
                await scored.put(error)
                return
            await scored.put(batch)
            if not batch.ids:
                return
            after = batch.ids[-1]

    async def _scored(self, after: int, scoring: Scoring) -> _Batch:
        """The next sources that are not compared, and which pairs of theirs may be the same."""
        ids = await self._features.uncompared(after, _AT_ONCE)
        candidates = await scoring.candidates(ids) if ids else []
        scored = await scoring.scores(candidates) if candidates else {}
        possible = {both: said for both, said in scored.items() if said >= POSSIBLE}
        return _Batch(ids, len(candidates), possible)

    async def _aligned(
        self, batch: _Batch, alignments: Alignments, before: AnalysisProgress
    ) -> AnalysisProgress:
        compared = await alignments.of(batch.possible, different=False)
        await self._pairs.put(batch.ids, compared.pairs, self._model)
        twice = sum(found.relation is Relation.DUPLICATE for found in compared.pairs.values())
        return before.model_copy(
            update={
                "done": before.done + len(batch.ids),
                "candidates": before.candidates + batch.candidates,
                "aligned": before.aligned + compared.looked_at,
                "duplicates": before.duplicates + twice,
            }
        )
