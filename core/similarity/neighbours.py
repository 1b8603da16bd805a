"""The nearest of each row of a matrix of unit vectors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats

Places = NDArray[np.intp]

NEAREST = 64
"""How many are kept: candidates want the first twelve, rivals of a pair may lie further out."""
_BLOCK = 512
"""Rows of a product, so that 10,000 x 10,000 similarities are never held at once."""
_TILE, _ONE_THREAD = 32, 2**18
"""Columns of a product, and the multiplications up to which OpenBLAS stays on one thread."""
_RUN = 16
"""Columns whose maximum is looked at before they are."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Both (rows, at most NEAREST), nearest first, without the row itself."""

    places: Places
    cosines: Floats

    @staticmethod
    def of(rows: Floats, nearest: int = NEAREST) -> Neighbours:
        """Exact. Grows with the square of the rows; see `Fleet.of`."""
        count = min(nearest, len(rows) - 1)
        if count < 1:
            return Neighbours(
                np.zeros((len(rows), 0), np.intp), np.zeros((len(rows), 0), np.float32)
            )
        tiles = _tiles(rows)
        blocks = [_nearest(rows, tiles, start, count) for start in range(0, len(rows), _BLOCK)]
        places, cosines = (np.concatenate(part) for part in zip(*blocks, strict=True))
        return Neighbours(places, cosines)


def _tiles(rows: Floats) -> Floats:
    """The rows as columns of small matrices, shape (tiles, dimension, _TILE), zeros at the end."""
    padded = np.pad(rows, ((0, -len(rows) % _TILE), (0, 0)))
    tiled = padded.reshape(-1, _TILE, rows.shape[1]).transpose(0, 2, 1)
    return np.ascontiguousarray(tiled, np.float32)


def _products(block: Floats, tiles: Floats, columns: int) -> Floats:
    """`block @ rows.T` by products that are each small enough for one thread.

    Beside other work BLAS' threads wait for each other, which was seen to cost tenfold.
    """
    found = np.empty((len(block), columns), np.float32)
    step = max(1, _ONE_THREAD // (_TILE * block.shape[1]))
    for start in range(0, len(block), step):
        part = np.matmul(block[start : start + step], tiles).transpose(1, 0, 2)
        found[start : start + step] = part.reshape(part.shape[0], -1)[:, :columns]
    return found


def _nearest(rows: Floats, tiles: Floats, start: int, count: int) -> tuple[Places, Floats]:
    block = _products(rows[start : start + _BLOCK], tiles, len(rows))
    own = np.arange(len(block))
    block[own, own + start] = -np.inf
    around = _promising(block, count)
    cosines = np.take_along_axis(block, around, axis=1)
    best = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
    places = np.take_along_axis(around, best, axis=1)
    found = np.take_along_axis(cosines, best, axis=1)
    # Ties are broken by place, so that equal rows come in one order on every machine.
    order = np.lexsort((places, -found), axis=1)
    return np.take_along_axis(places, order, axis=1), np.take_along_axis(found, order, axis=1)


def _promising(block: Floats, count: int) -> Places:
    """Columns that hold the `count` largest of each row: those of its best runs of columns.

    The largest `count` lie in at most as many runs, and those have the largest maxima. Looking at
    maxima first is several times quicker than selecting among all columns.
    """
    runs = block.shape[1] // _RUN
    if runs <= count:
        return np.broadcast_to(np.arange(block.shape[1]), block.shape)
    most = block[:, : runs * _RUN].reshape(len(block), runs, _RUN).max(axis=2)
    best = np.argpartition(-most, count - 1, axis=1)[:, :count]
    inside = (best[:, :, None] * _RUN + np.arange(_RUN)).reshape(len(block), -1)
    rest = np.arange(runs * _RUN, block.shape[1])
    return np.concatenate([inside, np.broadcast_to(rest, (len(block), len(rest)))], axis=1)
