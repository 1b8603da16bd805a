"""Which capability a request asks for, learned from the examples in `prompts/routes.yaml`.

A ridge regression over three views of a text: its embedding, its words and pairs, and its cues.
For the choice of a route how much an example tells falls off with its distance, as a Gaussian does;
for misuse, which has fewer examples and must reach further, it does not.
`docs/evals.md` says how well it chooses.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

import prompts
from core.arrays import Numbers
from graph.models.offline.cues import Cues
from prompts import RouteExamples

Matrix = NDArray[np.float64]

_WORDS_WEIGHT = 0.8
_CUES_WEIGHT = 0.3
_GUARD_CUES_WEIGHT = 0.5
_PENALTY = 0.2
_GUARD_PENALTY = 0.3
_NARROWNESS = 0.6
"""Of the Gaussian; texts are 0 to some 4 apart, squared."""


@dataclass(frozen=True, slots=True)
class Guess:
    """`scores` are near 1 for what was asked for and near 0 for the rest; best first.

    `misuse` is how far the examples of misuse are ahead of the best of them, if above 0.
    """

    scores: tuple[tuple[str, float], ...]
    misuse: float = -1.0

    @property
    def route(self) -> str:
        return self.scores[0][0]


@dataclass(frozen=True, slots=True)
class _Line:
    """Scores of classes by their examples: a ridge regression."""

    weights: Matrix
    offset: Numbers

    @classmethod
    def through(cls, seen: Matrix, counts: Sequence[int]) -> _Line:
        """`counts` are the examples of each class, in the order of the rows of `seen`."""
        wanted = np.repeat(np.eye(len(counts)), counts, 0)
        offset = wanted.mean(0)
        square = seen @ seen.T + _GUARD_PENALTY * np.eye(len(seen))
        return cls(seen.T @ np.linalg.solve(square, wanted - offset), offset)

    def scores(self, seen: Matrix) -> Numbers:
        found: Numbers = (seen @ self.weights + self.offset)[0]
        return found


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """Scores of classes by how near their examples are: a ridge regression with a kernel."""

    seen: NDArray[np.float32]
    squares: NDArray[np.float32]
    weights: Matrix
    offset: Numbers

    @classmethod
    def of(cls, seen: Matrix, counts: Sequence[int]) -> _Neighbours:
        """`counts` are the examples of each class, in the order of the rows of `seen`."""
        wanted = np.repeat(np.eye(len(counts)), counts, 0)
        offset = wanted.mean(0)
        short = seen.astype(np.float32)
        squares = np.square(short).sum(1)
        square = _near(short, short, squares) + _PENALTY * np.eye(len(seen))
        return cls(short, squares, np.linalg.solve(square, wanted - offset), offset)

    def scores(self, seen: Matrix) -> Numbers:
        near = _near(seen.astype(np.float32), self.seen, self.squares)
        found: Numbers = (near @ self.weights + self.offset)[0]
        return found


@dataclass(frozen=True, slots=True)
class _Fitted:
    """`guard` knows misuse as one more class; it has no say in the choice between the others."""

    idf: Mapping[str, float]
    routes: _Neighbours
    guard: _Line


class RouteClassifier:
    """Fits itself at the first question; embeds each question once."""

    def __init__(self, embeddings: Embeddings, routes: Mapping[str, RouteExamples]) -> None:
        self._embeddings = embeddings
        self._routes = routes
        self._misuse = prompts.misuse().examples
        self._cues = Cues(routes)
        self._fitting = asyncio.Lock()
        self._fitted: _Fitted | None = None

    def is_order(self, text: str) -> bool:
        """Whether a clause asks for something."""
        return self._cues.is_order(text)

    async def guess(self, text: str) -> Guess:
        fitted = await self.fitted()
        seen, cues = await self._seen([text], fitted.idf)
        scores = fitted.routes.scores(np.hstack([seen, _CUES_WEIGHT * cues]))
        order = sorted(zip(self._routes, scores, strict=True), key=lambda pair: -pair[1])
        *others, misuse = fitted.guard.scores(np.hstack([seen, _GUARD_CUES_WEIGHT * cues]))
        named = tuple((name, float(score)) for name, score in order)
        return Guess(named, float(misuse - max(others)))

    async def fitted(self) -> _Fitted:
        async with self._fitting:
            if self._fitted is None:
                self._fitted = await self._fit()
            return self._fitted

    async def _fit(self) -> _Fitted:
        texts = [text for entry in self._routes.values() for text in entry.examples]
        counts = [len(entry.examples) for entry in self._routes.values()]
        idf = _rarity(texts)
        seen, cues = await self._seen([*texts, *self._misuse], idf)
        routed = np.hstack([seen, _CUES_WEIGHT * cues])[: len(texts)]
        guarded = np.hstack([seen, _GUARD_CUES_WEIGHT * cues])
        return _Fitted(
            idf,
            _Neighbours.of(routed, counts),
            _Line.through(guarded, [*counts, len(self._misuse)]),
        )

    async def _seen(self, texts: list[str], idf: Mapping[str, float]) -> tuple[Matrix, Matrix]:
        """The embeddings beside the words, and the cues."""
        vectors = np.asarray(await self._embeddings.aembed_documents(texts), dtype=np.float64)
        words = _WORDS_WEIGHT * _word_view(texts, idf)
        return np.hstack([vectors, words]), self._cues.view(texts)


def _near(
    some: NDArray[np.float32], others: NDArray[np.float32], squares: NDArray[np.float32]
) -> Matrix:
    """For each of some how near it is to each of the others: 1 for the same, near 0 far away.

    `squares` are the lengths of the others, squared: they are known beforehand.
    """
    apart = np.square(some).sum(1)[:, None] + squares[None] - 2 * some @ others.T
    found: Matrix = np.exp(-_NARROWNESS * np.maximum(apart, 0)).astype(np.float64)
    return found


def _features(text: str) -> set[str]:
    words = ["^", *re.findall(r"[^\W\d_]+|\d+|\?", text.lower())]
    words = ["0" if word.isdigit() else word for word in words]
    return {*words, *(f"{left} {right}" for left, right in pairwise(words))}


def _rarity(texts: Sequence[str]) -> dict[str, float]:
    counts = Counter(feature for text in texts for feature in _features(text))
    return {feature: float(np.log(len(texts) / count)) + 1 for feature, count in counts.items()}


def _word_view(texts: Sequence[str], idf: Mapping[str, float]) -> Matrix:
    columns = {feature: column for column, feature in enumerate(idf)}
    rows = np.zeros((len(texts), len(columns)))
    for row, text in zip(rows, texts, strict=True):
        for feature in _features(text) & columns.keys():
            row[columns[feature]] = idf[feature]
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    found: Matrix = rows / np.maximum(lengths, 1e-9)
    return found
