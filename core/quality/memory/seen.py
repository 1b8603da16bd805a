"""Values that were there before: what uniqueness in a topic is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from core.arrays import Hashes, Ints
from core.quality.memory.bucket import by_bucket, kept
from core.quality.memory.chunk import Chunk

LIMIT = 400_000
"""Values of a bucket."""
KEPT_MS = 5 * 60_000
"""How long a bucket is kept that no partition is at any more: another one may be behind."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows that were asked about: those whose value was there before, and those that are the first
    of theirs, these with their buckets. The others were not looked at."""

    repeated: Ints
    first: Ints
    buckets: Ints

    @property
    def looked(self) -> int:
        return len(self.repeated) + len(self.first)


@dataclass(slots=True)
class _Bucket:
    known: set[int] = field(default_factory=set)
    asked_ms: int = 0
    """When it was asked last."""
    thinned: int = 0
    """Hashes whose lowest so many bits are not zero are not kept."""

    def thin(self, limit: int) -> None:
        while len(self.known) > limit:
            self.thinned += 1
            mask = (1 << self.thinned) - 1
            self.known = {one for one in self.known if not one & mask}


_NOTHING = _Bucket()


class Seen:
    """Of one rule on all partitions of a topic, as far as one worker knows."""

    def __init__(self, window_ms: int, *, limit: int = LIMIT) -> None:
        self._window_ms = window_ms
        self._limit = limit
        self._buckets: dict[int, _Bucket] = {}
        self._at: dict[int, int] = {}
        """The bucket of each partition's latest records."""

    def __len__(self) -> int:
        """How many values are remembered."""
        return sum(len(bucket.known) for bucket in self._buckets.values())

    def ask(self, partition: int, hashes: Hashes, arrived_ms: Ints, now_ms: int) -> Asked:
        """Values of one partition's records, in their order; they are there from now on."""
        repeated: list[int] = []
        first: list[Ints] = []
        buckets: list[Ints] = []
        for number, every in by_bucket(arrived_ms, self._window_ms):
            self._at[partition] = number
            here = self._buckets.setdefault(number, _Bucket())
            here.asked_ms = now_ms
            # Partitions are not read at one pace: what is later may have been there before.
            beside = [self._buckets.get(at, _NOTHING) for at in (number - 1, number + 1)]
            rows = kept(hashes, every, max(one.thinned for one in (here, *beside)))
            asked = hashes[rows].tolist()
            new = set(asked)
            known = (here.known, *(one.known for one in beside))
            # The common case at full speed: nothing is there twice.
            if len(new) == len(asked) and all(map(new.isdisjoint, known)):
                here.known |= new
            else:
                again = [row for row, one in enumerate(asked) if _is_known(one, known)]
                repeated += rows[again].tolist()
                rows = np.delete(rows, again)
            first.append(rows)
            buckets.append(np.full(len(rows), number))
            here.thin(self._limit)
        self._forget(now_ms)
        return Asked(np.array(repeated, np.int64), _joined(first), _joined(buckets))

    def learn(self, chunks: Sequence[Chunk], now_ms: int) -> None:
        """Take up what was written."""
        for chunk in chunks:
            bucket = self._buckets.setdefault(chunk.bucket, _Bucket())
            bucket.asked_ms = now_ms
            bucket.known.update(chunk.values.tolist())
            bucket.thin(self._limit)

    def _forget(self, now_ms: int) -> None:
        if len(self._buckets) <= 3:
            return
        needed = {beside for at in self._at.values() for beside in (at - 1, at)}
        room = 2 * self._limit - len(self)
        for number in sorted(self._buckets.keys() - needed):
            bucket = self._buckets[number]
            if room < 0 or now_ms - bucket.asked_ms > KEPT_MS:
                room += len(bucket.known)
                del self._buckets[number]


def _is_known(one: int, known: tuple[set[int], ...]) -> bool:
    """Whether it was there; it is from now on."""
    if any(one in values for values in known):
        return True
    known[0].add(one)
    return False


def _joined(parts: Sequence[Ints]) -> Ints:
    return np.concatenate(parts) if parts else np.empty(0, np.int64)
