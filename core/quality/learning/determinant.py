"""What one field says that another must be: the values that came with each of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

import numpy as np
from pydantic import BaseModel, ConfigDict

from core.arrays import Ints, Mask, Numbers
from core.quality.learning.column import Column, Columns
from core.quality.learning.distance import edits
from core.quality.learning.evidence import Evidence

MAX_GROUPS = 5000
NONE = ""
"""Stands for a missing value in a group."""
_KEPT_VALUES = 4
_DECIDED = 2
_SURE = 3
_SPREAD = 2.0
"""Half of a group that says otherwise takes all sureness away."""
_SPOILT = 0.8
"""A value that is what is wanted, spoilt, needs no larger group to be told."""
_SHORT = 4
_EDITS_EVERY = 5
_BETWEEN = "\x1f"
_NOT_HERE = -2
_WIDE = 1 << 31


class Determinant(BaseModel):
    """`groups`: by the value of `paths`, the dependent field's commonest values and their counts.

    They are values of the stream, kept to compare with.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    paths: tuple[str, ...]
    evidence: Evidence
    groups: Mapping[str, Mapping[str, int]]

    def __add__(self, other: Determinant) -> Determinant:
        groups: dict[str, dict[str, int]] = {key: dict(held) for key, held in self.groups.items()}
        for key, counts in other.groups.items():
            mine = groups.setdefault(key, {})
            for value, count in counts.items():
                mine[value] = mine.get(value, 0) + count
        return Determinant(
            paths=self.paths,
            evidence=self.evidence + other.evidence,
            groups=largest(groups),
        )

    @cached_property
    def expected(self) -> Mapping[str, tuple[str, float]]:
        """By key the value that it asks for and how sure that is; undecided groups left out."""
        asked = ((key, _majority(counts)) for key, counts in self.groups.items())
        return {key: (value, sure) for key, (value, sure) in asked if value and sure >= 0}

    def vote(self, columns: Columns, actual: Column) -> tuple[Mask, Numbers]:
        """Where the value is another than is asked for, and how sure that is everywhere."""
        keys, codes = keyed([columns[path] for path in self.paths])
        place = {name: at for at, name in enumerate(actual.names)}
        asked = [self.expected.get(key, (NONE, 0.0)) for key in keys]
        wanted = np.array([*(place.get(value, _NOT_HERE) for value, _ in asked), _NOT_HERE])[codes]
        sure = np.array([*(each for _, each in asked), 0.0])[codes]
        known = np.array([*(value != NONE for value, _ in asked), False])[codes]
        wrong = known & (wanted != actual.codes)
        for at in np.flatnonzero(wrong & (sure < _SPOILT) & (actual.codes >= 0)):
            if spoilt(actual.names[actual.codes[at]], asked[codes[at]][0]):
                sure[at] = _SPOILT
        return wrong & (sure > 0), sure


def keyed(columns: Sequence[Column]) -> tuple[tuple[str, ...], Ints]:
    """The different values that determine, as one text each, and which each record has."""
    first = columns[0]
    if len(columns) == 1:
        return first.names, first.codes
    codes = joined(columns)
    kept, places, dense = np.unique(codes, return_index=True, return_inverse=True)
    keys = tuple(
        _BETWEEN.join(column.names[column.codes[at]] for column in columns) if code >= 0 else ""
        for code, at in zip(kept.tolist(), places.tolist(), strict=True)
    )
    return keys, np.where(codes < 0, -1, dense)


def joined(columns: Sequence[Column]) -> Ints:
    """One number for the values of several columns together; -1 where one of them is missing."""
    codes = columns[0].codes
    for column in columns[1:]:
        codes = np.where((codes < 0) | (column.codes < 0), -1, codes * _WIDE + column.codes)
    return codes


@lru_cache(10_000)
def spoilt(actual: str, wanted: str) -> bool:
    """Whether a value is what is wanted with something added, lost or misspelt."""
    if not actual or min(len(actual), len(wanted)) < _SHORT:
        return False
    if wanted in actual or actual in wanted:
        return True
    same = [sign for sign in actual if sign.isdigit()] == [s for s in wanted if s.isdigit()]
    return same and edits(actual, wanted, max(1, len(wanted) // _EDITS_EVERY)) is not None


def _majority(counts: Mapping[str, int]) -> tuple[str, float]:
    """The commonest value of a group, and how sure it is; below zero where it is no majority."""
    value = max(counts, key=lambda each: counts[each])
    total, most = sum(counts.values()), counts[value]
    if most < _DECIDED or 2 * most <= total:
        return value, -1.0
    if most < _SURE:
        return value, 0.0
    return value, max(0.0, 1 - _SPREAD * (total - most) / total)


def _commonest(counts: Mapping[str, int]) -> dict[str, int]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return dict(ordered[:_KEPT_VALUES])


def largest(groups: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """The largest groups, and the commonest values of each: what is kept is bounded."""
    ordered = sorted(groups.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    return {key: _commonest(counts) for key, counts in ordered[:MAX_GROUPS]}
