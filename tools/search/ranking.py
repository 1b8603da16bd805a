"""Candidates put into order: what each scored, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from psycopg.rows import DictRow

from core.arrays import Floats, Mask
from core.ranking.naming import BONUS, NameMatch
from core.ranking.prior import prior
from core.ranking.score import Signals, coverage, late_interaction, presence, relevance
from core.source import SourceKind
from tools.embeddings.minilm import is_word
from tools.embeddings.model import Vectors
from tools.search.candidates import Vocabulary
from tools.search.cursor import Place
from tools.search.naming import Named, named
from tools.search.question import Question

FLOOR = 0.5
"""Relevance below which a source is no hit, unless its name is meant."""
FLOOR_WITHOUT_TOKENS = 0.0
"""The same where the model tells no token vectors: a probe's average similarity."""
FLOOR_OF_NOISE = 2.5
"""The same for a question in which no word can be read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its vectors; `tokens` is None where the model tells none."""

    question: Question
    vocabulary: Vocabulary
    vector: Vectors
    tokens: Vectors | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """`held` tells which of the question's stems the source holds; `similarity` is a cosine."""

    source_id: int
    name: str
    managed: bool
    relevance: float
    score: float
    named: Named
    similarity: float
    held: Mask

    @property
    def place(self) -> Place:
        return -round(self.score * 1_000_000), 0 if self.managed else 1, self.source_id


def rank(asked: Asked, rows: Sequence[DictRow]) -> list[Ranked]:
    """Best first, those below the floor left out; ties in the order of their ids."""
    return arranged(scored(asked, rows))


def arranged(hits: Sequence[Ranked]) -> list[Ranked]:
    """Best first; of those whose names match equally well the managed ones stand first.

    They share out the scores, and so the places, that they have together.
    """
    ordered = sorted(hits, key=lambda hit: hit.place)
    found = [hit for hit in ordered if hit.named.match is NameMatch.NONE]
    for match in BONUS:
        if match is not NameMatch.NONE:
            alike = [hit for hit in ordered if hit.named.match is match]
            lined = sorted(alike, key=lambda hit: not hit.managed)
            found += [
                hit if hit.score == there.score else replace(hit, score=there.score)
                for hit, there in zip(lined, alike, strict=True)
            ]
    return sorted(found, key=lambda hit: hit.place)


def scored(asked: Asked, rows: Sequence[DictRow]) -> list[Ranked]:
    """What each candidate scores, those below the floor left out."""
    if not rows:
        return []
    held = presence(asked.question.terms, [row["terms"] or b"" for row in rows])
    scores = relevance(_signals(asked, rows, held), asked.vocabulary.scale)
    found = [
        _ranked(asked.question, row, float(score), has)
        for row, score, has in zip(rows, scores, held, strict=True)
    ]
    floor = _floor(asked)
    return [hit for hit in found if hit.relevance >= floor or hit.named.match is not NameMatch.NONE]


def _readable(asked: Asked) -> bool:
    """Whether any telling word is English, the catalog's own, or of another script."""
    words = asked.question.stems.values()
    known = asked.vocabulary.known
    return any(word in known or not word.isascii() or is_word(word) for word in words)


def _floor(asked: Asked) -> float:
    if not _readable(asked):
        return FLOOR_OF_NOISE
    return FLOOR if asked.tokens is not None else FLOOR_WITHOUT_TOKENS


def _signals(asked: Asked, rows: Sequence[DictRow], held: np.ndarray) -> Signals:
    late: Floats | None = None
    if asked.tokens is not None:
        packed = [row["tokens"] or b"" for row in rows]
        late = late_interaction(asked.tokens, packed, asked.tokens.shape[1])
    return Signals(
        similarity=np.array([row["similarity"] for row in rows], np.float32),
        hub=np.array([row["hub"] for row in rows], np.float32),
        covered=coverage(held, asked.vocabulary.weights(asked.question)),
        late=late,
    )


def _ranked(question: Question, row: DictRow, relevance: float, held: np.ndarray) -> Ranked:
    naming = named(question, row["name"], row["product_name"], row["product_id"])
    return Ranked(
        source_id=row["source_id"],
        name=row["name"],
        managed=row["kind"] == SourceKind.MANAGED,
        relevance=relevance,
        score=relevance + BONUS[naming.match] + _prior(row),
        named=naming,
        similarity=row["similarity"],
        held=held,
    )


def _prior(row: DictRow) -> float:
    """Nothing where no scan has read the source yet."""
    if row["scanned_at"] is None:
        return 0.0
    return prior(row["name"], row["team_count"], row["messages"])
