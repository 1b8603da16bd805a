"""How much of what is wanted a source has already: by the names and types of the fields."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from core.names import key
from core.schema.model import Field, Kind, Logical, Schema

_NUMBERS = frozenset({Kind.INTEGER, Kind.NUMBER})
_TIMES = frozenset(logical for logical in Logical if logical.value.startswith(("date", "epoch")))
_MARKS = str.maketrans("", "", "[]*")


@dataclass(frozen=True, slots=True)
class Coverage:
    """`has` and `missing` are paths of the wanted schema; `share` is the part that is there."""

    has: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def share(self) -> float:
        wanted = len(self.has) + len(self.missing)
        return round(len(self.has) / wanted, 4) if wanted else 0.0

    def without(self, paths: Set[str]) -> Coverage:
        """The same of the other fields; of all where no other is left."""
        has = tuple(path for path in self.has if path not in paths)
        missing = tuple(path for path in self.missing if path not in paths)
        return Coverage(has, missing) if has or missing else self


def coverage(wanted: Schema, there: Schema) -> Coverage:
    """Of the fields that hold values: one is there if one of its name has a type for it.

    Names are the same however they are spelt (`cardNumber`, `card_number`), with or without what
    they stand in (`amount`, `payment.amount`).
    """
    known: dict[str, list[Field]] = {}
    for path, place in _leaves(there):
        for name in _names(path, place):
            known.setdefault(name, []).append(place)
    has: list[str] = []
    missing: list[str] = []
    for path, place in _leaves(wanted):
        fits = (
            _alike(place, other) for name in _names(path, place) for other in known.get(name, ())
        )
        (has if any(fits) else missing).append(path)
    return Coverage(tuple(has), tuple(missing))


def _leaves(schema: Schema) -> list[tuple[str, Field]]:
    return [(path, place) for path, place in schema.walk() if not place.children]


def _names(path: str, place: Field) -> set[str]:
    """The last name of the path and the whole of it, each spelt one way."""
    plain = path.translate(_MARKS).strip(".")
    return {key(plain), key(plain.rpartition(".")[2])} - {""}


def _alike(one: Field, other: Field) -> bool:
    if one.logical in _TIMES and other.logical in _TIMES:
        return True
    if not one.kinds - {Kind.NULL} or not other.kinds - {Kind.NULL}:
        return True
    return bool(_group(one) & _group(other))


def _group(place: Field) -> frozenset[Kind]:
    """Numbers are alike, and so is a decimal, be it text or bytes."""
    if place.logical is Logical.DECIMAL or place.kinds & _NUMBERS:
        return place.kinds - {Kind.NULL} | _NUMBERS
    return place.kinds - {Kind.NULL}
