"""Two sources compared when somebody asks, whether or not the analysis found them alike."""

from __future__ import annotations

from core.comparison import Comparison
from tools.comparison.alignments import Alignments
from tools.comparison.preparation import Preparation
from tools.comparison.reading import Reader
from tools.comparison.scoring import Scoring, pair
from tools.db.features import FeatureRepository
from tools.db.pool import Pool
from tools.db.sources import SourceRepository
from tools.embeddings.cache import CachedEmbeddings
from tools.embeddings.model import EmbeddingModel


class NothingToCompareError(LookupError):
    """One of the two has no schema yet, or they are one and the same."""


class Comparer:
    """Reads only the two and their neighbours."""

    def __init__(self, pool: Pool, embeddings: EmbeddingModel) -> None:
        self._pool = pool
        self._embeddings = embeddings
        self._sources = SourceRepository(pool)
        self._cache = CachedEmbeddings(pool, embeddings)

    async def compare(self, left: str, right: str, cluster: str) -> Comparison:
        """As they are now. Raises `SourceNotFoundError` and `NothingToCompareError`."""
        sides = [await self._sources.get(name, cluster) for name in (left, right)]
        if sides[0].id == sides[1].id:
            raise NothingToCompareError(f"{left!r} is one source: name another to compare it with.")
        for side in sides:
            if side.schema is None:
                raise NothingToCompareError(
                    f"No schema is known of {side.summary.name!r}: no message of it could be read "
                    "yet. Scan again once it has messages."
                )
        model = self._embeddings
        features = FeatureRepository(self._pool, cluster, model.model_id, model.dimension)
        # What changed of the two since the last analysis is read here; all else can wait for it.
        await Preparation(features, self._cache).run([side.id for side in sides])
        both = pair(sides[0].id, sides[1].id)
        lines = await features.lines()
        scored = await Scoring(features, self._cache, lines).scores([both])
        alignments = Alignments(Reader(self._pool), features, self._cache, lines)
        found = (await alignments.of(scored)).pairs.get(both)
        if found is None:
            raise NothingToCompareError(
                f"{left!r} and {right!r} cannot be compared: one of them vanished. Scan again."
            )
        return found if both[0] == sides[0].id else found.turned
