"""Whether the values of a field are distributed otherwise than before.

The Population Stability Index over deciles of the past and the Kolmogorov-Smirnov distance must
both be large as an effect, and beyond chance for as many values: with millions of values everything
is significant, with twenty nothing is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.stats import binom, chi2

from core.quality.anomaly.distribution import Distribution

_DECILES = 10
_STUCK = 0.9
_MOVING = 0.5
_FACTOR = 5.0
"""A change of unit multiplies by 10, 60, 100, 1000 or the like, never by less."""


class Change(StrEnum):
    UNIT = "unit"
    """The same shape, multiplied by a factor."""
    STUCK = "stuck"
    """Nearly all values are the same one."""
    SHAPE = "shape"
    NEW_VALUES = "new values"


@dataclass(frozen=True, slots=True)
class DriftSettings:
    """`correlated` is how many successive values say about as much as one."""

    alpha: float = 1e-9
    psi: float = 0.25
    ks: float = 0.25
    least: int = 100
    correlated: float = 4.0


DRIFT = DriftSettings()


@dataclass(frozen=True, slots=True)
class Drift:
    """`p` is the chance of such a difference without drift; `change` is None where there is none.

    `factor` is the ratio of medians of a change of unit; `share` that of the new or stuck values.
    """

    psi: float
    ks: float
    p: float
    change: Change | None = None
    factor: float | None = None
    share: float | None = None


NONE = Drift(0.0, 0.0, 1.0)


def numeric_drift(
    before: Distribution, now: Distribution, settings: DriftSettings = DRIFT
) -> Drift:
    """Of a numeric field; both sides from sketches of the same kind."""
    if min(before.count, now.count) < settings.least:
        return NONE
    distance = _distance(before, now)
    found = Drift(_numeric_psi(before, now), distance, _chance(before, now, distance, settings))
    if found.p >= settings.alpha or found.psi < settings.psi or distance < settings.ks:
        return found
    return _told(before, now, found)


def categorical_drift(
    before: Mapping[str, int], now: Mapping[str, int], settings: DriftSettings = DRIFT
) -> Drift:
    """Of a field with few values, from how often each was seen; new ones count by themselves."""
    known, total = sum(before.values()), sum(now.values())
    if min(known, total) < settings.least:
        return NONE
    psi, chance = _categorical(before, now, settings)
    distance = sum(max(n / total - before.get(name, 0) / known, 0) for name, n in now.items())
    new, unlikely = _new_values(before, now, settings)
    if unlikely < settings.alpha:
        return Drift(psi, distance, unlikely, Change.NEW_VALUES, share=new / total)
    drifted = chance < settings.alpha and psi >= settings.psi and distance >= settings.ks
    return Drift(psi, distance, chance, Change.SHAPE if drifted else None)


def _told(before: Distribution, now: Distribution, found: Drift) -> Drift:
    most = float(now.shares.max())
    if most >= _STUCK and before.shares.max() <= _MOVING:
        return Drift(found.psi, found.ks, found.p, Change.STUCK, share=most)
    middles = before.quantile(0.5), now.quantile(0.5)
    factor = middles[1] / middles[0] if middles[0] and middles[1] else 0.0
    if factor > 0 and max(factor, 1 / factor) >= _FACTOR:
        same = _distance(before, now.scaled(1 / factor)) < found.ks / 2
        if same:
            return Drift(found.psi, found.ks, found.p, Change.UNIT, factor=factor)
    return Drift(found.psi, found.ks, found.p, Change.SHAPE)


def _distance(before: Distribution, now: Distribution) -> float:
    points = np.union1d(before.points, now.points)
    return float(np.abs(before.below(points) - now.below(points)).max())


def _chance(
    before: Distribution, now: Distribution, distance: float, settings: DriftSettings
) -> float:
    """Kolmogorov's limit law, in its first term, which bounds it from above."""
    a, b = before.count / settings.correlated, now.count / settings.correlated
    return min(1.0, 2 * math.exp(-2 * distance**2 * a * b / (a + b)))


def _numeric_psi(before: Distribution, now: Distribution) -> float:
    edges = np.unique([before.quantile(i / _DECILES) for i in range(1, _DECILES)])
    known, lately = (np.diff([0.0, *side.below(edges), 1.0]) for side in (before, now))
    return _psi(known, lately, before.count, now.count)


def _psi(before: np.ndarray, now: np.ndarray, known: int, total: int) -> float:
    """An empty cell counts as half a value, for its share may be anything up to that."""
    a, b = np.maximum(before, 0.5 / known), np.maximum(now, 0.5 / total)
    return float(((b - a) * np.log(b / a)).sum())


def _categorical(
    before: Mapping[str, int], now: Mapping[str, int], settings: DriftSettings
) -> tuple[float, float]:
    names = sorted({*before, *now})
    a = np.array([before.get(name, 0) for name in names], dtype=np.float64)
    b = np.array([now.get(name, 0) for name in names], dtype=np.float64)
    known, total = a.sum(), b.sum()
    expected = (a + b) / (known + total)
    off = (a - known * expected) ** 2 / (known * expected)
    off += (b - total * expected) ** 2 / (total * expected)
    degrees = max(len(names) - 1, 1)
    chance = float(chi2.sf(off.sum() / settings.correlated, degrees))
    return _psi(a / known, b / total, int(known), int(total)), chance


def _new_values(
    before: Mapping[str, int], now: Mapping[str, int], settings: DriftSettings
) -> tuple[int, float]:
    """How many values are new, and the chance of as many.

    The share of values never seen is estimated by that of those seen once (Good and Turing).
    """
    once = sum(1 for count in before.values() if count == 1)
    unseen = min((once + 1) / (sum(before.values()) + 1), 1.0)
    new = sum(count for name, count in now.items() if name not in before)
    total = sum(now.values())
    fewer = math.ceil(total / settings.correlated)
    chance = float(binom.sf(math.ceil(new / settings.correlated) - 1, fewer, unseen))
    return new, chance if new else 1.0
