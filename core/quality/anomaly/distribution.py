"""The values of a numeric field as weighted points, from any mergeable sketch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.arrays import Numbers
from core.inference.numeric import bucket_middle

_GRID = 256


@dataclass(frozen=True, slots=True)
class Distribution:
    """Distinct points in order, the share of values at each, and how many values there were."""

    points: Numbers
    shares: Numbers
    count: int

    @staticmethod
    def of_counts(counts: Mapping[float, int]) -> Distribution:
        points = np.array(sorted(counts), dtype=np.float64)
        numbers = np.array([counts[point] for point in sorted(counts)], dtype=np.float64)
        total = numbers.sum()
        return Distribution(points, numbers / total if total else numbers, int(total))

    @staticmethod
    def of_histogram(histogram: Mapping[int, int]) -> Distribution:
        """From the buckets of a profile's numbers, which are 6 to 12 % wide."""
        return Distribution.of_counts({bucket_middle(b): n for b, n in histogram.items()})

    @staticmethod
    def of_kll(sketch: Any) -> Distribution:
        """From a KLL sketch of `datasketches`: its quantiles at even ranks."""
        if sketch.is_empty():
            return Distribution.of_counts({})
        ranks = (np.arange(_GRID) + 0.5) / _GRID
        points, numbers = np.unique(sketch.get_quantiles(ranks), return_counts=True)
        return Distribution(points.astype(np.float64), numbers / _GRID, int(sketch.n))

    def below(self, points: Numbers) -> Numbers:
        """The share of values up to each of the points."""
        sums = np.concatenate([[0.0], np.cumsum(self.shares)])
        return sums[np.searchsorted(self.points, points, side="right")]

    def quantile(self, share: float) -> float:
        place = int(np.searchsorted(np.cumsum(self.shares), share - 1e-12))
        return float(self.points[min(place, len(self.points) - 1)])

    def scaled(self, factor: float) -> Distribution:
        return Distribution(self.points * factor, self.shares, self.count)
