"""What two sources are to each other, by what was measured of them."""

from __future__ import annotations

from dataclasses import dataclass

from core.similarity.alignment import Alignment, Match
from core.similarity.comparable import Comparable
from core.similarity.kinship import kinship, same_stem
from core.similarity.relation import Kinship, Relation
from core.similarity.score import SAME
from core.similarity.values import shared

ALIKE = 0.5
"""Similarity from which two sources that say the same are the same twice."""
RELATED = 0.3
"""Similarity from which they have enough in common to be shown together."""
CONTAINED = 0.6
"""The share of a source's fields that make it a part of another one."""
POSSIBLE = 0.2
"""The probability below which even shared fields are an accident."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The identifiers by which records of both sides could be the same.

    `shared` estimates the share of the rarer side's identifiers that the other has, from sketches.
    """

    left: str
    right: str
    left_seen: int
    right_seen: int
    shared: float


@dataclass(frozen=True, slots=True)
class Verdict:
    relation: Relation
    kinship: Kinship | None = None
    identity: Identity | None = None


def verdict(
    left: Comparable, right: Comparable, probability: float, alignment: Alignment
) -> Verdict:
    """By names first, then by what both say and share."""
    identity = identity_of(left, right, alignment)
    kin = kinship(left.name, right.name)
    if kin is None:
        return Verdict(_relation(probability, alignment, identity), None, identity)
    # Dead letters of something else are none of this topic's.
    related = same_stem(left.name, right.name) or _alike(probability, alignment, RELATED)
    return Verdict(Relation.KIN if related else Relation.DIFFERENT, kin, identity)


def may_relate(
    left: Comparable,
    right: Comparable,
    probability: float,
    similarity: float = 1.0,
    contained: float = 1.0,
) -> bool:
    """Whether an alignment may make them anything but different that has at most this similarity,
    and holds of neither side more than `contained`: most pairs need none to be told apart."""
    alike = probability >= SAME and similarity >= RELATED
    if kinship(left.name, right.name) is not None:
        return alike or same_stem(left.name, right.name)
    part = probability >= POSSIBLE and contained >= CONTAINED
    return alike or (part and bool(left.identifiers) and bool(right.identifiers))


def identity_of(left: Comparable, right: Comparable, alignment: Alignment) -> Identity | None:
    """Of the identifiers that were matched, those with the most different values; None where
    no two sides show enough of one."""
    found = [
        identity
        for match in alignment.held
        if (identity := _identity(match, left, right)) is not None
    ]
    return max(found, key=lambda one: min(one.left_seen, one.right_seen), default=None)


def _relation(probability: float, alignment: Alignment, identity: Identity | None) -> Relation:
    twice = _alike(probability, alignment, ALIKE)
    if identity is not None and identity.shared == 0.0:
        return Relation.SAME_FORM if twice else Relation.DIFFERENT
    if twice:
        return Relation.DUPLICATE
    contained = max(alignment.left_in_right, alignment.right_in_left) >= CONTAINED
    part = contained and identity is not None and probability >= POSSIBLE
    if part or _alike(probability, alignment, RELATED):
        return Relation.OVERLAP
    return Relation.DIFFERENT


def _alike(probability: float, alignment: Alignment, similarity: float) -> bool:
    return probability >= SAME and alignment.similarity >= similarity


def _identity(match: Match, left: Comparable, right: Comparable) -> Identity | None:
    if match.left not in left.identifiers or match.right not in right.identifiers:
        return None
    mine, theirs = left.by_path[match.left].values, right.by_path[match.right].values
    if mine is None or theirs is None:
        return None
    seen = round(mine.sketch.distinct), round(theirs.sketch.distinct)
    return Identity(match.left, match.right, *seen, shared(mine, theirs))
