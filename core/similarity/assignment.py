"""One-to-one assignment of the largest total worth, exact."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Worths = NDArray[np.float64]


def assigned(worth: Worths) -> list[tuple[int, int]]:
    """Pairs (row, column), each at most once, whose sum of `worth` is the largest; by row.

    Pairs of no worth are left out. Shortest augmenting paths over a rectangular matrix (Crouse
    2016, what scipy's `linear_sum_assignment` does), over those rows and columns alone that are
    worth anything to each other.
    """
    rows, columns = (np.flatnonzero((worth > 0).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return []
    part = worth[np.ix_(rows, columns)]
    turned = part.shape[0] > part.shape[1]
    columns_of = _augmented(-np.maximum(part.T if turned else part, 0.0))
    pairs = [(column, row) if turned else (row, column) for row, column in enumerate(columns_of)]
    found = [(int(rows[row]), int(columns[column])) for row, column in pairs]
    return sorted((row, column) for row, column in found if worth[row, column] > 0)


def _augmented(cost: Worths) -> list[int]:
    """The column of each row; there are no more rows than columns."""
    rows, columns = cost.shape
    row_price, column_price = np.zeros(rows), np.zeros(columns)
    row_of, column_of = np.full(columns, -1), np.full(rows, -1)
    for start in range(rows):
        lengths, before = np.full(columns, np.inf), np.full(columns, -1)
        done, row, reached, reach = np.zeros(columns, bool), start, [start], 0.0
        while True:
            further = reach + cost[row] - row_price[row] - column_price
            shorter = ~done & (further < lengths)
            lengths[shorter], before[shorter] = further[shorter], row
            sink = int(np.argmin(np.where(done, np.inf, lengths)))
            reach = float(lengths[sink])
            done[sink] = True
            if row_of[sink] < 0:
                break
            row = int(row_of[sink])
            reached.append(row)
        row_price[start] += reach
        for other in reached[1:]:
            row_price[other] += reach - lengths[column_of[other]]
        column_price[done] -= reach - lengths[done]
        _follow(sink, start, before, row_of, column_of)
    return [int(column) for column in column_of]


def _follow(
    sink: int,
    start: int,
    before: NDArray[np.int_],
    row_of: NDArray[np.int_],
    column_of: NDArray[np.int_],
) -> None:
    """Turn over the path that ends at the column `sink`."""
    column = sink
    while True:
        row = int(before[column])
        row_of[column] = row
        column_of[row], column = column, int(column_of[row])
        if row == start:
            return
