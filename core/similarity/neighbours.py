"""The nearest of each row of a matrix of unit vectors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.similarity.comparable import Floats

Places = NDArray[np.intp]

NEAREST = 64
"""How many neighbours are looked at: the right partner is among the first 5 in nine of ten."""
_BLOCK = 512
"""Rows of a product, so that 10,000 x 10,000 similarities are never held at once."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Both (rows, at most NEAREST), nearest first, without the row itself."""

    places: Places
    cosines: Floats

    @staticmethod
    def of(rows: Floats, nearest: int = NEAREST) -> Neighbours:
        """Exact; an index (HNSW) may tell the same for larger fleets."""
        count = min(nearest, len(rows) - 1)
        if count < 1:
            return Neighbours(
                np.zeros((len(rows), 0), np.intp), np.zeros((len(rows), 0), np.float32)
            )
        blocks = [_nearest(rows, start, count) for start in range(0, len(rows), _BLOCK)]
        places, cosines = (np.concatenate(part) for part in zip(*blocks, strict=True))
        return Neighbours(places, cosines)


def _nearest(rows: Floats, start: int, count: int) -> tuple[Places, Floats]:
    block = rows[start : start + _BLOCK] @ rows.T
    own = np.arange(len(block))
    block[own, own + start] = -np.inf
    places = np.argpartition(-block, count - 1, axis=1)[:, :count]
    found = np.take_along_axis(block, places, axis=1)
    # Ties are broken by place, so that equal rows come in one order on every machine.
    order = np.lexsort((places, -found), axis=1)
    return np.take_along_axis(places, order, axis=1), np.take_along_axis(found, order, axis=1)
