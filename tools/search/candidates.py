"""The sources that are worth ranking for a question, out of Postgres."""

from __future__ import annotations

import time
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

import numpy as np
from pgvector import HalfVector
from psycopg.rows import DictRow
from psycopg.sql import SQL, Composable, Composed, Literal

from core.arrays import Floats
from core.ranking.naming import SHORTEST, distance, swapped
from core.ranking.score import HUB, Scale, rarity
from core.search import SearchQuery
from tools.db.pool import Connection, Pool
from tools.db.sql import load
from tools.embeddings.model import EmbeddingModel, Vectors
from tools.search.filters import conditions_of, values_of
from tools.search.question import Question

_SQL = load("search")
NEAREST = 100
"""How many sources the vector index is asked for."""
RANKED = 80
"""How many of those, hubs taken off, have their tokens and terms read."""
FEW = 2_000
"""Where filters leave at most so many sources, all of them are looked at, without the index."""
_COUNT_SECONDS = 10.0
_COUNTED = 1_000
"""For how long, and for how many filters, it is remembered whether they leave few."""
_RARE = 50
"""A word in at most so many sources makes each of them a candidate."""
_COMMON = 2_000
"""Words in more sources than this narrow nothing down."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the catalog knows of a question's words.

    `counts` are sources per hashed stem; `known` those words that occur in some source.
    """

    sources: int = 0
    scale: Scale = field(default_factory=Scale)
    counts: Mapping[int, int] = field(default_factory=dict)
    known: frozenset[str] = frozenset()

    def weights(self, question: Question) -> Floats:
        """Rarity of each of the question's stems."""
        counts = [self.counts.get(term, 0) for term in question.terms]
        return rarity(np.asarray(counts, np.float32), self.sources)


class Candidates:
    """Reads only; the filters hold for all that it returns."""

    def __init__(self, pool: Pool, model: EmbeddingModel) -> None:
        self._pool = pool
        self._model = model
        self._counted: dict[Hashable, tuple[bool, float]] = {}

    async def understood(self, question: Question) -> tuple[Question, Vocabulary]:
        """The question with misspelt words corrected to words of the catalog."""
        async with self._pool.connection() as connection:
            vocabulary = await self._vocabulary(connection, question)
            unknown = [word for word in question.doubtful if word not in vocabulary.known]
            alone = len(question.words) == 1
            found = [(word, await _similar(connection, word, alone)) for word in unknown]
            corrections = tuple((word, meant) for word, meant in found if meant)
            if not corrections:
                return question, vocabulary
            corrected = Question(question.text, corrections)
            return corrected, await self._vocabulary(connection, corrected)

    async def nearest(self, query: SearchQuery, vector: Vectors) -> list[DictRow]:
        """The sources whose texts are nearest in meaning: rows as `named` gives them."""
        given = {**values_of(query), "vector": HalfVector(vector)}
        async with self._pool.connection() as connection:
            few = await self._few(connection, query)
            name = "nearest_by_filter" if few else "nearest_by_index"
            looked_at = self._statement(name, query, limit=Literal(NEAREST))
            near = SQL(_SQL["nearest"]).format(
                nearest=looked_at, hub=Literal(HUB), ranked=Literal(RANKED)
            )
            statement = SQL(_SQL["candidates"]).format(found=near)
            return await (await connection.execute(statement, given, binary=True)).fetchall()

    async def named(
        self, query: SearchQuery, question: Question, vocabulary: Vocabulary, vector: Vectors
    ) -> list[DictRow]:
        """The sources found by names and words: rows of source_id, name, product_name, product_id,
        what the prior asks for (messages, team_count, scanned_at), kind, terms, tokens, hub and
        similarity (0 without a vector)."""
        lookups = _lookups(question, vocabulary)
        asked = [_SQL[name] for name, by in _LOOKUPS if lookups[by]]
        if not asked:
            return []
        given = {**values_of(query), **lookups, "vector": HalfVector(vector)}
        either = SQL(" union all ").join([SQL("({})").format(SQL(lookup)) for lookup in asked])
        named = self._statement("named", query, lookups=either)
        statement = SQL(_SQL["candidates"]).format(found=named)
        async with self._pool.connection() as connection:
            # Never prepared: a plan for any pattern would scan the whole table.
            found = await connection.execute(statement, given, prepare=False, binary=True)
            return await found.fetchall()

    async def _few(self, connection: Connection, query: SearchQuery) -> bool:
        """Whether the filters leave so few sources that the vector index would miss them.

        Counted now and then only: a catalog does not change so much between two questions.
        """
        if not values_of(query):
            return False
        filters = (tuple(values_of(query).items()), query.filters.include_vanished)
        known, until = self._counted.get(filters, (False, 0.0))
        if until > time.monotonic():
            return known
        statement = self._statement("few", query, limit=Literal(FEW + 1))
        row = await (await connection.execute(statement, values_of(query))).fetchone()
        few = row is not None and row["sources"] <= FEW
        if len(self._counted) >= _COUNTED:
            self._counted.clear()
        self._counted[filters] = few, time.monotonic() + _COUNT_SECONDS
        return few

    def _statement(self, name: str, query: SearchQuery, **parts: Composable) -> Composed:
        dimension = Literal(self._model.dimension)
        return SQL(_SQL[name]).format(
            **parts,
            columns=SQL(_SQL["columns"]).format(dimension=dimension),
            dimension=dimension,
            model=Literal(self._model.model_id),
            filters=conditions_of(query),
        )

    async def _vocabulary(self, connection: Connection, question: Question) -> Vocabulary:
        terms = dict(zip(question.terms, question.stems.values(), strict=True))
        given = {"model": self._model.model_id, "terms": list(terms), "words": question.words}
        row = await (await connection.execute(_SQL["vocabulary"], given)).fetchone()
        if row is None or row["sources"] is None:
            return Vocabulary()
        counts = dict(row["counts"])
        known = {*row["known"], *(word for term, word in terms.items() if term in counts)}
        scale = Scale(row["centre"], row["spread"])
        return Vocabulary(row["sources"], scale, counts, frozenset(known))


