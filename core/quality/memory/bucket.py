"""Records by the bucket of time that they are of."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from core.arrays import Hashes, Ints


def by_bucket(arrived_ms: Ints, window_ms: int) -> Iterator[tuple[int, Ints]]:
    """Each bucket with its rows, oldest first."""
    buckets = arrived_ms // window_ms
    if buckets.size and buckets[0] == buckets[-1] and (buckets == buckets[0]).all():
        yield int(buckets[0]), np.arange(len(buckets))
        return
    for bucket in np.unique(buckets).tolist():
        yield bucket, np.flatnonzero(buckets == bucket)


def kept(hashes: Hashes, rows: Ints, thinned: int) -> Ints:
    """Of these rows those that are looked at where so many times every second hash was dropped."""
    return rows[hashes[rows] & np.uint64((1 << thinned) - 1) == 0] if thinned else rows
