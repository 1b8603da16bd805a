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
    worthy = worth > 0
    rows, columns = (np.flatnonzero(worthy.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return []
    part = np.maximum(worth[rows][:, columns], 0.0)
    chosen = linear_sum_assignment(part, maximize=True)
    kept = part[chosen] > 0
    pairs = rows[chosen[0][kept]].tolist(), columns[chosen[1][kept]].tolist()
    return list(zip(*pairs, strict=True))
