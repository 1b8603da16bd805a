"""A sentence in, the catalog's sources out: managed and discovered, best first, each with why."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Sequence

from psycopg.rows import DictRow

from core.search import SearchHit, SearchQuery, SearchResult
from core.source import SourceKind
from tools.db.pool import Pool
from tools.db.sql import load
from tools.db.summaries import summary_of
from tools.embeddings.cache import CachedEmbeddings
from tools.embeddings.model import EmbeddingModel, Encoded, TokenModel
from tools.search.candidates import Candidates
from tools.search.cursor import cursor_after, place_of
from tools.search.question import Question, question_of
from tools.search.ranking import Asked, Ranked, rank
from tools.search.reasons import reasons_of

_SQL = load("search")
_REMEMBERED = 256
"""Questions whose vectors are kept, so that a next page embeds nothing."""


class Search:
    """Safe to share. A question has at most some 200 hits; a page is cut from their one order."""

    def __init__(self, pool: Pool, embeddings: EmbeddingModel) -> None:
        self._model = embeddings
        self._pool = pool
        self._cache = CachedEmbeddings(pool, embeddings)
        self._candidates = Candidates(pool, embeddings)
        self._encoded: OrderedDict[str, Encoded] = OrderedDict()

    async def search(self, query: SearchQuery) -> SearchResult:
        """Raises EmptyQueryError, QueryTooLongError, InvalidCursorError or EmbeddingError."""
        started = time.perf_counter()
        after = place_of(query)
        asked, rows = await self._found(query, question_of(query.text))
        # Not in a thread: handing two milliseconds of work over takes another.
        ranked = rank(asked, rows)
        rest = [hit for hit in ranked if after is None or hit.place > after]
        page = rest[: query.limit]
        hits = await self._hits(asked, page)
        return SearchResult(
            managed=tuple(hit for hit in hits if hit.source.kind is SourceKind.MANAGED),
            discovered=tuple(hit for hit in hits if hit.source.kind is SourceKind.DISCOVERED),
            next_cursor=cursor_after(query, page[-1].place) if len(rest) > len(page) else None,
            took_ms=round((time.perf_counter() - started) * 1_000, 3),
            embedding_model=self._model.model_id,
        )

    async def asked(self, question: Question) -> Asked:
        """The question with what is known of its words, and its vectors."""
        return await self._asked(question, self._encode(question.text))

    async def _found(self, query: SearchQuery, question: Question) -> tuple[Asked, list[DictRow]]:
        """The question as understood, and the sources to rank for it, each once."""
        encoding = asyncio.ensure_future(self._encode(question.text))
        asking = asyncio.ensure_future(self._asked(question, encoding))
        # Where no word is in doubt the vector is known before the words have been looked up.
        meant = asking if question.name_like and question.doubtful else encoding
        near, named = await asyncio.gather(self._near(query, meant), self._named(query, asking))
        found = {row["source_id"]: row for row in (*near, *named)}
        return await asking, [found[source_id] for source_id in sorted(found)]

    async def _asked(self, question: Question, encoding: Awaitable[Encoded]) -> Asked:
        (understood, vocabulary), encoded = await asyncio.gather(
            self._candidates.understood(question), encoding
        )
        # A sentence keeps its own words: there a rare word is likelier meant than misspelt.
        if understood.name_like and understood.corrections:
            encoded = await self._encode(understood.corrected)
        tokens = encoded.tokens if isinstance(self._model, TokenModel) else None
        return Asked(understood, vocabulary, encoded.vector, tokens)

    async def _near(self, query: SearchQuery, meant: Awaitable[Asked | Encoded]) -> list[DictRow]:
        return await self._candidates.nearest(query, (await meant).vector)

    async def _named(self, query: SearchQuery, asking: Awaitable[Asked]) -> list[DictRow]:
        asked = await asking
        return await self._candidates.named(query, asked.question, asked.vocabulary, asked.vector)

    async def _encode(self, text: str) -> Encoded:
        if text in self._encoded:
            self._encoded.move_to_end(text)
            return self._encoded[text]
        if isinstance(self._model, TokenModel):
            encoded = (await self._model.encoded([text]))[0]
        else:
            vector = (await self._model.vectors([text]))[0]
            encoded = Encoded(vector, vector[:0].reshape(0, 1))
        self._encoded[text] = encoded
        if len(self._encoded) > _REMEMBERED:
            self._encoded.popitem(last=False)
        return encoded

    async def _hits(self, asked: Asked, page: Sequence[Ranked]) -> list[SearchHit]:
        if not page:
            return []
        given = {"ids": [hit.source_id for hit in page]}
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_SQL["hits"], given)).fetchall()
        read = {row["id"]: row for row in rows}
        # One that was deleted since it was found is no hit.
        left = [(hit, read[hit.source_id]) for hit in page if hit.source_id in read]
        shown = [(hit, row["paths"] or ()) for hit, row in left]
        reasons = await reasons_of(asked, shown, self._cache)
        return [
            SearchHit(
                source=summary_of(row, row["consuming_teams"]),
                score=round(hit.score, 6),
                reasons=why,
            )
            for (hit, row), why in zip(left, reasons, strict=True)
        ]
