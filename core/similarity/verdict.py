"""What two sources are to each other, by what was measured of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.similarity.alignment import Alignment, Match
from core.similarity.comparable import Comparable, ComparedField
from core.similarity.kinship import kinship, same_stem
from core.similarity.lexicon import lexicon, root
from core.similarity.relation import Kinship, Relation
from core.similarity.score import SAME
from core.similarity.values import Look, Values, shared

ALIKE = 0.5
"""Similarity from which two sources that say the same are the same twice."""
RELATED = 0.3
"""Similarity from which they have enough in common to be shown together."""
CONTAINED = 0.6
"""The share of a source's fields that make it a part of another one."""
POSSIBLE = 0.2
"""The probability below which even shared fields are an accident."""
ENOUGH = 50
"""Different identifiers that each side must show before it is said that they share none."""


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


def identity_of(left: Comparable, right: Comparable, alignment: Alignment) -> Identity | None:
    """Of the identifiers that were matched, those with the most different values; None where
    no two sides show enough of one."""
    mine, theirs = left.by_path, right.by_path
    found = [
        identity
        for match in alignment.held
        if (identity := _identity(match, mine, theirs)) is not None
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


def _identity(
    match: Match, mine: Mapping[str, ComparedField], theirs: Mapping[str, ComparedField]
) -> Identity | None:
    left, right = mine[match.left], theirs[match.right]
    if left.values is None or right.values is None:
        return None
    if not (_identifies(left) and _identifies(right)):
        return None
    seen = round(left.values.sample.distinct), round(right.values.sample.distinct)
    if min(seen) < ENOUGH or not (_comparable(left.values) and _comparable(right.values)):
        return None
    return Identity(match.left, match.right, *seen, shared(left.values, right.values))


def _identifies(field: ComparedField) -> bool:
    """Whether its name ends as identifiers do."""
    return root(field.called.split()[-1]) in lexicon().codes


def _comparable(values: Values) -> bool:
    """Sketches of numbers tell nothing: counts and amounts of strangers overlap as well."""
    return Look.NUMBER not in values.looks
