"""The search index: documents and vectors of the catalog's sources."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from pgvector import HalfVector
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from core.ranking.names import key, spoken
from core.ranking.score import pack_terms
from tools.db.pool import Pool
from tools.db.sql import load
from tools.embeddings.cache import CachedEmbeddings
from tools.embeddings.model import EmbeddingModel, Vectors
from tools.search.document import READING, SearchDocument, Views, rarest, views_of
from tools.search.refresh import Refresh
from tools.search.vector_index import ensure_index

_SQL = load("search_index")
_AT_ONCE = 256
"""Sources that are embedded between two writes."""

Items = Sequence[tuple[int, SearchDocument]]
"""Source ids with what is to be searched of them."""


@dataclass(frozen=True, slots=True)
class _Fleet:
    """How many sources there are, and in how many of them a field name occurs."""

    sources: int
    sources_with: Mapping[str, int]


class SearchIndex:
    """`put` what a scan found, then `refresh` once; both may run in several processes."""

    def __init__(self, pool: Pool, embeddings: EmbeddingModel) -> None:
        self._pool = pool
        self._model = embeddings
        self._cache = CachedEmbeddings(pool, embeddings)
        self._ready = False

    async def put(self, items: Items) -> int:
        """Index these sources; returns how many were embedded, since unchanged ones are skipped.

        What a managed source's product is called is added here. Hand over many at a time: what is
        usual in the fleet is learned from the fleet. Sources can be found at once, and are ranked
        well after `refresh`. Raises EmbeddingModelUnavailable;
        the documents are kept then, and the next `refresh` embeds them.
        """
        latest = dict(await self._with_product_names(items))
        known = await self._known(list(latest))
        changed = [
            (source, document)
            for source, document in sorted(latest.items())
            if source not in known or known[source]["hash"] != document.hash
        ]
        await self._put_documents(changed)
        waiting = [
            (source, document)
            for source, document in sorted(latest.items())
            if source not in known or known[source]["embedded"] != document.hash
        ]
        return await self._embed(waiting)

    async def refresh(self) -> None:
        """Bring the catalog-wide statistics up to date; does nothing when nothing was put.

        Follows products that were put, renamed or retired, and reads again what an older version
        has read otherwise. Embeds what has no vector yet: after a change of the model, everything.
        """
        await self._follow()
        await self._execute("count_teams")
        await self._catch_up()
        await asyncio.gather(self._prepare(), Refresh(self._pool, self._cache).run())

    async def _prepare(self) -> None:
        """The vector index of a fresh catalog or model comes last: at once it is built some ten
        times faster than row by row, and until then Postgres compares with every row. Postgres
        builds it while the refresh embeds."""
        if not self._ready:
            await ensure_index(self._pool, self._model)
            self._ready = True

    async def _with_product_names(self, items: Items) -> Items:
        ids = [source for source, _ in items]
        rows = await self._rows("product_names", {"ids": ids})
        names = {row["source_id"]: tuple(row["product_names"]) for row in rows}
        return [
            (source, replace(document, product_names=names.get(source, ())))
            for source, document in items
        ]

    async def _follow(self) -> None:
        given = {"limit": _AT_ONCE, "reading": READING}
        while rows := await self._rows("overtaken", given):
            stored = [(row["source_id"], _stored(row)) for row in rows]
            await self._put_documents(await self._with_product_names(stored))

    async def _catch_up(self) -> None:
        given = {"model": self._model.model_id, "limit": _AT_ONCE}
        done: set[int] = set()
        while True:
            fleet = await self._rows("fleet", {})
            rows = await self._rows("waiting", {**given, "fleet": fleet[0]["sources"]})
            items = [(row["source_id"], _stored(row)) for row in rows]
            if not {source for source, _ in items} - done:
                return
            done |= {source for source, _ in items}
            await self._embed(items)

    async def _known(self, ids: list[int]) -> dict[int, DictRow]:
        rows = await self._rows("known", {"ids": ids, "model": self._model.model_id})
        return {row["source_id"]: row for row in rows}

    async def _put_documents(self, items: Items) -> None:
        rows = [_document_row(source, document) for source, document in items]
        names = [row for source, document in items for row in _name_rows(source, document)]
        ids = [source for source, _ in items]
        if not rows:
            return
        async with self._pool.connection() as connection, connection.transaction():
            cursor = connection.cursor()
            await cursor.executemany(_SQL["put_document"], rows)
            await cursor.execute(_SQL["forget_product_names"], {"ids": ids})
            if names:
                await cursor.executemany(_SQL["put_product_name"], names)

    async def _embed(self, items: Items) -> int:
        if not items:
            return 0
        fleet = await self._fleet(items)
        for start in range(0, len(items), _AT_ONCE):
            await self._embed_some(items[start : start + _AT_ONCE], fleet)
        return len(items)

    async def _embed_some(self, items: Items, fleet: _Fleet) -> None:
        chosen = [rarest(document, fleet.sources_with) for _, document in items]
        views = [
            views_of(document, fields) for (_, document), fields in zip(items, chosen, strict=True)
        ]
        tokens = [packed.tokens for packed in await self._cache.packed([v.names for v in views])]
        vectors = await self._summed(views)
        # Embedded ahead, so that a search can say at once which field is meant.
        await self._cache.vectors(list({name for fields in chosen for name in fields}))
        given = {
            "model": self._model.model_id,
            "fleet": fleet.sources,
            "ids": [source for source, _ in items],
            "hashes": [document.hash for _, document in items],
            "vectors": [HalfVector(vector) for vector in vectors],
            "tokens": [signs or b"" for signs in tokens],
            "terms": [pack_terms(document.terms) for _, document in items],
        }
        async with self._pool.connection() as connection:
            await connection.execute(_SQL["put_vectors"], given)
            await connection.execute(_SQL["forget_hubs"], given)

    async def _summed(self, views: Sequence[Views]) -> list[Vectors]:
        texts = [text for view in views for text in view.texts]
        rows = await self._cache.vectors(texts)
        each = len(Views.__slots__)
        return [np.mean(rows[at : at + each], axis=0) for at in range(0, len(rows), each)]

    async def _fleet(self, items: Items) -> _Fleet:
        names = {name for _, document in items for name in document.field_names}
        rows = await self._rows("field_counts", {"names": list(names)})
        counts = {row["name"]: row["sources"] for row in rows}
        return _Fleet((await self._rows("fleet", {}))[0]["sources"], counts)

    async def _rows(self, query: str, given: Mapping[str, object]) -> list[DictRow]:
        async with self._pool.connection() as connection:
            return await (await connection.execute(_SQL[query], given)).fetchall()

    async def _execute(self, query: str) -> None:
        async with self._pool.connection() as connection:
            await connection.execute(_SQL[query])


def _document_row(source: int, document: SearchDocument) -> dict[str, object]:
    # Postgres keeps no NUL in text.
    content = {"description": document.description, "fields": document.fields}
    return {
        "source_id": source,
        "hash": document.hash,
        "document": Jsonb(content),
        "name_key": key(document.name),
        "name_words": spoken(document.name),
        "field_names": list(document.field_names),
        "terms": list(document.terms),
        "product_names": list(document.product_names),
        "reading": READING,
    }


def _name_rows(source: int, document: SearchDocument) -> list[dict[str, object]]:
    """The different spellings of its product's names, each once."""
    named = {key(name): spoken(name) for name in reversed(document.product_names) if key(name)}
    return [{"source_id": source, "name_key": k, "name_words": said} for k, said in named.items()]


def _stored(row: DictRow) -> SearchDocument:
    fields = tuple((path, kind, doc) for path, kind, doc in row["document"]["fields"])
    names = tuple(row["product_names"])
    return SearchDocument(row["name"], row["document"]["description"], fields, names)
