"""Which sources of a cluster are the same twice: found anew for those that changed."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Awaitable, Callable

from core.analysis import AnalysisProgress
from core.similarity.relation import Relation
from tools.ahead import ahead
from tools.comparison.alignments import Alignments, Compared, Ready
from tools.comparison.preparation import Preparation
from tools.comparison.reading import Reader
from tools.comparison.scored_batches import ScoredBatch, ScoredBatches
from tools.comparison.scoring import Scoring
from tools.comparison.walk import Walk
from tools.db.features import FeatureRepository
from tools.db.pairs import PairRepository
from tools.db.pool import Pool
from tools.embeddings.cache import CachedEmbeddings
from tools.embeddings.model import EmbeddingModel

_SCORED, _READ, _COMPARED = 64, 2, 1
"""Batches that are scored, read and compared, and wait for what comes next, at most."""
_FEW = 0.01
"""The share of sources that may change before the weights of fields are counted anew."""

_Read = tuple[ScoredBatch, Ready]
_Compared = tuple[ScoredBatch, Compared]
OnProgress = Callable[[AnalysisProgress], Awaitable[None]]


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
        since = await self._pairs.now()
        scoring = ScoredBatches(
            Scoring(self._features, self._cache, lines),
            self._pairs,
            Walk(await self._features.uncompared()),
        )
        alignments = Alignments(Reader(self._pool), self._features, self._cache, lines)

        async def read(batches: AsyncGenerator[ScoredBatch]) -> AsyncGenerator[_Read]:
            async for batch in batches:
                yield batch, await alignments.ready(batch.possible)

        async def compare(batches: AsyncGenerator[_Read]) -> AsyncGenerator[_Compared]:
            async for batch, ready in batches:
                yield batch, await alignments.compared(ready, different=False)

        # While a batch is aligned here, Postgres looks for the neighbours of others, reads what
        # comes next and writes what was found of the one before.
        async with (
            ahead(scoring.run(), _SCORED) as scored,
            ahead(read(scored), _READ) as ready,
            ahead(compare(ready), _COMPARED) as compared,
        ):
            async for batch, found in compared:
                await self._pairs.put(batch.ids, found.pairs, self._model, since)
                progress = _after(progress, batch, found, time.monotonic() - started)
                await tell(progress)
        return progress.model_copy(update={"seconds": time.monotonic() - started})


def _after(
    before: AnalysisProgress, batch: ScoredBatch, compared: Compared, seconds: float
) -> AnalysisProgress:
    twice = sum(found.relation is Relation.DUPLICATE for found in compared.pairs.values())
    return before.model_copy(
        update={
            "done": before.done + len(batch.ids),
            "candidates": before.candidates + batch.candidates,
            "aligned": before.aligned + compared.looked_at,
            "duplicates": before.duplicates + twice,
            "seconds": seconds,
        }
    )
