"""Fields of several sources that are one: what it is, and what each must do to become it."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, replace

from core.schema.model import Bounds, Field, Kind, Logical
from core.unify.mapping import Op, Step

_NUMBERS = frozenset({Kind.INTEGER, Kind.NUMBER})
_SCALARS = _NUMBERS | {Kind.BOOLEAN, Kind.STRING}
_MOMENTS = frozenset({
    Logical.DATE_TIME, Logical.EPOCH_SECONDS, Logical.EPOCH_MILLIS, Logical.EPOCH_MICROS,
})  # fmt: skip
_DIGITS = 0.8
"""The share of digits in texts that are written numbers."""
_MANY = 200
"""Symbols of an enum, at most: more are a vocabulary."""


class NotJoinableError(ValueError):
    """The fields are of kinds that no value of one can be written as."""


@dataclass(frozen=True, slots=True)
class Joined:
    """`steps` are by source; `how` says what was done where the sources differ, else nothing."""

    field: Field
    steps: AnyMapping[str, tuple[Step, ...]]
    how: str = ""


def joined(places: AnyMapping[str, Field]) -> Joined:
    """One field out of each source's, in the order given: the first is the one to be like.

    Raises NotJoinableError. Names, whether it is optional and evidence are left to the caller.
    """
    kinds = {source: place.kinds - {Kind.NULL} for source, place in places.items()}
    every: frozenset[Kind] = frozenset().union(*kinds.values())
    if _moments(places):
        return _as(places, Kind.INTEGER, Op.MOMENT, Logical.EPOCH_MILLIS, "moments in one form")
    if all(place.logical is Logical.DATE for place in places.values()):
        return _as(places, Kind.STRING, Op.DAY, Logical.DATE, "")
    if not every or not every <= _SCALARS:
        return _whole(places, every)
    if every <= {Kind.BOOLEAN}:
        return _as(places, Kind.BOOLEAN, Op.FLAG, None, "")
    if every <= _NUMBERS or (every & _NUMBERS and _numeric(places)):
        number = Kind.NUMBER if Kind.NUMBER in every else Kind.INTEGER
        op = Op.NUMBER if number is Kind.NUMBER else Op.WHOLE
        return _as(places, number, op, None, _numbers_said(kinds, every))
    return _texts(places, every)


def _moments(places: AnyMapping[str, Field]) -> bool:
    logicals = {place.logical for place in places.values()}
    return bool(logicals & _MOMENTS) and logicals <= _MOMENTS | {Logical.DATE, None}


def _as(
    places: AnyMapping[str, Field], kind: Kind, op: Op, logical: Logical | None, how: str
) -> Joined:
    """Every source through the same op: it takes what is right already as it is."""
    first = next(iter(places.values()))
    field = replace(
        first, kinds=frozenset({kind}), logical=logical, enum=None, children=(), bounds=Bounds()
    )
    differ = len({(place.kinds - {Kind.NULL}, place.logical) for place in places.values()}) > 1
    mixed = any(len(place.kinds - {Kind.NULL}) > 1 for place in places.values())
    steps = (Step(op=op),)
    return Joined(field, dict.fromkeys(places, steps), how if differ or mixed else "")


def _numbers_said(kinds: AnyMapping[str, frozenset[Kind]], every: frozenset[Kind]) -> str:
    if Kind.STRING in every:
        return "texts are read as numbers"
    return "whole numbers widen to numbers" if len(set(kinds.values())) > 1 else ""


def _numeric(places: AnyMapping[str, Field]) -> bool:
    """Whether the texts beside the numbers are numbers as well, by what was seen of them."""
    shares = []
    for place in places.values():
        if place.kinds & _NUMBERS and Kind.STRING in place.kinds:
            continue
        if Kind.STRING in place.kinds:
            evidence = place.evidence
            shown = evidence.shapes if evidence else ()
            shares.append(sum(share for shape, share in shown if _is_number(shape)))
    return all(share >= _DIGITS for share in shares)


def _is_number(shape: str) -> bool:
    return bool(shape) and all(sign in "9+-.,e' " for sign in shape) and "9" in shape


def _texts(places: AnyMapping[str, Field], every: frozenset[Kind]) -> Joined:
    first = next(iter(places.values()))
    logicals = {place.logical for place in places.values()}
    symbols, steps = _symbols(places)
    written = (Step(op=Op.TEXT),) if every - {Kind.STRING} else ()
    field = replace(
        first,
        kinds=frozenset({Kind.STRING}),
        logical=logicals.pop() if len(logicals) == 1 else None,
        enum=symbols,
        children=(),
        bounds=Bounds(),
    )
    said = "numbers are written as texts" if written else _spelling(steps)
    return Joined(field, {source: (*written, *steps.get(source, ())) for source in places}, said)


def _spelling(steps: AnyMapping[str, tuple[Step, ...]]) -> str:
    return "symbols are spelt in one way" if steps else ""


def _symbols(
    places: AnyMapping[str, Field],
) -> tuple[tuple[str | int, ...] | None, dict[str, tuple[Step, ...]]]:
    """All symbols, each in the spelling of the first source that has it; none where a source has
    any text."""
    enums = {source: place.enum for source, place in places.items()}
    if any(enum is None for enum in enums.values()):
        return None, {}
    spelt: dict[str, str] = {}
    steps: dict[str, tuple[Step, ...]] = {}
    for source, enum in enums.items():
        other = {}
        for symbol in map(str, enum or ()):
            known = spelt.setdefault(symbol.casefold(), symbol)
            if known != symbol:
                other[symbol] = known
        if other:
            steps[source] = (Step(op=Op.SYMBOLS, symbols=other),)
    return (tuple(spelt.values()), steps) if len(spelt) <= _MANY else (None, {})


def _whole(places: AnyMapping[str, Field], every: frozenset[Kind]) -> Joined:
    """Arrays, maps and open records come along as they are, where all sources have the same."""
    first = next(iter(places.values()))
    alike = len({_outline(place) for place in places.values()}) == 1
    if not alike and len(places) > 1:
        raise NotJoinableError(f"{' and '.join(sorted(every))} of other members")
    return Joined(replace(first, bounds=Bounds()), dict.fromkeys(places, ()))


def _outline(place: Field) -> tuple[object, ...]:
    kinds = place.kinds - {Kind.NULL}
    children = tuple(sorted((child.name, _outline(child)) for child in place.children))
    return (tuple(sorted(kinds)), place.logical, children)
