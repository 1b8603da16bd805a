"""Candidates put into order: what each scored, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from psycopg.rows import DictRow

from core.ranking.names import key
from core.ranking.naming import BONUS, NameMatch, name_match
from core.ranking.score import (
    Floats,
    Signals,
    coverage,
    late_interaction,
    presence,
    relevance,
)
from tools.embeddings.minilm import is_word
from tools.embeddings.model import Vectors
from tools.search.candidates import Vocabulary
from tools.search.cursor import Place
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
    """`words` are the question's words that the source holds; `similarity` a cosine."""

    source_id: int
    name: str
    score: float
    naming: NameMatch
    corrected: bool
    similarity: float
    words: tuple[str, ...]

    @property
    def place(self) -> Place:
        return -round(self.score * 1_000_000), self.source_id


def rank(asked: Asked, rows: Sequence[DictRow]) -> list[Ranked]:
    """Best first, those below the floor left out; ties in the order of their ids."""
    if not rows:
        return []
    held = presence(asked.question.terms, [row["terms"] or b"" for row in rows])
    scores = relevance(_signals(asked, rows, held), asked.vocabulary.scale)
    found = [
        _ranked(asked.question, row, float(score), has)
        for row, score, has in zip(rows, scores, held, strict=True)
    ]
    floor = _floor(asked)
    shown = [hit for hit in found if hit.score >= floor or hit.naming is not NameMatch.NONE]
    return sorted(shown, key=lambda hit: hit.place)


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


def _ranked(question: Question, row: DictRow, score: float, held: np.ndarray) -> Ranked:
    naming, corrected = _naming(question, row)
    read = list(question.stems.values())
    return Ranked(
        source_id=row["source_id"],
        name=row["name"],
        score=score + BONUS[naming],
        naming=naming,
        corrected=corrected,
        similarity=row["similarity"],
        words=tuple(word for word, has in zip(read, held, strict=True) if has),
    )


def _naming(question: Question, row: DictRow) -> tuple[NameMatch, bool]:
    """How the name matches, and whether only after a correction."""
    if not question.name_like:
        return NameMatch.NONE, False
    name, name_key = row["name"], key(row["name"])
    as_written = name_match(question.text, question.keys[0], name, name_key)
    if as_written is not NameMatch.NONE or not question.corrections:
        return as_written, False
    corrected = name_match(question.corrected, question.keys[-1], name, name_key)
    return corrected, corrected is not NameMatch.NONE
