"""All schemas that are known, with what can only be told of one among the others."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from xxhash import xxh3_64_intdigest

from core.arrays import Floats, Mask
from core.similarity.comparable import Comparable, Vectors
from core.similarity.neighbours import Neighbours, Places
from core.similarity.title import Title

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
    worded: Mask
    """Which of those 8 there are."""
    indexed: tuple[Neighbours, Neighbours] | None = None
    """Neighbours by title and by description from an index, if one was asked."""
    outside: tuple[Title, ...] = ()
    """Of neighbours that are no sources of this fleet; their places come after the sources'."""

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
        titles = rows_of([source.title.text for source in sources], vectors, size)
        tolds = rows_of([source.told for source in sources], vectors, size)
        return Fleet.measured(sources, titles, tolds, vectors, indexed)

    @staticmethod
    def measured(
        sources: Sequence[Comparable],
        titles: Floats,
        tolds: Floats,
        vectors: Vectors,
        indexed: tuple[Neighbours, Neighbours] | None = None,
        outside: Sequence[Title] = (),
    ) -> Fleet:
        """Some sources of a larger fleet, whose titles and descriptions were embedded before;
        `vectors` has those of the titles' words."""
        split = [source.title.text.split()[:_WORDS] for source in sources]
        worded = np.array([[place < len(said) for place in range(_WORDS)] for said in split], bool)
        flat = [word for said in split for word in (said + [""] * _WORDS)[:_WORDS]]
        size = titles.shape[1]
        words = rows_of(flat, vectors, size).reshape(len(sources), _WORDS, size)
        worded = worded.reshape(-1, _WORDS)
        return Fleet(tuple(sources), titles, tolds, words, worded, indexed, tuple(outside))

    def rarity(self, term: str) -> float:
        """log((n + 1) / (sources that have it + 1/2)), versions of one schema counted once."""
        return rarity_of(self._carriers.get(term, 0), self._count)

    @cached_property
    def near_titles(self) -> Neighbours:
        return self.indexed[0] if self.indexed else Neighbours.of(self.titles)

    @cached_property
    def near_tolds(self) -> Neighbours:
        return self.indexed[1] if self.indexed else Neighbours.of(self.tolds)

    @cached_property
    def lines(self) -> Places:
        """A number for each source, equal for versions of one schema."""
        return _numbered(title.line for title in self._titled)

    @cached_property
    def spaces(self) -> Places:
        """A number for each source, equal within a namespace; -1 for a name that has none."""
        numbers = _numbered(title.space for title in self._titled)
        named = np.array([bool(title.space) for title in self._titled], bool)
        return np.where(named, numbers, -1)

    @property
    def _titled(self) -> list[Title]:
        return [*(source.title for source in self.sources), *self.outside]

    @cached_property
    def _carriers(self) -> Counter[str]:
        by_line: dict[str, set[str]] = {}
        for source in self.sources:
            by_line.setdefault(source.title.line, set()).update(source.terms)
        return Counter(term for terms in by_line.values() for term in terms)

    @cached_property
    def _count(self) -> int:
        return len({source.title.line for source in self.sources})


def rarity_of(carriers: int, lines: int) -> float:
    """The weight of a term that so many of so many lines of schemas have."""
    return math.log((lines + 1) / (carriers + 0.5))


def rows_of(texts: Sequence[str], vectors: Vectors, size: int) -> Floats:
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
