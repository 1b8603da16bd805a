"""Which sources of a cluster are the same twice: found anew for those that changed."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from core.analysis import AnalysisProgress
from core.similarity.relation import Relation
from core.similarity.verdict import POSSIBLE
from tools.comparison.alignments import Alignments
from tools.comparison.preparation import Preparation
from tools.comparison.reading import Reader
from tools.comparison.scoring import Scoring
from tools.db.features import FeatureRepository
from tools.db.pairs import PairRepository
from tools.db.pool import Pool
from tools.embeddings.cache import CachedEmbeddings
from tools.embeddings.model import EmbeddingModel

_AT_ONCE = 200
"""Sources whose pairs are compared, and written, together: a killed run keeps what it did."""
_FEW = 0.01
"""The share of sources that may change before the weights of fields are counted anew."""

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
        scoring = Scoring(self._features, self._cache, lines)
        alignments = Alignments(Reader(self._pool), self._features, self._cache, lines)
        after = -1
        while ids := await self._features.uncompared(after, _AT_ONCE):
            progress = await self._compare(ids, scoring, alignments, progress)
            progress = progress.model_copy(update={"seconds": time.monotonic() - started})
            await tell(progress)
            after = ids[-1]
        return progress.model_copy(update={"seconds": time.monotonic() - started})

    async def _compare(
        self, ids: list[int], scoring: Scoring, alignments: Alignments, before: AnalysisProgress
    ) -> AnalysisProgress:
        candidates = await scoring.candidates(ids)
        scored = await scoring.scores(candidates)
        possible = {both: said for both, said in scored.items() if said >= POSSIBLE}
        kept = await alignments.of(possible, different=False)
        await self._pairs.put(ids, kept, self._model)
        twice = sum(found.relation is Relation.DUPLICATE for found in kept.values())
        return before.model_copy(
            update={
                "done": before.done + len(ids),
                "candidates": before.candidates + len(candidates),
                "aligned": before.aligned + len(possible),
                "duplicates": before.duplicates + twice,
            }
        )
