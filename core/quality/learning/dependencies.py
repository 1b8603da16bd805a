"""Fields that follow others (a city its postcode): in a group of the one, the other is the same.

Which fields follow which is read off the sample: within the groups of a field the other must agree
far more than it would by chance. Several fields may say what another is; they vote, so that the
one that is wrong is blamed and not those that it leads astray.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar, Literal, Self

import numpy as np

from core.arrays import Numbers
from core.quality.learning.check import Check
from core.quality.learning.column import Columns
from core.quality.learning.determinant import NONE, Determinant, keyed, largest
from core.quality.learning.evidence import Evidence
from core.quality.learning.groups import Groups, pairs_of
from core.quality.learning.suspect import Places
from core.quality.rule import Metric, QualityRule

_ENOUGH = 100
_MAX_COLUMNS = 60
"""Every field is held against every other."""
_MAX_DETERMINANTS = 6


class Dependent(Check):
    """A value is what the fields that determine it say."""

    tolerated: ClassVar[float] = 0.15
    weight: ClassVar[float] = 0.95
    check: Literal["dependency"] = "dependency"
    determinants: tuple[Determinant, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        return (*super().paths, *(path for each in self.determinants for path in each.paths))

    def _breaches(self, columns: Columns) -> tuple[Places, Numbers]:
        column = columns[self.path]
        against, agreed, surest = (np.zeros(len(column)) for _ in range(3))
        for determinant in self.determinants:
            wrong, sure = determinant.vote(columns, column)
            sure = sure * determinant.evidence.trust(self.tolerated)
            against += np.where(wrong, sure, 0.0)
            agreed += np.where(wrong, 0.0, sure)
            surest = np.maximum(surest, np.where(wrong, sure, 0.0))
        places = np.flatnonzero(against > agreed)
        share = against[places] / (against[places] + agreed[places])
        return places, self.weight * surest[places] * share

    def merged(self, other: Check) -> Self | None:
        """The groups of both, by the fields that determine it in both."""
        if not isinstance(other, Dependent):
            return None
        theirs = {each.paths: each for each in other.determinants}
        both = tuple(
            each + theirs[each.paths] for each in self.determinants if each.paths in theirs
        )
        return self.joined(other, {"determinants": both}) if both else None


def learn_dependencies(columns: Columns) -> list[Check]:
    """The fields of records that others determine; those in arrays are left out."""
    single = [column for column in columns.values() if column.rows is None and column.counts]
    if not single or len(single[0]) < _ENOUGH:
        return []
    single = sorted(single, key=lambda column: -int(column.present.sum()))[:_MAX_COLUMNS]
    plain = {column.path: Groups.of(column) for column in single}
    usable = [each for each in plain.values() if each.usable]
    pairs = pairs_of(usable)
    checks: list[Check] = []
    for path, groups in plain.items():
        if not groups.varies:
            continue
        found = _determinants(groups, usable)
        if not found:
            found = _determinants(groups, [pair for pair in pairs if path not in pair.paths])
        if found:
            checks.append(_check(columns, path, found))
    return checks


def _determinants(groups: Groups, candidates: Sequence[Groups]) -> list[tuple[Groups, Evidence]]:
    """The best of the fields that it follows."""
    found = [
        (other, evidence)
        for other in candidates
        if not set(other.paths) & set(groups.paths)
        and (evidence := groups.follows(other)) is not None
    ]
    found.sort(key=lambda pair: pair[1].at_most())
    return found[:_MAX_DETERMINANTS]


def _check(columns: Columns, path: str, found: Sequence[tuple[Groups, Evidence]]) -> Check:
    determinants = tuple(
        Determinant(paths=each.paths, evidence=evidence, groups=_values(columns, each.paths, path))
        for each, evidence in found
    )
    best = determinants[0]
    rule = QualityRule(
        id="dependency",
        metric=Metric.DEPENDENCY,
        field=path,
        inferred=True,
        reason=f"{best.evidence.said()} are what {' and '.join(best.paths)} says"[:300],
    )
    return Dependent(rule=rule, evidence=best.evidence, determinants=determinants)


def _values(columns: Columns, paths: tuple[str, ...], path: str) -> dict[str, dict[str, int]]:
    keys, codes = keyed([columns[each] for each in paths])
    column = columns[path]
    names = (*column.names, NONE)
    pairs = zip(codes.tolist(), column.codes.tolist(), strict=True)
    groups: dict[str, dict[str, int]] = {}
    for (key, value), count in Counter(pair for pair in pairs if pair[0] >= 0).items():
        groups.setdefault(keys[key], {})[names[value]] = count
    return largest(groups)
