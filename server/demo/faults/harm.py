"""What a fault makes of a field: the same field with other values, and another type if need be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from server.demo.faults.fault import Fault
from server.demo.field import Field, Moment, Type

FACTOR = 1_000
AHEAD = timedelta(minutes=47)
LEAST_LATE, MOST_LATE = timedelta(hours=2), timedelta(hours=6)

_STRANGERS = ("on_hold", "migrated", "other_v2")

Harm = Callable[[Field], Field]


def _flipped(field: Field) -> Field:
    shape = replace(field.shape, type=Type.TEXT, low=None, high=None)
    return replace(field, shape=shape, draw=lambda m: str(field.draw(m)))


def _nulled(field: Field) -> Field:
    return replace(field, null=1.0, absent=0.0)


def _late(field: Field) -> Field:
    def shift(m: Moment) -> timedelta:
        return -(LEAST_LATE + (MOST_LATE - LEAST_LATE) * m.rng.random())

    return _shifted(field, shift)


def _ahead(field: Field) -> Field:
    return _shifted(field, lambda m: AHEAD)


def _shifted(field: Field, shift: Callable[[Moment], timedelta]) -> Field:
    """The event time as of another moment, in the field's own format."""
    return replace(field, draw=lambda m: field.draw(replace(m, at=m.at + shift(m))))


def _drifted(field: Field) -> Field:
    symbol = stranger(field.shape.symbols)
    shape = replace(field.shape, symbols=(*field.shape.symbols, symbol))
    return replace(field, shape=shape, draw=lambda m: symbol)


def stranger(symbols: tuple[str, ...]) -> str:
    """A value that is none of the symbols, written as they are."""
    fresh = next(word for word in _STRANGERS if word not in {s.lower() for s in symbols})
    if any("-" in symbol for symbol in symbols):
        fresh = fresh.replace("_", "-")
    return fresh.upper() if all(symbol.isupper() for symbol in symbols) else fresh


def _scaled(field: Field) -> Field:
    shape = replace(field.shape, low=None, high=None)
    return replace(field, shape=shape, draw=lambda m: field.draw(m) * FACTOR)


def _stuck(field: Field) -> Field:
    held: list[Any] = []

    def draw(m: Moment) -> Any:
        if not held:
            held.append(field.draw(m))
        return held[0]

    return replace(field, draw=draw)


HARMS: Mapping[Fault, Harm] = {
    Fault.TYPE_FLIP: _flipped,
    Fault.NULL_BURST: _nulled,
    Fault.LATE_DATA: _late,
    Fault.ENUM_DRIFT: _drifted,
    Fault.UNIT_CHANGE: _scaled,
    Fault.STUCK_SENSOR: _stuck,
    Fault.CLOCK_SKEW: _ahead,
}
"""Those that change values; duplicates and a drop of volume change what is sent."""
