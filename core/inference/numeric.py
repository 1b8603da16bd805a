"""Numbers of one field: exact bounds, a sample of distinct values, a mergeable histogram."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import cast

import numpy as np

from core.arrays import Hashes, Numbers
from core.inference.sample import SIZE, Entry, Sample, mixed, opaque_entry, text_hashes

_SHIFT = 49
"""Bits of a float64 that are dropped: what is left is sign, exponent and 3 bits of mantissa."""

_EXACT = 2**53
_WORD = 2**63
_REACH = 10**308


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
    def of(column: Sequence[int] | Sequence[float], known: Numeric | None = None) -> Numeric:
        """`known` is what the result is to be added to, if anything: it makes work lighter."""
        numbers, hashes = _read(column)
        odd = len(column) - len(numbers)
        if odd:
            column = [n for n in column if _is_finite(n)]
        if not column:
            return Numeric(odd, odd, None, None)
        sample = _sample(column, hashes, known.sample.limit if known else None)
        low, high = _ends(column, numbers)
        return Numeric(len(column) + odd, odd, low, high, sample, _histogram(numbers))

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


def _read(column: Sequence[int] | Sequence[float]) -> tuple[Numbers, Hashes]:
    """The finite numbers and their hashes: whole ones hash alike whatever their type."""
    if type(column[0]) is int:
        try:
            whole = np.array(column, dtype=np.int64)
            return whole.astype(np.float64), mixed(whole.view(np.uint64))
        except OverflowError:
            return _read_huge([n for n in column if _is_finite(n)])
    values = np.array(column, dtype=np.float64) + 0.0
    fine = np.isfinite(values)
    values = values if fine.all() else values[fine]
    bits = np.where(
        (values == np.floor(values)) & (np.abs(values) < _EXACT),
        np.clip(values, -_EXACT, _EXACT).astype(np.int64).view(np.uint64),
        ~values.view(np.uint64),
    )
    return values, mixed(bits)


def _read_huge(column: Sequence[float]) -> tuple[Numbers, Hashes]:
    hashes = np.array([_hash_of_integer(int(n)) for n in column], dtype=np.uint64)
    return np.array(column, dtype=np.float64), hashes


def _hash_of_integer(number: int) -> int:
    if -_WORD <= number < _WORD:
        return int(mixed(np.array([number], dtype=np.int64).view(np.uint64))[0])
    return int(text_hashes([hex(number)])[0])


def _is_finite(number: float) -> bool:
    """Integers beyond the reach of a float count as infinities do."""
    return abs(number) < _REACH if type(number) is int else math.isfinite(number)


def _ends(column: Sequence[int] | Sequence[float], numbers: Numbers) -> tuple[float, float]:
    """The least and the greatest number; integers exactly, where a float would round them."""
    if type(column[0]) is int:
        return min(column), max(column)
    return float(numbers.min()), float(numbers.max())


def _sample(column: Sequence[int] | Sequence[float], hashes: Hashes, limit: int | None) -> Sample:
    """The sample of a column; with a `limit` hashes above it are not looked at."""
    places = np.arange(len(hashes))
    if limit is not None:
        places = np.flatnonzero(hashes <= np.uint64(limit))
    digests, first, seen = np.unique(hashes[places], return_index=True, return_counts=True)
    rows = zip(digests.tolist(), places[first].tolist(), seen.tolist(), strict=True)
    return Sample({digest: _entry(column[at], n) for digest, at, n in islice(rows, SIZE)})


def _entry(number: float, seen: int) -> Entry:
    return opaque_entry(seen, len(canonical(abs(number))) if isinstance(number, int) else 0)


def bucket_middle(bucket: int) -> float:
    edges = np.array([bucket << _SHIFT, (bucket + 1) << _SHIFT], dtype=np.int64).view(np.float64)
    return float(edges[0]) if bucket in (0, -(1 << 14)) else float(edges[0] / 2 + edges[1] / 2)


def _histogram(numbers: Numbers) -> dict[int, int]:
    buckets = numbers.view(np.int64) >> _SHIFT
    lowest = buckets.min()
    counts = np.bincount(buckets - lowest)
    filled = np.flatnonzero(counts)
    return dict(zip((filled + lowest).tolist(), counts[filled].tolist(), strict=True))


def _lower(a: float | None, b: float | None) -> float | None:
    return min(a, b) if a is not None and b is not None else (b if a is None else a)


def _higher(a: float | None, b: float | None) -> float | None:
    return max(a, b) if a is not None and b is not None else (b if a is None else a)
