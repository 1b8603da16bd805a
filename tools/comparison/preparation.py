"""Features of the sources that changed: what their names, descriptions and fields mean."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from core.schema.document import from_document
from core.similarity.comparable import Comparable
from core.similarity.fleet import rows_of
from tools.db.features import FeatureRepository, Features, StaleSource
from tools.embeddings.cache import CachedEmbeddings
from tools.embeddings.legible import vectors_by_text

_AT_ONCE = 500


class Preparation:
    """Reads what the catalog says of sources and keeps what comparison needs of it."""

    def __init__(self, features: FeatureRepository, cache: CachedEmbeddings) -> None:
        self._features = features
        self._cache = cache

    async def run(self, only: Sequence[int] | None = None) -> int:
        """How many sources were read: those that changed, of `only` some where they are given."""
        after, read = -1, 0
        await self._features.forget_gone()
        while stale := await self._features.stale(after, _AT_ONCE, only):
            await self._features.put(await self._read(stale))
            after, read = stale[-1].id, read + len(stale)
        return read

    async def _read(self, stale: Sequence[StaleSource]) -> list[tuple[str, Features]]:
        sources = await asyncio.to_thread(
            lambda: [
                Comparable.of(one.name, from_document(one.schema), one.description) for one in stale
            ]
        )
        texts = {text for source in sources for text in (source.title.text, source.told)}
        # Words of titles and fields are embedded here too, so that comparing embeds nothing.
        texts |= {text for source in sources for text in source.title.text.split()}
        texts |= {text for source in sources for text in source.field_texts}
        vectors = await vectors_by_text(self._cache.model, texts, self._cache)
        size = self._cache.model.dimension
        titles = rows_of([source.title.text for source in sources], vectors, size)
        tolds = rows_of([source.told for source in sources], vectors, size)
        return [
            (
                one.inputs,
                Features(
                    one.id, one.name, titles[place], tolds[place],
                    source.title.line, source.title.space, source.terms,
                ),
            )
            for place, (one, source) in enumerate(zip(stale, sources, strict=True))
        ]  # fmt: skip
