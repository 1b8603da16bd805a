"""What rules ask of texts.

Many ask the same, and for a few texts the asking costs more than the answer: a question is put
once for all fields that it is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from core.arrays import Mask

SHAPE_LENGTH = 64
"""Of longer texts only the beginning has a shape."""
Answers = list[Any] | npt.NDArray[Any]
_WORD = r"[\pL\pM\pN]*[\pL\pM][\pL\pM\pN]*"


class Question(Protocol):
    """Hashable: those that are equal have the same answers."""

    def answers(self, texts: pl.Series) -> Answers:
        """One for each text; what is said of null means nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Has:
    """Whether the text has such a part; never of null."""

    pattern: str

    def answers(self, texts: pl.Series) -> Answers:
        return having(texts, self.pattern)


@dataclass(frozen=True, slots=True)
class Itself:
    """The text."""

    def answers(self, texts: pl.Series) -> Answers:
        return texts.to_list()


@dataclass(frozen=True, slots=True)
class Words:
    """The text's words in small letters."""

    def answers(self, texts: pl.Series) -> Answers:
        return lower_words(texts).to_list()


@dataclass(frozen=True, slots=True)
class ShapeOf:
    """A run of letters counts as one letter, a run of digits as one digit; `literal` leaves the
    letters as they are."""

    literal: bool

    def answers(self, texts: pl.Series) -> Answers:
        return shapes_of(texts, self.literal).to_list()


def having(texts: pl.Series, pattern: str) -> Mask:
    """Which of them have such a part; null has none."""
    return np.asarray(_put(texts, _has(pattern)).to_numpy(), np.bool_)


def lower_words(texts: pl.Series) -> pl.Series:
    """A list of words for each text."""
    return _put(texts, _WORDS)


def shapes_of(texts: pl.Series, literal: bool = False) -> pl.Series:
    """As `ShapeOf` says."""
    return _put(texts, _LITERAL if literal else _SHAPE)


@lru_cache(1_000)
def _has(pattern: str) -> pl.Expr:
    return pl.col("").str.contains(pattern).fill_null(value=False)


def _shape(literal: bool) -> pl.Expr:
    text = pl.col("").str.slice(0, SHAPE_LENGTH)
    if not literal:
        text = text.str.replace_all(r"[\pL\pM]+", "a")
    text = text.str.replace_all(r"\pN+", "9").str.replace_all(r"\s+", " ")
    if literal:
        return text
    # However many words a name has, it is one shape.
    for between in " _-":
        text = text.str.replace_all(f"a(?:{between}a){{2,}}", f"a{between}a")
    return text


_WORDS = pl.col("").str.to_lowercase().str.extract_all(_WORD)
_LITERAL, _SHAPE = _shape(literal=True), _shape(literal=False)


def _put(texts: pl.Series, asked: pl.Expr) -> pl.Series:
    return texts.alias("").to_frame().select_seq(asked).to_series()
