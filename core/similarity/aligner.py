"""Aligns schemas, one pair after the other: what one pair has shown of two fields holds for all."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from core.similarity.alignment import HELD, Alignment, Match
from core.similarity.assignment import assigned
from core.similarity.comparable import Comparable, Vectors
from core.similarity.field_likeness import Matrix, with_values
from core.similarity.likeness_table import LikenessTable
from core.similarity.neighbours import Places
from core.similarity.reasons import reasons
from core.similarity.weights import Weights, weights

FLOOR = 0.15
"""Likeness below which two fields are not proposed for each other at all."""

_CLOSE = 1e-9
"""By how much sums of weights may differ with their order."""

Rarity = Callable[[str], float]
"""The weight of a field by its term; `Fleet.rarity` of the schemas that are known."""


@dataclass(frozen=True, slots=True)
class FieldsOfBoth:
    """Two sides and how alike their fields are, shape (fields of first, fields of second)."""

    first: Comparable
    second: Comparable
    likeness: Matrix


class Aligner:
    """`table` may be shared with other aligners of the same model."""

    def __init__(
        self,
        vectors: Vectors,
        rarity: Rarity = lambda term: 1.0,
        fitted: Weights | None = None,
        table: LikenessTable | None = None,
    ) -> None:
        self._vectors = vectors
        self._rarity = rarity
        self._fitted = fitted or weights()
        self._held = self._fitted.likeness_of(HELD) - _CLOSE
        self._table = table or LikenessTable()
        self._weighed: dict[int, tuple[Comparable, tuple[Mapping[str, float], float]]] = {}

    def fields_of(self, left: Comparable, right: Comparable) -> FieldsOfBoth:
        """The sides are taken in one order, whichever comes first, so that what is made of them has
        no direction."""
        first, second = (right, left) if right.order < left.order else (left, right)
        names, readable = self._table.between(first, second, self._vectors)
        likeness = with_values(first.fields, second.fields, names, readable)
        likeness[likeness < FLOOR] = 0.0
        return FieldsOfBoth(first, second, likeness)

    def most(self, both: FieldsOfBoth) -> tuple[float, float]:
        """What similarity, and which side's share in the other, an alignment has at most: as if
        each field with a partner to hold had it for itself."""
        partners = both.likeness >= self._held
        (mine, whole), (theirs, whole_other) = self._weights(both.first), self._weights(both.second)
        lefts = _sum_of(both.first, mine, np.flatnonzero(partners.any(axis=1)))
        rights = _sum_of(both.second, theirs, np.flatnonzero(partners.any(axis=0)))
        shares = _share(lefts, whole), _share(rights, whole_other)
        return _share(lefts + rights, whole + whole_other) + _CLOSE, max(shares) + _CLOSE

    def align(
        self, left: Comparable, right: Comparable, both: FieldsOfBoth | None = None
    ) -> Alignment:
        """Pairs of fields whose likeness sums to the most, and what they make of the schemas; the
        reasons are left to `explained`.

        `similarity = sum of the held matches' weights / (weight left + weight right)`,
        `left_in_right = weight of left's held fields / weight left`. A field that only groups
        others has no weight, so that a flattened schema is as alike as a nested one. `both` is
        `fields_of` the two, where it was asked before.
        """
        both = both or self.fields_of(left, right)
        turned = both.first is right
        found = _assigned(both)
        matches = tuple(
            Match(
                other if turned else one,
                one if turned else other,
                likeness,
                self._fitted.sureness(likeness),
            )
            for likeness, one, other in found
        )
        return self._measured(left, right, matches)

    def explained(self, alignment: Alignment, left: Comparable, right: Comparable) -> Alignment:
        """With the reasons of each match."""
        mine, theirs = left.by_path, right.by_path
        matches = [
            Match(
                match.left,
                match.right,
                match.likeness,
                match.sureness,
                reasons(mine[match.left], theirs[match.right], self._vectors),
            )
            for match in alignment.matches
        ]
        return replace(alignment, matches=tuple(matches))

    def _measured(
        self, left: Comparable, right: Comparable, matches: tuple[Match, ...]
    ) -> Alignment:
        (mine, whole_left), (theirs, whole_right) = self._weights(left), self._weights(right)
        held = [match for match in matches if match.held]
        lefts = math.fsum([mine[match.left] for match in held])
        rights = math.fsum([theirs[match.right] for match in held])
        return Alignment(
            matches,
            _share(lefts + rights, whole_left + whole_right),
            _share(lefts, whole_left),
            _share(rights, whole_right),
        )

    def _weights(self, side: Comparable) -> tuple[Mapping[str, float], float]:
        """Of each field by path, and of all."""
        known = self._weighed.get(id(side))
        if known is None:
            found = {
                field.path: 0.0 if field.groups else max(self._rarity(field.term), 0.0)
                for field in side.fields
            }
            # With the side itself, so that no other takes its place in memory.
            known = self._weighed[id(side)] = side, (found, math.fsum(found.values()))
        return known[1]


def align(
    left: Comparable,
    right: Comparable,
    vectors: Vectors,
    rarity: Rarity = lambda term: 1.0,
    fitted: Weights | None = None,
) -> Alignment:
    """One pair alone, explained."""
    aligner = Aligner(vectors, rarity, fitted)
    return aligner.explained(aligner.align(left, right), left, right)


def _assigned(both: FieldsOfBoth) -> list[tuple[float, str, str]]:
    """Likeness and both paths, the likest first."""
    likeness, firsts, seconds = both.likeness, both.first.fields, both.second.fields
    found = [
        (float(likeness[row, column]), firsts[row].path, seconds[column].path)
        for row, column in assigned(likeness)
    ]
    return sorted(found, key=lambda each: (-each[0], each[1], each[2]))


def _sum_of(side: Comparable, weighed: Mapping[str, float], places: Places) -> float:
    return math.fsum([weighed[side.fields[place].path] for place in places])


def _share(part: float, whole: float) -> float:
    return min(1.0, part / whole) if whole > 0 else 0.0
