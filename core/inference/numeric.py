"""Numbers of one field: exact bounds, a sample of distinct values, a mergeable histogram."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from core.inference.sample import Sample

_SHIFT = 49
"""Bits of a float64 that are dropped: what is left is sign, exponent and 3 bits of mantissa."""

_EXACT = 2**53
_WORD = 2**63


@dataclass(frozen=True, slots=True)
class Numeric:
    """`odd` counts NaN and infinities, which are in no other figure.

    `histogram` counts numbers by the leading bits of their float64 form: buckets an eighth of an
    octave wide, hence quantiles within 6.25 %, and merging is addition.
    """

    count: int
    odd: int
    minimum: float | None
    maximum: float | None
    sample: Sample = field(default_factory=Sample)
    histogram: dict[int, int] = field(default_factory=dict)

    @staticmethod
    def of(column: Sequence[int] | Sequence[float]) -> Numeric:
        finite = _finite(column)
        odd = len(column) - len(finite)
        if not finite:
            return Numeric(len(column), odd, None, None)
        counts = Counter(finite)
        sample = Sample.of_opaque([canonical(n) for n in counts], counts.values())
        return Numeric(
            len(column), odd, min(counts) + 0, max(counts) + 0, sample, _histogram(counts)
        )

    def __add__(self, other: Numeric) -> Numeric:
        histogram = dict(self.histogram)
        for bucket, count in other.histogram.items():
            histogram[bucket] = histogram.get(bucket, 0) + count
        return Numeric(
            self.count + other.count,
            self.odd + other.odd,
            _lower(self.minimum, other.minimum),
            _higher(self.maximum, other.maximum),
            self.sample + other.sample,
            histogram,
        )

    def quantile(self, share: float) -> float | None:
        """The number below which `share` of all numbers lie, within 6.25 %."""
        if not self.histogram:
            return None
        rank = share * sum(self.histogram.values())
        for bucket in sorted(self.histogram, key=bucket_middle):
            rank -= self.histogram[bucket]
            if rank <= 0:
                return bucket_middle(bucket)
        return float(cast(float, self.maximum))


def canonical(number: float) -> str:
    """One text for equal numbers, so that 7, 7.0 and "7" hash alike."""
    if type(number) is int:
        return str(number) if -_WORD <= number <= 2 * _WORD else hex(number)
    return str(int(number)) if number == int(number) and abs(number) < _EXACT else repr(number)


def bucket_middle(bucket: int) -> float:
    edges = np.array([bucket << _SHIFT, (bucket + 1) << _SHIFT], dtype=np.int64).view(np.float64)
    return float(edges[0]) if bucket in (0, -(1 << 14)) else float(edges[0] / 2 + edges[1] / 2)


def _finite(column: Sequence[int] | Sequence[float]) -> Sequence[int] | Sequence[float]:
    """Integers beyond the reach of a float count as odd, as infinities do."""
    try:
        fine = np.isfinite(np.array(column, dtype=np.float64))
    except OverflowError:
        return [n for n in column if isinstance(n, float) or abs(n) < 10**308]
    return column if fine.all() else [n for n in column if math.isfinite(n)]


def _histogram(counts: Counter[int] | Counter[float]) -> dict[int, int]:
    values = np.fromiter(counts, dtype=np.float64, count=len(counts)) + 0.0
    weights = np.fromiter(counts.values(), dtype=np.int64, count=len(counts))
    buckets, place = np.unique(values.view(np.int64) >> _SHIFT, return_inverse=True)
    sums = np.bincount(place, weights=weights).astype(np.int64)
    return dict(zip(buckets.tolist(), sums.tolist(), strict=True))


def _lower(a: float | None, b: float | None) -> float | None:
    return min(a, b) if a is not None and b is not None else (b if a is None else a)


def _higher(a: float | None, b: float | None) -> float | None:
    return max(a, b) if a is not None and b is not None else (b if a is None else a)
