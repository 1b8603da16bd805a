"""Numbers of one field: exact bounds, a sample of distinct values, a mergeable histogram."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import numpy.typing as npt

from core.inference.sample import Entry, Sample, mixed, opaque_entry, sample_of, text_hashes

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
        sample = sample_of(counts, _hashes(list(counts)), _entry)
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


def canonical(number: int) -> str:
    """One text for an integer, however large."""
    return str(number) if -_WORD <= number <= 2 * _WORD else hex(number)


def _hashes(numbers: list[int] | list[float]) -> npt.NDArray[np.uint64]:
    """Hashes of different numbers: whole ones alike whatever their type, others by their bits."""
    if type(numbers[0]) is int:
        try:
            return mixed(np.array(numbers, dtype=np.int64).view(np.uint64))
        except OverflowError:
            return np.array([_hash_of_integer(int(n)) for n in numbers], dtype=np.uint64)
    values = np.array(numbers, dtype=np.float64) + 0.0
    whole = (values == np.floor(values)) & (np.abs(values) < _EXACT)
    return np.where(
        whole,
        mixed(np.where(whole, values, 0.0).astype(np.int64).view(np.uint64)),
        mixed(~values.view(np.uint64)),
    )


def _hash_of_integer(number: int) -> int:
    if -_WORD <= number < _WORD:
        return int(mixed(np.array([number], dtype=np.int64).view(np.uint64))[0])
    return int(text_hashes([hex(number)])[0])


def _entry(number: float, seen: int) -> Entry:
    return opaque_entry(seen, len(canonical(abs(number))) if isinstance(number, int) else 0)


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
