"""Records that are the first of their value as far as the worker knew that counted them.

Others may have counted the same value meanwhile, on another partition of the topic. When counts are
written, one worker at a time, it is known what they wrote: what they had first is repeated here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from core.arrays import Hashes, Ints, Mask
from core.quality.memory.chunk import Chunk
from core.quality.rule import Dimension
from core.quality.window import Cell, Window


@dataclass(frozen=True, slots=True)
class Firsts:
    """Of one rule on one partition; arrays of equal length. `dimension` is what a repeated record
    is bad in, None where the rule only warns; `bad` are those that are bad anyway, `bad_in_it`
    those that are in this dimension."""

    rule: str
    partition: int
    dimension: Dimension | None
    hashes: Hashes
    buckets: Ints
    cells: Sequence[Cell]
    inverse: Ints
    """Which of `cells` each record is counted in."""
    offsets: Ints
    arrived_ms: Ints
    bad: Mask
    bad_in_it: Mask

    def chunks(self, without: Mask) -> Iterator[Chunk]:
        for bucket in np.unique(self.buckets[~without]).tolist():
            rows = ~without & (self.buckets == bucket)
            yield Chunk(self.rule, bucket, self.hashes[rows].tobytes())

    def among(self, others: Sequence[Chunk]) -> Mask:
        """Those that others had first."""
        found = np.zeros(len(self.hashes), bool)
        for bucket in {chunk.bucket for chunk in others}:
            theirs = np.concatenate([one.values for one in others if one.bucket == bucket])
            beside = np.abs(self.buckets - bucket) <= 1
            found[beside] |= np.isin(self.hashes[beside], theirs)
        return found


@dataclass(frozen=True, slots=True)
class Settled:
    """What is first all the same, to be remembered, and what comes to the windows for the rest."""

    chunks: Sequence[Chunk]
    more: Mapping[Cell, Window]

    @classmethod
    def of(cls, firsts: Sequence[Firsts], others: Mapping[str, Sequence[Chunk]]) -> Self:
        """Firsts of one partition, and by rule what others wrote since these were counted."""
        chunks: list[Chunk] = []
        more: dict[Cell, Window] = defaultdict(Window)
        spoilt: set[tuple[int, Dimension | None]] = set()
        for each in firsts:
            again = each.among(others.get(each.rule, ()))
            chunks += each.chunks(without=again)
            for row in np.flatnonzero(again).tolist():
                _count(each, row, more[each.cells[each.inverse[row]]], spoilt)
        return cls(chunks, dict(more))


def _count(
    firsts: Firsts, row: int, window: Window, spoilt: set[tuple[int, Dimension | None]]
) -> None:
    """As if it had been known. `spoilt` are offsets that another rule's settling made bad, and in
    which dimension."""
    offset, dimension = int(firsts.offsets[row]), firsts.dimension
    window.breaks(firsts.rule, 1, int(firsts.arrived_ms[row]))
    window.note(firsts.rule, (firsts.partition, offset, ""))
    if dimension is None:
        return
    if not firsts.bad_in_it[row] and (offset, dimension) not in spoilt:
        window.bad_by[dimension.value] += 1
    if not firsts.bad[row] and (offset, None) not in spoilt:
        window.bad += 1
    spoilt |= {(offset, dimension), (offset, None)}
