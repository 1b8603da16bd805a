"""Tell a change of a topic from the chance of sampling.

Two samples of one topic never agree in everything: a field that one message in fifty carries is in
this sample and not in the next. `settle` reads a fresh sample's schema in the light of the known
one and moves only on evidence:

- what the fresh sample *shows* is believed: a field, a kind, an enum value, an absence;
- what it merely *lacks* is believed only where lacking it by chance had been less likely than
  `CHANCE`, given how often the known sample had it: `(1 - share) ** messages < CHANCE`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

from core.schema.model import Bounds, Evidence, Field, Kind, Schema

CHANCE = 1e-4
"""A lack that is less likely than this by chance is a change."""

ENOUGH = 20
"""Values that it takes to refute what a field's values were said to mean (enum, logical type)."""

_NOTHING = Evidence(parents=0, seen=0)


def settle(known: Schema, fresh: Schema) -> Schema:
    """The schema to keep: `known` where the fresh sample does not speak against it."""
    return replace(fresh, root=_settled(known.root, fresh.root))


def _settled(known: Field, fresh: Field) -> Field:
    if _replaced(known, fresh):
        return replace(fresh, optional=_optional(known, fresh))
    kinds = _kinds(known, fresh)
    return replace(
        fresh,
        kinds=kinds,
        optional=_optional(known, fresh),
        children=tuple(_children(known, fresh, kinds)),
        enum=_enum(known, fresh),
        logical=known.logical if _keeps_logical(known, fresh) else fresh.logical,
        bounds=_widest(known.bounds, fresh.bounds),
        doc=fresh.doc or known.doc,
        tags=known.tags | fresh.tags,
        evidence=max(_evidence(fresh), _evidence(known), key=lambda evidence: evidence.parents),
    )


def _replaced(known: Field, fresh: Field) -> bool:
    """Whether the values are of another kind altogether: none of the known kinds is left."""
    before, after = known.kinds - {Kind.NULL}, fresh.kinds - {Kind.NULL}
    related = {Kind.INTEGER, Kind.NUMBER}, {Kind.OBJECT, Kind.MAP}
    if not before or not after or before & after:
        return False
    if any(before & pair and after & pair for pair in related):
        return False
    return _by_chance(1.0, before_of=known, tries=_values(fresh)) < CHANCE


def _kinds(known: Field, fresh: Field) -> frozenset[Kind]:
    kinds = known.kinds | fresh.kinds
    if Kind.NUMBER in kinds:
        kinds -= {Kind.INTEGER}
    if Kind.MAP in kinds:
        kinds -= {Kind.OBJECT}
    before = _evidence(known)
    gone = Kind.NULL in known.kinds - fresh.kinds and before.seen > 0
    if gone and (1 - before.null / before.seen) ** _evidence(fresh).seen < CHANCE:
        kinds -= {Kind.NULL}
    return kinds


def _optional(known: Field, fresh: Field) -> bool:
    if fresh.optional or not known.optional:
        return fresh.optional
    before = _evidence(known)
    if not before.parents:
        return True
    return (before.seen / before.parents) ** _evidence(fresh).parents >= CHANCE


def _children(known: Field, fresh: Field, kinds: frozenset[Kind]) -> Iterator[Field]:
    if Kind.MAP in kinds and not all(Kind.MAP in side.kinds for side in (known, fresh)):
        # One sample took the keys for data, the other for names: keys as data is the wider view.
        yield from (known if Kind.MAP in known.kinds else fresh).children
        return
    after = {child.name: child for child in fresh.children}
    for child in known.children:
        if child.name in after:
            yield _settled(child, after[child.name])
        elif not _gone(child, fresh):
            yield replace(child, optional=child.optional or _holders(fresh) > 0)
    before = {child.name for child in known.children}
    yield from (child for child in fresh.children if child.name not in before)


def _gone(child: Field, parent: Field) -> bool:
    share = _evidence(child).seen / max(_evidence(child).parents, 1)
    return _by_chance(share, before_of=child, tries=_holders(parent)) < CHANCE


def _by_chance(share: float, *, before_of: Field, tries: int) -> float:
    """How likely `tries` values lack by chance what a share of the known ones had.

    The share is taken a little lower than it was seen: a few values do not prove "always".
    """
    parents = _evidence(before_of).parents
    cautious = share * parents / (parents + 1)
    return float((1 - cautious) ** tries)


def _holders(parent: Field) -> int:
    """How many objects (or arrays' items, or messages) could have carried a child."""
    told = [_evidence(child).parents for child in parent.children]
    return max(told) if told else _values(parent)


def _values(field: Field) -> int:
    evidence = _evidence(field)
    return evidence.seen - evidence.null


def _enum(known: Field, fresh: Field) -> tuple[str | int, ...] | None:
    if known.enum is None:
        return fresh.enum if _values(known) < ENOUGH else None
    if fresh.enum is None:
        return None if _values(fresh) >= ENOUGH else known.enum
    return known.enum + tuple(value for value in fresh.enum if value not in known.enum)


def _keeps_logical(known: Field, fresh: Field) -> bool:
    if known.logical is None:
        return _values(known) >= ENOUGH
    return _values(fresh) < ENOUGH


def _widest(known: Bounds, fresh: Bounds) -> Bounds:
    return Bounds(
        minimum=_outer(known.minimum, fresh.minimum, min),
        maximum=_outer(known.maximum, fresh.maximum, max),
        min_length=_outer(known.min_length, fresh.min_length, min),
        max_length=_outer(known.max_length, fresh.max_length, max),
    )


Limit = TypeVar("Limit", int, float)


def _outer(
    one: Limit | None, other: Limit | None, pick: Callable[[Limit, Limit], Limit]
) -> Limit | None:
    return other if one is None else one if other is None else pick(one, other)


def _evidence(field: Field) -> Evidence:
    return field.evidence or _NOTHING
