"""One-to-one assignment of the largest total worth, exact."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Worths = NDArray[np.float64]


def assigned(worth: Worths) -> list[tuple[int, int]]:
    """Pairs (row, column), each at most once, whose sum of `worth` is the largest; by row.

    Pairs of no worth are left out. Only those rows and columns are looked at that are worth
    anything to each other.
    """
    rows, columns = (np.flatnonzero((worth > 0).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return []
    part = np.maximum(worth[np.ix_(rows, columns)], 0.0)
    chosen = zip(*linear_sum_assignment(part, maximize=True), strict=True)
    return [
        (int(rows[row]), int(columns[column])) for row, column in chosen if part[row, column] > 0
    ]
