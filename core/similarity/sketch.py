"""The hashes of a field's sampled values, packed: what two fields have in common, and no more.

A sample keeps each value's shape and count too, ten times as much; sources are compared by the
thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from core.arrays import Hashes
from core.inference.sample import SIZE, Sample


@dataclass(frozen=True, slots=True)
class Sketch:
    """`packed` are 64-bit hashes in ascending order, `distinct` how many values there may be."""

    packed: bytes
    distinct: float

    @classmethod
    def of(cls, sample: Sample) -> Self:
        return cls(np.array(sorted(sample.entries), np.uint64).tobytes(), sample.distinct)

    @property
    def hashes(self) -> Hashes:
        return np.frombuffer(self.packed, np.uint64)

    def overlap(self, other: Sketch) -> float:
        """Estimated Jaccard similarity of the two sets of distinct values."""
        both = np.concatenate((self.hashes, other.hashes))
        if not both.size:
            return 0.0
        both.sort()
        twice = both[1:] == both[:-1]
        begins = np.flatnonzero(np.concatenate(([True], ~twice)))
        if len(begins) > SIZE:
            twice = twice[: begins[SIZE] - 1]
        return int(np.count_nonzero(twice)) / min(len(begins), SIZE)
