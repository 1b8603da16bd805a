"""Whether values of one field could stand in another: types, logical types, symbols."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from core.schema.model import Field, Kind, Logical

_MOMENTS = frozenset({
    Logical.DATE_TIME, Logical.DATE, Logical.EPOCH_SECONDS, Logical.EPOCH_MILLIS,
    Logical.EPOCH_MICROS,
})  # fmt: skip
_NUMBERS = frozenset({Kind.INTEGER, Kind.NUMBER})
_SCALARS = _NUMBERS | {Kind.BOOLEAN, Kind.STRING, Kind.BYTES}
_RECORDS = frozenset({Kind.OBJECT, Kind.MAP})

AS_TEXT = 0.85
"""A number or flag that the other side writes as text, or one value where the other has many."""
APART = 0.7
"""A record against a value."""
OTHER_MEANING = 0.8
"""Two logical types: an e-mail address is no country."""
NO_SYMBOL_SHARED = 0.9


@dataclass(frozen=True, slots=True)
class TypeFit:
    """`factor` is 1 where nothing is lost; `says` names what both share or what differs."""

    factor: float
    says: str = ""


Form = tuple[frozenset[Kind], Logical | None]


def type_fit(one: Field, other: Field) -> TypeFit:
    """How well the types agree; null and optional say nothing about what a field is."""
    fit = _fit(form_of(one), form_of(other))
    if one.enum and other.enum:
        shared = symbols_shared(one, other)
        if shared == 0.0:
            return TypeFit(fit.factor * NO_SYMBOL_SHARED, "other symbols")
        return TypeFit(fit.factor, f"{shared:.0%} of the symbols")
    return fit


def form_of(field: Field) -> Form:
    """All that `type_fit` reads but symbols; few differ, so factors are kept by form."""
    return field.kinds - {Kind.NULL}, field.logical


def symbols_shared(one: Field, other: Field) -> float:
    """The share of the shorter list of symbols that the other has too, whatever the case."""
    mine, theirs = ({str(symbol).casefold() for symbol in f.enum or ()} for f in (one, other))
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))


@lru_cache(maxsize=20_000)
def _fit(one: Form, other: Form) -> TypeFit:
    (mine, my_logical), (theirs, their_logical) = one, other
    if my_logical and their_logical:
        return _logical_fit(my_logical, their_logical)
    if not mine or not theirs:
        return TypeFit(1.0)
    if mine & theirs:
        return TypeFit(1.0, "same type")
    if mine & _NUMBERS and theirs & _NUMBERS:
        return TypeFit(1.0, "integer widens to number")
    if mine & _RECORDS and theirs & _RECORDS:
        return TypeFit(AS_TEXT, "record and map")
    if mine & _SCALARS and theirs & _SCALARS:
        return TypeFit(AS_TEXT, "other type, can be written as text")
    if Kind.ARRAY in mine | theirs and not (mine | theirs) & _RECORDS:
        return TypeFit(AS_TEXT, "one value and many")
    return TypeFit(APART, "record and value")


def _logical_fit(one: Logical, other: Logical) -> TypeFit:
    if one is other:
        return TypeFit(1.0, f"both {one.value}")
    if one in _MOMENTS and other in _MOMENTS:
        return TypeFit(1.0, "both moments")
    return TypeFit(OTHER_MEANING, f"{one.value} and {other.value}")