async def _similar(connection: Connection, word: str, alone: bool) -> str | None:
    """The word of the catalog that is one slip away, or two where it is long.

    A word that stands `alone` may be a whole name written together.
    """
    given = {"word": word, "swapped": swapped(word), "alone": alone}
    cursor = await connection.execute(_SQL["similar_words"], given, prepare=False)
    rows = await cursor.fetchall()
    limit = 1 if len(word) < 8 else 2
    return next((row["word"] for row in rows if distance(word, row["word"], limit) <= limit), None)


def _lookups(question: Question, vocabulary: Vocabulary) -> dict[str, object]:
    """By which keys, fragments and terms sources are looked up beside their vectors."""
    keys = question.keys
    named = question.name_like and len(keys[-1]) >= SHORTEST
    counts = {term: vocabulary.counts.get(term, 0) for term in question.terms}
    rare = [term for term, count in counts.items() if 0 < count <= _RARE]
    narrow = counts and all(counts.values()) and min(counts.values()) <= _COMMON
    fragment = len(question.words) == 1 and not all(counts.values())
    return {
        "keys": keys if question.may_be_a_name else [],
        "prefix": f"{keys[-1]}%" if named else None,
        "inside": f"%{keys[-1]}%" if named and fragment else None,
        # Products are few beside topics: their names are looked through for any fragment.
        "product_inside": f"%{keys[-1]}%" if named else None,
        "rare": rare,
        "all": list(counts) if narrow else [],
    }


# Only those are looked up that the question gives something for: each one costs time to plan.
_LOOKUPS = (
    ("by_name", "keys"),
    ("by_beginning", "prefix"),
    ("by_fragment", "inside"),
    ("by_product", "keys"),
    ("by_product_beginning", "prefix"),
    ("by_product_fragment", "product_inside"),
    ("by_rare_words", "rare"),
    ("by_all_words", "all"),
)
