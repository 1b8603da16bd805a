"""Cross-validation over families of schemas: what was fitted has seen nothing of what it judges.

A family is what positive pairs link, versions and vendors alike. Folds are of families; a pair of
folds (i, j) is judged by weights that were fitted on pairs without any schema of fold i or j.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.arrays import Numbers
from core.similarity.logistic import fitted
from core.similarity.signals import SIGNS, Signals
from evals.similarity_sets import LabelledPairs

FOLDS = 5
SEED = 7


@dataclass(frozen=True, slots=True)
class Folds:
    """The folds of both schemas of each pair, shape (pairs, 2)."""

    of_pairs: NDArray[np.intp]
    count: int

    @staticmethod
    def of(labelled: LabelledPairs, count: int = FOLDS, seed: int = SEED) -> Folds:
        family = families(labelled)
        names = np.unique(family)
        dealt = np.random.default_rng(seed).permutation(len(names)) % count
        return Folds(dealt[np.searchsorted(names, family)][labelled.pairs].astype(np.intp), count)

    def held_out(self, signals: Signals, same: Numbers) -> Numbers:
        """The probability of each pair by weights that never saw its families."""
        said = np.zeros(len(same))
        for low in range(self.count):
            for high in range(low, self.count):
                judged = (self.of_pairs.min(axis=1) == low) & (self.of_pairs.max(axis=1) == high)
                learned = ~np.isin(self.of_pairs, [low, high]).any(axis=1)
                if judged.any():
                    found = fitted(signals[learned], same[learned], SIGNS)
                    said[judged] = found.probability(signals[judged])
        return said

    def halves(self, signals: Signals, same: Numbers) -> list[tuple[NDArray[np.bool_], Numbers]]:
        """For two folds: which pairs lie within one, and what the other's weights say of all."""
        found = []
        for half in (0, 1):
            judged = (self.of_pairs == half).all(axis=1)
            learned = (self.of_pairs == 1 - half).all(axis=1)
            found.append((judged, fitted(signals[learned], same[learned], SIGNS)))
        return [(judged, weights.probability(signals)) for judged, weights in found]


def families(labelled: LabelledPairs) -> NDArray[np.intp]:
    """A number for each schema, equal for versions and for what is labelled the same."""
    lines: dict[str, int] = {}
    number = np.array([lines.setdefault(source.title.line, place)
                       for place, source in enumerate(labelled.sources)], np.intp)  # fmt: skip
    for (left, right), same in zip(labelled.pairs, labelled.same, strict=True):
        if same:
            number[number == number[right]] = number[left]
    return number
