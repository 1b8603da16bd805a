"""The different numbers of an array, where there are few: without sorting all of it."""

from __future__ import annotations

import numpy as np

from core.arrays import Ints


def distinct(small: Ints) -> list[int]:
    """Of numbers as small as those of partitions are, in ascending order."""
    counts: list[int] = np.flatnonzero(np.bincount(small)).tolist()
    return counts


def numbered(values: Ints) -> tuple[Ints, Ints]:
    """As `numpy.unique` with the inverse, for values that come in runs."""
    if not values.size:
        return values, np.empty(0, np.int64)
    begins = np.concatenate(([True], values[1:] != values[:-1]))
    found, inverse = np.unique(values[begins], return_inverse=True)
    return found, inverse[np.cumsum(begins) - 1]
