"""Where a rule does not apply: another field says that its breach is no fault.

An event type that never has a field, a region with codes of its own: such breaches lie together in
groups of another field, and faults do not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from core.arrays import Ints, Mask
from core.quality.learning.column import Column, Columns
from core.quality.learning.dates import are_dates

_GROUP = 5
"""Fewer breaches may lie together by chance: of five at five percent, once in three million."""
_SHARE = 0.8
_MAX_VALUES = 50
_MAX_LEAVES = 3


class Leave(BaseModel):
    """Where the field of `path` has one of `values`, or is `missing`.

    `values` are of the stream, for comparing alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    path: str
    values: frozenset[str] = frozenset()
    missing: bool = False

    def given(self, column: Column) -> Mask:
        if self.missing:
            return column.lacking | column.worded
        return column.spread(np.array([name in self.values for name in column.names], np.bool_))


def leaves(columns: Columns, suspect: Mask, about: Sequence[str]) -> tuple[Leave, ...]:
    """The groups of other fields nearly all of whose records are suspect; `suspect` by record."""
    if suspect.sum() < _GROUP:
        return ()
    found: list[Leave] = []
    usable = [
        each
        for path, each in columns.items()
        if path not in about and each.rows is None and not are_dates(each.names)
    ]
    while len(found) < _MAX_LEAVES and suspect.sum() >= _GROUP:
        best = max(usable, key=lambda each: _rank(each, suspect), default=None)
        if best is None or not _within(best, suspect):
            break
        groups = _groups(best, suspect)[:_MAX_VALUES]
        found.append(Leave(path=best.path, values=frozenset(best.names[at] for at in groups)))
        suspect = suspect & ~found[-1].given(best)
    return tuple(found)


def _rank(column: Column, suspect: Mask) -> tuple[int, int]:
    """The field that explains most, and of those that with the fewest values."""
    return _within(column, suspect), -len(column.names)


def _within(column: Column, suspect: Mask) -> int:
    """How many of the suspect lie in groups that give leave."""
    return int(np.bincount(column.codes[suspect] + 1)[_groups(column, suspect) + 1].sum())


def _groups(column: Column, suspect: Mask) -> Ints:
    sizes = np.bincount(column.codes + 1)
    broken = np.bincount(column.codes[suspect] + 1, minlength=len(sizes))
    lenient = (sizes >= _GROUP) & (broken >= _SHARE * sizes)
    return np.flatnonzero(lenient[1:])


def given_by(given: Sequence[Leave], columns: Columns) -> Mask:
    """The records that any of them lets off."""
    off: Mask = np.logical_or.reduce([leave.given(columns[leave.path]) for leave in given])
    return off
