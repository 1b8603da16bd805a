"""All schemas that are known, with what can only be told of one among the others."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from core.similarity.comparable import Comparable, Floats, Vectors
from core.similarity.neighbours import Neighbours, Places

_WORDS = 8
"""Words of a title that are compared one by one."""


@dataclass(frozen=True)
class Fleet:
    """Rows of all arrays are in the order of `sources`."""

    sources: tuple[Comparable, ...]
    titles: Floats
    tolds: Floats
    words: Floats
    """Vectors of the title's words, shape (sources, 8, dimension)."""
    worded: NDArray[np.bool_]
    """Which of those 8 there are."""
    indexed: tuple[Neighbours, Neighbours] | None = None
    """Neighbours by title and by description from an index, if one was asked."""

    @staticmethod
    def of(
        sources: Sequence[Comparable],
        vectors: Vectors,
        indexed: tuple[Neighbours, Neighbours] | None = None,
    ) -> Fleet:
        """`vectors` has those `title_texts` that the model can read.

        Without `indexed` neighbours are found exactly, in time that grows with the square of the
        fleet: some 5 s for 10,000. An HNSW index may tell those of larger fleets.
        """
        size = next((len(row) for row in vectors.values()), 1)
        titles = _rows([source.title.text for source in sources], vectors, size)
        tolds = _rows([source.told for source in sources], vectors, size)
        split = [source.title.text.split()[:_WORDS] for source in sources]
        worded = np.array([[place < len(said) for place in range(_WORDS)] for said in split], bool)
        flat = [word for said in split for word in (said + [""] * _WORDS)[:_WORDS]]
        words = _rows(flat, vectors, size).reshape(len(sources), _WORDS, size)
        worded = worded.reshape(-1, _WORDS)
        return Fleet(tuple(sources), titles, tolds, words, worded, indexed)

    def rarity(self, term: str) -> float:
        """log((n + 1) / (sources that have it + 1/2)), versions of one schema counted once."""
        return self._rarities.get(term, math.log(2 * (self._count + 1)))

    @cached_property
    def near_titles(self) -> Neighbours:
        return self.indexed[0] if self.indexed else Neighbours.of(self.titles)

    @cached_property
    def near_tolds(self) -> Neighbours:
        return self.indexed[1] if self.indexed else Neighbours.of(self.tolds)

    @cached_property
    def lines(self) -> Places:
        """A number for each source, equal for versions of one schema."""
        return _numbered(source.title.line for source in self.sources)

    @cached_property
    def spaces(self) -> Places:
        """A number for each source, equal within a namespace; -1 for a name that has none."""
        numbers = _numbered(source.title.space for source in self.sources)
        named = np.array([bool(source.title.space) for source in self.sources], bool)
        return np.where(named, numbers, -1)

    @cached_property
    def _rarities(self) -> dict[str, float]:
        by_line: dict[str, set[str]] = {}
        for source in self.sources:
            by_line.setdefault(source.title.line, set()).update(source.terms)
        carriers = Counter(term for terms in by_line.values() for term in terms)
        return {term: math.log((self._count + 1) / (n + 0.5)) for term, n in carriers.items()}

    @cached_property
    def _count(self) -> int:
        return len({source.title.line for source in self.sources})


def _rows(texts: Sequence[str], vectors: Vectors, size: int) -> Floats:
    """One unit row a text; no text has a row of zeros."""
    rows = np.zeros((len(texts), size), np.float32)
    for place, text in enumerate(texts):
        if text:
            found = vectors.get(text)
            rows[place] = _by_letters(text, size) if found is None else found
    return rows


def _by_letters(text: str, size: int) -> Floats:
    """A text that the model cannot read is like itself and, nearly, like nothing else."""
    row = np.random.default_rng(xxh3_64_intdigest(text.encode())).normal(size=size)
    return np.asarray(row / np.linalg.norm(row), np.float32)


def _numbered(keys: Iterable[Hashable]) -> Places:
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.intp)
