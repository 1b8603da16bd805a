"""What a rule remembers of earlier records of its partition: values for uniqueness, and the latest
event time of each key for order.

Time is cut into buckets of the rule's window; a record is held against its own bucket and the one
before, so that a memory ends. What is remembered is hashes. When a bucket grows beyond its limit,
only every second hash, then every fourth ... is kept: the rule then sees that share of the records.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

LIMIT = 200_000

Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Chunk:
    """What was learnt of a bucket since the last flush: hashes, and with them times for order."""

    rule: str
    bucket: int
    hashes: bytes
    times: bytes = b""


def _all_new(
    hashes: list[int], known: dict[int, int], earlier: dict[int, int]
) -> dict[int, int] | None:
    """The common case at full speed: nothing is there twice."""
    new = dict.fromkeys(hashes, 0)
    if len(new) < len(hashes) or not known.keys().isdisjoint(new):
        return None
    return new if earlier.keys().isdisjoint(new) else None


@dataclass(slots=True)
class _Bucket:
    known: dict[int, int] = field(default_factory=dict)
    """Hash -> latest event time; 0 where only presence counts."""
    fresh: dict[int, int] = field(default_factory=dict)
    """What was learnt and is not written yet, but for `blocks`."""
    blocks: list[Hashes] = field(default_factory=list)
    """Hashes without times, as they came: all of them new."""
    thinned: int = 0
    """Hashes whose lowest so many bits are not zero are not kept."""

    def take_fresh(self) -> tuple[Hashes, Ints]:
        """Hashes and times of what was learnt since these were taken last."""
        hashes = np.fromiter(self.fresh.keys(), np.uint64, len(self.fresh))
        times = np.fromiter(self.fresh.values(), np.int64, len(self.fresh))
        whole = np.concatenate([hashes, *self.blocks])
        padded = np.concatenate([times, np.zeros(len(whole) - len(times), np.int64)])
        self.fresh, self.blocks = {}, []
        return whole, padded

    def thin(self, limit: int) -> None:
        while len(self.known) > limit:
            self.thinned += 1
            mask = (1 << self.thinned) - 1
            self.known = {one: at for one, at in self.known.items() if not one & mask}
            self.fresh = {one: at for one, at in self.fresh.items() if not one & mask}
            self.blocks = [block[block & np.uint64(mask) == 0] for block in self.blocks]


class Memory:
    """Of one rule on one partition."""

    def __init__(self, rule: str, window_ms: int, *, limit: int = LIMIT) -> None:
        self.rule = rule
        self._window_ms = window_ms
        self._limit = limit
        self._buckets: dict[int, _Bucket] = {}

    def repeated(self, hashes: Hashes, arrived_ms: Ints) -> tuple[list[int], int]:
        """The rows whose hash was there before, and how many rows were looked at."""
        found: list[int] = []
        looked = 0
        for bucket, rows in self._by_bucket(arrived_ms):
            here, before = self._at(bucket), self._buckets.get(bucket - 1)
            mask = (1 << max(here.thinned, before.thinned if before else 0)) - 1
            earlier: dict[int, int] = before.known if before else {}
            known, fresh = here.known, here.fresh
            if mask:
                rows = rows[hashes[rows] & np.uint64(mask) == 0]
            looked += len(rows)
            block = hashes[rows]
            asked = block.tolist()
            if (new := _all_new(asked, known, earlier)) is not None:
                known |= new
                here.blocks.append(block)
            else:
                for row, one in zip(rows.tolist(), asked, strict=True):
                    if one in known or one in earlier:
                        found.append(row)
                    else:
                        known[one] = fresh[one] = 0
            here.thin(self._limit)
        return found, looked

    def went_back(self, keys: Hashes, times: Ints, arrived_ms: Ints) -> tuple[list[int], int]:
        """The rows whose time is before the latest of their key, and how many were looked at."""
        found: list[int] = []
        looked = 0
        for bucket, rows in self._by_bucket(arrived_ms):
            here, before = self._at(bucket), self._buckets.get(bucket - 1)
            mask = (1 << max(here.thinned, before.thinned if before else 0)) - 1
            earlier: dict[int, int] = before.known if before else {}
            if mask:
                rows = rows[keys[rows] & np.uint64(mask) == 0]
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
            if held.fresh or held.blocks:
                hashes, times = held.take_fresh()
                yield Chunk(
                    self.rule, bucket, hashes.tobytes(), times.tobytes() if times.any() else b""
                )
        for old in sorted(self._buckets)[:-3]:
            del self._buckets[old]

    def learn(self, chunks: Sequence[Chunk]) -> None:
        """Take up what was written, in its order."""
        for chunk in chunks:
            bucket = self._at(chunk.bucket)
            hashes = np.frombuffer(chunk.hashes, np.uint64).tolist()
            times = np.frombuffer(chunk.times, np.int64).tolist() or [0] * len(hashes)
            bucket.known.update(zip(hashes, times, strict=True))
            bucket.thin(self._limit)

    def _at(self, bucket: int) -> _Bucket:
        return self._buckets.setdefault(bucket, _Bucket())

    def _by_bucket(self, arrived_ms: Ints) -> Iterable[tuple[int, Ints]]:
        buckets = arrived_ms // self._window_ms
        if buckets.size and buckets[0] == buckets[-1] and (buckets == buckets[0]).all():
            yield int(buckets[0]), np.arange(len(buckets))
            return
        for bucket in np.unique(buckets).tolist():
            yield bucket, np.flatnonzero(buckets == bucket)
