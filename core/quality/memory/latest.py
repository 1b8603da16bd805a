"""The latest event time of each key: what order in a partition is held against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from core.arrays import Hashes, Ints
from core.quality.memory.bucket import by_bucket, kept
from core.quality.memory.chunk import Chunk

LIMIT = 200_000
"""Keys of a bucket."""


@dataclass(slots=True)
class _Bucket:
    known: dict[int, int] = field(default_factory=dict)
    """Hash -> latest event time."""
    fresh: dict[int, int] = field(default_factory=dict)
    """What was learnt and is not written yet."""
    thinned: int = 0
    """Hashes whose lowest so many bits are not zero are not kept."""

    def thin(self, limit: int) -> None:
        while len(self.known) > limit:
            self.thinned += 1
            mask = (1 << self.thinned) - 1
            self.known = {one: at for one, at in self.known.items() if not one & mask}
            self.fresh = {one: at for one, at in self.fresh.items() if not one & mask}


class Latest:
    """Of one rule on one partition."""

    def __init__(self, rule: str, window_ms: int, *, limit: int = LIMIT) -> None:
        self.rule = rule
        self._window_ms = window_ms
        self._limit = limit
        self._buckets: dict[int, _Bucket] = {}

    def went_back(self, keys: Hashes, times: Ints, arrived_ms: Ints) -> tuple[list[int], int]:
        """The rows whose time is before the latest of their key, and how many were looked at."""
        found: list[int] = []
        looked = 0
        for bucket, every in by_bucket(arrived_ms, self._window_ms):
            here, before = self._at(bucket), self._buckets.get(bucket - 1)
            earlier: dict[int, int] = before.known if before else {}
            rows = kept(keys, every, max(here.thinned, before.thinned if before else 0))
            looked += len(rows)
            asked = zip(rows.tolist(), keys[rows].tolist(), times[rows].tolist(), strict=True)
            for row, key, at in asked:
                latest = here.known.get(key, earlier.get(key))
                if latest is not None and at < latest:
                    found.append(row)
                else:
                    here.known[key] = here.fresh[key] = at
            here.thin(self._limit)
        return found, looked

    def chunks(self) -> Iterable[Chunk]:
        """What was learnt since these were taken last; older buckets are forgotten."""
        for bucket, held in self._buckets.items():
            if held.fresh:
                hashes = np.fromiter(held.fresh.keys(), np.uint64, len(held.fresh))
                times = np.fromiter(held.fresh.values(), np.int64, len(held.fresh))
                held.fresh = {}
                yield Chunk(self.rule, bucket, hashes.tobytes(), times.tobytes())
        for old in sorted(self._buckets)[:-3]:
            del self._buckets[old]

    def learn(self, chunks: Sequence[Chunk]) -> None:
        """Take up what was written, in its order."""
        for chunk in chunks:
            bucket = self._at(chunk.bucket)
            times = np.frombuffer(chunk.times, np.int64).tolist()
            bucket.known.update(zip(chunk.values.tolist(), times, strict=True))
            bucket.thin(self._limit)

    def _at(self, bucket: int) -> _Bucket:
        return self._buckets.setdefault(bucket, _Bucket())
