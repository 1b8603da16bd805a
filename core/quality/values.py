"""How the values of a field are spread: a small sketch of its numbers, or counts of its words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import datasketches as ds
import numpy as np
import polars as pl
from xxhash import xxh3_64_hexdigest

from core.arrays import Numbers

K = 64
"""Of the KLL sketch: its ranks are off by some 2.5 %. https://arxiv.org/abs/1603.05346"""
WORDS = 64
"""Different words that are counted apart; a field with more is free text or an id."""
OTHER = "*"
SAMPLED = 256
"""Values that a micro-batch gives to a window, at most."""


@dataclass(slots=True)
class Values:
    """`seen` values went into it, which are not null. Words are kept as hashes: their counts tell
    what is new and what is gone, and never what it says."""

    seen: int = 0
    words: Counter[str] = field(default_factory=Counter)
    sketch: Any = None
    repeated: int = 0
    """Numbers that equal the one before them in the sample."""

    @staticmethod
    def of(column: pl.Series) -> Values:
        """Of at most some hundred values, evenly taken."""
        present = column.drop_nulls() if column.null_count() else column
        if len(present) > SAMPLED:
            present = present.gather_every(-(-len(present) // SAMPLED))
        if present.is_empty():
            return Values()
        if isinstance(column.dtype, pl.String | pl.Boolean):
            return Values(len(present), _bounded(_words(present)))
        numbers = present.cast(pl.Float64).to_numpy(writable=True)
        return Values(len(numbers), Counter(), _sketched(numbers), _repeats(numbers))

    def plus(self, other: Values) -> Values:
        return Values(
            self.seen + other.seen,
            _bounded(self.words + other.words),
            _merged(self.sketch, other.sketch),
            self.repeated + other.repeated,
        )

    def copy(self) -> Values:
        return Values(self.seen, Counter(self.words), _merged(self.sketch, None), self.repeated)

    def quantiles(self, ranks: list[float]) -> list[float]:
        """Of numbers; empty of none."""
        if self.sketch is None or self.sketch.is_empty():
            return []
        return [float(value) for value in self.sketch.get_quantiles(ranks)]

    def packed(self) -> list[Any]:
        sketch = None if self.sketch is None else self.sketch.serialize()
        return [self.seen, self.words, sketch, self.repeated]

    @staticmethod
    def unpacked(held: list[Any]) -> Values:
        seen, words, sketch, repeated = held
        read = None if sketch is None else ds.kll_doubles_sketch.deserialize(sketch)
        return Values(seen, Counter(words), read, repeated)


def _words(present: pl.Series) -> Counter[str]:
    counted = Counter(present.to_list())
    return Counter({word_key(word): count for word, count in counted.items()})


def word_key(word: object) -> str:
    """What stands for a word or flag."""
    return xxh3_64_hexdigest(str(word).encode("utf-8", "surrogatepass"))[:12]


def _bounded(words: Counter[str]) -> Counter[str]:
    if len(words) <= WORDS:
        return words
    kept = Counter(dict(words.most_common(WORDS)))
    kept[OTHER] += sum(words.values()) - sum(kept.values())
    return kept


def _sketched(numbers: Numbers) -> Any:
    sketch = ds.kll_doubles_sketch(K)
    sketch.update(numbers)
    return sketch


def _repeats(numbers: Numbers) -> int:
    return int(np.count_nonzero(numbers[1:] == numbers[:-1]))


def _merged(one: Any, other: Any) -> Any:
    if one is None and other is None:
        return None
    sketch = ds.kll_doubles_sketch(K)
    for part in (one, other):
        if part is not None:
            sketch.merge(part)
    return sketch
