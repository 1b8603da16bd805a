"""Sources with the quality of their records beside them, for a page at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from core.search import SearchHit
from core.source import SourceSummary
from tools.db.quality import QualityRepository


async def scored(
    quality: QualityRepository, sources: Iterable[SourceSummary]
) -> tuple[SourceSummary, ...]:
    """In the same order; what is not watched stays as it is."""
    found = tuple(sources)
    names: defaultdict[str, list[str]] = defaultdict(list)
    for source in found:
        names[source.cluster].append(source.name)
    known = {cluster: await quality.summaries(cluster, named) for cluster, named in names.items()}
    return tuple(
        source.model_copy(update={"quality": known[source.cluster].get(source.name)})
        for source in found
    )


async def scored_hits(
    quality: QualityRepository, *lists: Sequence[SearchHit]
) -> list[tuple[SearchHit, ...]]:
    """Lists of hits, asked for together."""
    sources = iter(await scored(quality, (hit.source for hits in lists for hit in hits)))
    return [
        tuple(hit.model_copy(update={"source": next(sources)}) for hit in hits) for hits in lists
    ]
