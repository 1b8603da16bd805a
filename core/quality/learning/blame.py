"""Which of two fields is wrong where they contradict each other and both are suspect.

The one that is at odds with more of the record's other fields, and agrees with fewer: a postcode
that fits neither city nor region is to blame, and not the city that fits the region.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.arrays import Mask, Numbers
from core.quality.learning.column import Columns
from core.quality.learning.dependencies import Dependent
from core.quality.learning.suspect import Places, Suspects


@dataclass(frozen=True)
class _Relation:
    """Of one field with those that determine it, for each contested record."""

    path: str
    others: tuple[str, ...]
    wrong: Mask
    balance: Numbers
    """What it adds to how wrong each of its fields looks."""


def settled(
    dependents: Sequence[Dependent], found: Mapping[str, Suspects], columns: Columns
) -> dict[str, Suspects]:
    """`found` by the path of the dependent field, less what another field is to blame for."""
    records = _contested(list(found.values()))
    if not len(records):
        return dict(found)
    relations = list(_relations(dependents, columns, records))
    net: dict[str, Numbers] = {}
    for each in relations:
        for path in (each.path, *each.others):
            net[path] = net.get(path, np.zeros(len(records))) + each.balance
    suspect = {path: np.isin(records, said.records) for path, said in found.items()}
    return {
        path: _without(said, records[_freed(path, relations, net, suspect)])
        for path, said in found.items()
    }


def _contested(found: Sequence[Suspects]) -> Places:
    """Records with several suspect fields."""
    every = [said.records for said in found] or [np.array([], np.int64)]
    records, times = np.unique(np.concatenate(every), return_counts=True)
    return records[times > 1]


def _relations(
    dependents: Sequence[Dependent], columns: Columns, records: Places
) -> Sequence[_Relation]:
    paths = {path for each in dependents for path in each.paths}
    part = {path: columns[path].take(records) for path in paths}
    relations = []
    for dependent in dependents:
        for determinant in dependent.determinants:
            wrong, sure = determinant.vote(part, part[dependent.path])
            balance = np.where(wrong, sure, -sure)
            relations.append(_Relation(dependent.path, determinant.paths, wrong, balance))
    return relations


def _freed(
    path: str,
    relations: Sequence[_Relation],
    net: Mapping[str, Numbers],
    suspect: Mapping[str, Mask],
) -> Mask:
    """Where every field that contradicts it is itself suspect, and looks the worse."""
    freed = suspect[path].copy()
    for each in relations:
        if each.path == path:
            worse = [suspect[x] & (net[x] > net[path]) for x in each.others if x in suspect]
            outdone = np.logical_or.reduce(worse) if worse else np.zeros(len(freed), np.bool_)
            freed &= ~each.wrong | outdone
    return freed


def _without(said: Suspects, records: Places) -> Suspects:
    kept = ~np.isin(said.records, records)
    return replace(said, records=said.records[kept], sureness=said.sureness[kept])
