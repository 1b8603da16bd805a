"""How likely two schemas of a fleet say the same thing: a probability, not a measure of overlap."""

from __future__ import annotations

import numpy as np

from core.arrays import Numbers
from core.similarity.fleet import Fleet
from core.similarity.signals import Pairs, signals
from core.similarity.weights import Weights, weights

SAME = 0.5
"""From here on a pair is called the same."""


def scores(fleet: Fleet, pairs: Pairs, fitted: Weights | None = None) -> Numbers:
    """The probability of each pair. Of pairs at about p, about p are the same (docs/evals.md)."""
    known = fitted or weights()
    if not len(pairs):
        return np.zeros(0)
    return known.pair.probability(signals(fleet, pairs))
