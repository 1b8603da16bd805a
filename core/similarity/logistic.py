"""Logistic regression of few signals, with a sign that each must have: probabilities by nature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.arrays import Numbers

_STEPS = 100
_CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Logistic:
    """`p = 1 / (1 + exp(-(bias + weights . signals)))`."""

    weights: tuple[float, ...]
    bias: float

    def probability(self, signals: Numbers) -> Numbers:
        """One for each row of `signals`."""
        odds = np.clip(signals @ np.array(self.weights) + self.bias, -60, 60)
        return np.asarray(1 / (1 + np.exp(-odds)), np.float64)


def fitted(signals: Numbers, same: Numbers, signs: Sequence[int], ridge: float = 1.0) -> Logistic:
    """Fitted by Newton's method on standardised signals with a ridge penalty; deterministic.

    `same` is 1 or 0 a row. A signal whose weight would contradict its sign gets none: fewer fields
    in common never speak for a pair, whatever a set's choice of pairs suggests.
    """
    centre, spread = signals.mean(axis=0), signals.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    scaled = (signals - centre) / spread
    kept = list(range(signals.shape[1]))
    while True:
        weights, bias = _newton(scaled[:, kept], same, ridge)
        wrong = [k for k, weight in zip(kept, weights, strict=True) if weight * signs[k] < 0]
        if not wrong:
            break
        kept = [k for k in kept if k not in wrong]
    whole = np.zeros(signals.shape[1])
    whole[kept] = weights / spread[kept]
    return Logistic(tuple(map(float, whole)), float(bias - whole @ centre))


def _newton(scaled: Numbers, same: Numbers, ridge: float) -> tuple[Numbers, float]:
    rows = np.column_stack([scaled, np.ones(len(scaled))])
    penalty = np.full(rows.shape[1], ridge)
    penalty[-1] = 0.0
    found = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(rows @ found, -60, 60)))
        slope = rows.T @ (p - same) + penalty * found
        bend = (rows * (p * (1 - p) + 1e-12)[:, None]).T @ rows + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        found = found - step
        if np.abs(step).max() < _CLOSE:
            break
    return found[:-1], float(found[-1])
