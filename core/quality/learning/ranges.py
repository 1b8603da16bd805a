"""How far numbers of a field reach; only what is far outside, and seldom, is suspect."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np

from core.arrays import Mask, Numbers
from core.names import parts_of
from core.quality.learning.check import Check
from core.quality.learning.column import Column
from core.quality.learning.evidence import Evidence
from core.quality.rule import Metric, QualityRule
from core.similarity.lexicon import ends_as_code

_ENOUGH = 50
_REACH = 4.0
"""So many widths of the middle half beyond it: 5.9 deviations of a bell curve."""
_LEAST = 0.005
_LARGEST = 700.0
"""The logarithm of about the largest number there is."""
Reach = tuple[float, float]
_SEQUENCE = 0.9
_APART = 10.0
"""So many times the whole reach beyond it nothing lies between: what does is of another kind."""
_TOLERATED_APART = 0.05


class Ranged(Check):
    """A number is within the field's reach."""

    tolerated: ClassVar[float] = 0.02
    weight: ClassVar[float] = 0.8
    check: Literal["range"] = "range"
    apart: bool = False
    """Whether all that was out of reach was far out of it."""

    @property
    def confidence(self) -> float:
        tolerated = _TOLERATED_APART if self.apart else self.tolerated
        return self.weight * self.evidence.trust(tolerated)

    def broken(self, column: Column) -> Mask:
        return _outside(column.numbers, self.rule.minimum, self.rule.maximum)

    def merged(self, other: Check) -> Self | None:
        """The wider bounds."""
        if not isinstance(other, Ranged):
            return None
        lows = [low for low in (self.rule.minimum, other.rule.minimum) if low is not None]
        highs = [high for high in (self.rule.maximum, other.rule.maximum) if high is not None]
        apart = all(one.apart or not one.evidence.broken for one in (self, other))
        more = {"apart": apart and (self.apart or other.apart)}
        return self.joined(other, more, minimum=min(lows), maximum=max(highs))


def learn_range(column: Column) -> list[Check]:
    if ends_as_code(parts_of(column.path.rpartition(".")[2])):
        # What is called a number and counts nothing: the next one given out is as good.
        return []
    numbers = column.numbers
    numbers = numbers[np.isfinite(numbers)]
    if len(numbers) < _ENOUGH or 2 * len(numbers) < column.present.sum() or _runs_on(numbers):
        return []
    reach = _reach(numbers)
    if reach is None or not (apart := _is_apart(numbers, *reach)):
        # Of what is told again and again the rest is no less usual.
        reaches = [one for one in (reach, _reach(np.unique(numbers))) if one is not None]
        if not reaches:
            return []
        reach = min(low for low, _ in reaches), max(high for _, high in reaches)
        apart = _is_apart(numbers, *reach)
    low, high = reach
    evidence = Evidence(broken=int(_outside(numbers, low, high).sum()), seen=len(numbers))
    rule = QualityRule(
        id="range",
        metric=Metric.RANGE,
        field=column.path,
        minimum=low,
        maximum=high,
        inferred=True,
        reason=f"{evidence.said()} are within reach of the rest",
    )
    return [Ranged(rule=rule, evidence=evidence, apart=apart)]


def _is_apart(numbers: Numbers, low: float, high: float) -> bool:
    """Whether some are out of reach, all of them far, and few."""
    far = _APART * (high - low)
    out = int(_outside(numbers, low, high).sum())
    few = 0 < out <= _TOLERATED_APART * len(numbers)
    return few and out == int(_outside(numbers, low - far, high + far).sum())


def _reach(numbers: Numbers) -> Reach | None:
    """The bounds, on the logarithms where those lie more evenly; not below zero if all is above."""
    reach = _ends(numbers)
    if reach is None:
        return None
    positive = numbers[numbers > 0]
    if len(positive) > 0.9 * len(numbers):
        logs = np.log(positive)
        beyond = _ends(logs)
        if beyond is not None and abs(_lean(logs)) < abs(_lean(numbers)):
            low, high = np.exp(np.minimum(beyond, _LARGEST)).tolist()
            reach = min(reach[0], low), high
    if np.quantile(numbers, _LEAST) >= 0:
        reach = max(reach[0], 0.0), reach[1]
    return reach


def _ends(numbers: Numbers) -> Reach | None:
    first, third = np.quantile(numbers, (0.25, 0.75)).tolist()
    width = third - first
    return (first - _REACH * width, third + _REACH * width) if width > 0 else None


def _lean(numbers: Numbers) -> float:
    """Bowley's skewness: how far the middle is from the middle of the quartiles."""
    first, middle, third = np.quantile(numbers, (0.25, 0.5, 0.75))
    return float((first + third - 2 * middle) / (third - first))


def _runs_on(numbers: Numbers) -> bool:
    """A counter or a clock: what comes next is out of all that was."""
    order = np.corrcoef(np.arange(len(numbers)), numbers.argsort().argsort())[0, 1]
    return bool(abs(order) > _SEQUENCE)


def _outside(numbers: Numbers, low: float | int | None, high: float | int | None) -> Mask:
    with np.errstate(invalid="ignore"):
        below = numbers < (-np.inf if low is None else low)
        above = numbers > (np.inf if high is None else high)
    found: Mask = below | above
    return found
