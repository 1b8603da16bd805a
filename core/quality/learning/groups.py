"""The groups that the values of a field make of records, and what agrees within them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from core.arrays import Ints
from core.quality.learning.column import Column
from core.quality.learning.evidence import Evidence

_ENOUGH = 4
"""Records of a group that have a majority worth the name."""
_MANY = 3
_COVER = 0.3
_AGREED = 0.85
"""So many must agree with their group: with more faults than the rest it cannot be learnt."""
_LIFT = 0.6
"""And so much of what chance would leave apart (values shuffled among the records)."""
_MAX_PAIRED = 8
_WIDE = 1 << 31


class Groups:
    """`codes` says the group of each record, -1 for none; `sizes` how many records each has."""

    def __init__(self, paths: tuple[str, ...], codes: Ints) -> None:
        self.paths = paths
        self.codes = codes
        self.sizes = np.bincount(codes[codes >= 0], minlength=1)
        shuffled = np.random.default_rng(7).permutation(len(codes))
        self.shuffled = codes[shuffled]

    @staticmethod
    def of(column: Column) -> Groups:
        return Groups((column.path,), column.codes)

    @property
    def varies(self) -> bool:
        return int((self.sizes > 0).sum()) > 1

    @property
    def usable(self) -> bool:
        """Whether enough records lie in groups that are large enough to have a majority."""
        inside = self.sizes[self.sizes >= _ENOUGH].sum()
        many = int((self.sizes >= _ENOUGH).sum())
        return many >= _MANY and bool(inside >= _COVER * len(self.codes))

    def follows(self, other: Groups) -> Evidence | None:
        """How often this agrees within the groups of the other; None where it does not follow."""
        agreed, seen = other.agreed(self.codes)
        chance, _ = other.agreed(self.shuffled)
        if not seen or agreed < _AGREED * seen or agreed - chance < _LIFT * (seen - chance):
            return None
        return Evidence(broken=seen - agreed, seen=seen)

    def agreed(self, codes: Ints) -> tuple[int, int]:
        """How many records have the commonest value of their group, and how many were asked."""
        usable = np.append(self.sizes >= _ENOUGH, False)[self.codes]
        group, value = self.codes[usable], codes[usable] + 1
        pairs, counts = np.unique(group * _WIDE + value, return_counts=True)
        most = np.zeros(len(self.sizes), np.int64)
        np.maximum.at(most, pairs // _WIDE, counts)
        return int(most.sum()), int(usable.sum())


def pairs_of(candidates: Sequence[Groups]) -> list[Groups]:
    """Groups by two fields at once, of the fields with the fewest values."""
    few = sorted(candidates, key=lambda each: len(each.sizes))[:_MAX_PAIRED]
    return [pair for pair in _paired(few) if pair.usable]


def _paired(few: Sequence[Groups]) -> Iterator[Groups]:
    for place, first in enumerate(few):
        for second in few[place + 1 :]:
            both = (first.codes >= 0) & (second.codes >= 0)
            codes = np.where(both, first.codes * _WIDE + second.codes, -1)
            yield Groups(first.paths + second.paths, _dense(codes))


def _dense(codes: Ints) -> Ints:
    _, dense = np.unique(codes, return_inverse=True)
    return np.where(codes < 0, -1, dense)
