"""Which field of one schema is which of the other, one to one, with the reasons and how sure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.similarity.assignment import assigned
from core.similarity.comparable import Comparable, ComparedField, Vectors
from core.similarity.field_likeness import field_likeness
from core.similarity.reasons import reasons
from core.similarity.weights import Weights, weights

FLOOR = 0.15
"""Likeness below which two fields are not proposed for each other at all."""
HELD = 0.5
"""Sureness from which a match counts as one: it is then likelier right than wrong."""

Rarity = Callable[[str], float]
"""The weight of a field by its term; `Fleet.rarity` of the schemas that are known."""


@dataclass(frozen=True, slots=True)
class Match:
    """Two fields by path. `likeness` is what was measured; `sureness` how often a match of that
    likeness was right on labelled pairs."""

    left: str
    right: str
    likeness: float
    sureness: float
    why: tuple[str, ...]

    @property
    def held(self) -> bool:
        return self.sureness >= HELD


@dataclass(frozen=True, slots=True)
class Alignment:
    """Best matches first. Shares are of the fields' weight by rarity, from 0 to 1."""

    matches: tuple[Match, ...]
    similarity: float
    left_in_right: float
    right_in_left: float

    @property
    def held(self) -> tuple[Match, ...]:
        return tuple(match for match in self.matches if match.held)

    @property
    def turned(self) -> Alignment:
        matches = tuple(Match(m.right, m.left, m.likeness, m.sureness, m.why) for m in self.matches)
        return Alignment(matches, self.similarity, self.right_in_left, self.left_in_right)


def align(
    left: Comparable,
    right: Comparable,
    vectors: Vectors,
    rarity: Rarity = lambda term: 1.0,
    fitted: Weights | None = None,
) -> Alignment:
    """Pairs of fields whose likeness sums to the most, and what they make of the schemas.

    `similarity = sum of the held matches' weights / (weight left + weight right)`,
    `left_in_right = weight of left's held fields / weight left`. A field that only groups others
    has no weight, so that a flattened schema is as alike as a nested one. Symmetric: the sides are
    taken in one order, whichever comes first.
    """
    if _order(right) < _order(left):
        return align(right, left, vectors, rarity, fitted).turned
    likeness = field_likeness(left.fields, right.fields, vectors)
    likeness[likeness < FLOOR] = 0.0
    known = fitted or weights()
    matches = [
        _match(left.fields[row], right.fields[column], float(likeness[row, column]), vectors, known)
        for row, column in assigned(likeness)
    ]
    matches.sort(key=lambda match: (-match.likeness, match.left, match.right))
    return _measured(left, right, tuple(matches), rarity)


def _order(side: Comparable) -> tuple[str, tuple[str, ...]]:
    return side.name, tuple(field.path for field in side.fields)


def _match(
    left: ComparedField, right: ComparedField, likeness: float, vectors: Vectors, known: Weights
) -> Match:
    sureness = known.sureness(likeness)
    return Match(left.path, right.path, likeness, sureness, reasons(left, right, vectors))


def _measured(
    left: Comparable, right: Comparable, matches: tuple[Match, ...], rarity: Rarity
) -> Alignment:
    mine, theirs = _weighed(left, rarity), _weighed(right, rarity)
    held = [match for match in matches if match.held]
    lefts = math.fsum(mine[match.left] for match in held)
    rights = math.fsum(theirs[match.right] for match in held)
    whole_left, whole_right = math.fsum(mine.values()), math.fsum(theirs.values())
    return Alignment(
        matches,
        _share(lefts + rights, whole_left + whole_right),
        _share(lefts, whole_left),
        _share(rights, whole_right),
    )


def _weighed(side: Comparable, rarity: Rarity) -> Mapping[str, float]:
    return {
        field.path: 0.0 if field.groups else max(rarity(field.term), 0.0) for field in side.fields
    }


def _share(part: float, whole: float) -> float:
    return min(1.0, part / whole) if whole > 0 else 0.0
