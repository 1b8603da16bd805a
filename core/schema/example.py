"""Example messages made from a schema: legal by it, the same ones every time, and nobody's data."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from rstr import Rstr

from core.names import words
from core.schema.model import ITEMS, VALUES, Bounds, Field, Kind, Logical, Schema, child_path

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)

_LONG_TEXT = frozenset({"description", "comment", "note", "notes", "message", "body", "text"})
_MAX_TEXT = 2_000
_SPAN = 1_000
"""How far a number without a limit goes."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a value must obey beyond its schema, such as what quality rules say."""

    minimum: float | int | None = None
    maximum: float | int | None = None
    above: float | int | None = None
    """An exclusive minimum."""
    below: float | int | None = None
    values: tuple[bool | int | float | str, ...] = ()
    pattern: str | None = None
    kinds: frozenset[Kind] = frozenset()
    format: Logical | None = None
    present: bool = False


@dataclass(slots=True)
class Examples:
    """`whole(n)` gives the n-th example with all fields, `sparse(n)` without optional ones."""

    schema: Schema
    limits: Mapping[str, Limit] = field(default_factory=dict)
    _sparse: bool = False

    def whole(self, number: int = 0) -> Any:
        self._sparse = False
        return self._value("", self.schema.root, number)

    def sparse(self, number: int = 0) -> Any:
        self._sparse = True
        return self._value("", self.schema.root, number)

    def _value(self, path: str, place: Field, number: int) -> Any:
        limit = self.limits.get(path, Limit())
        symbols = _both(place.enum or (), limit.values)
        if symbols:
            return symbols[number % len(symbols)]
        place = _narrowed(place, limit)
        kind = _kind(place.kinds)
        match kind:
            case Kind.OBJECT:
                return self._object(path, place, number)
            case Kind.ARRAY:
                return self._items(path, place, number)
            case Kind.MAP:
                return {"key": self._part(path, place, VALUES, number)}
            case _:
                return _scalar(kind, place, limit, _random(path, number), number)

    def _object(self, path: str, place: Field, number: int) -> dict[str, Any]:
        made = {}
        for child in place.children:
            here = child_path(path, child.name)
            if not self._left_out(here, child):
                made[child.name] = self._value(here, child, number)
        return made

    def _left_out(self, path: str, child: Field) -> bool:
        asked_for = any(
            limit.present and (at == path or at.startswith((f"{path}.", f"{path}[]")))
            for at, limit in self.limits.items()
        )
        return self._sparse and child.optional and not asked_for

    def _items(self, path: str, place: Field, number: int) -> list[Any]:
        return [self._part(path, place, ITEMS, number + more) for more in range(2)]

    def _part(self, path: str, place: Field, name: str, number: int) -> Any:
        part = next((child for child in place.children if child.name == name), None)
        if part is None:
            return f"value-{number}"
        return self._value(child_path(path, name), part, number)


def _kind(kinds: frozenset[Kind]) -> Kind:
    """The first of a union, as the Avro writer orders it; numbers stand for integers."""
    known = kinds - {Kind.NULL, *({Kind.INTEGER} if Kind.NUMBER in kinds else ())}
    return next((kind for kind in Kind if kind in known), Kind.STRING)


def _narrowed(place: Field, limit: Limit) -> Field:
    """The field as a limit on its type has it, where the schema leaves room."""
    whole = limit.kinds & {Kind.INTEGER} if Kind.NUMBER in place.kinds else frozenset()
    kinds = place.kinds & limit.kinds or whole or place.kinds
    return replace(place, kinds=kinds, logical=place.logical or limit.format)


def _both(
    enum: tuple[str | int, ...], values: tuple[bool | int | float | str, ...]
) -> tuple[bool | int | float | str, ...]:
    if not enum or not values:
        return enum or values
    return tuple(symbol for symbol in enum if symbol in values)


def _random(path: str, number: int) -> Random:
    """The same for the same place: examples shall not change from run to run."""
    return Random(f"{path}/{number}")  # noqa: S311


def _scalar(kind: Kind, place: Field, limit: Limit, random: Random, number: int) -> Any:
    match kind:
        case Kind.BOOLEAN:
            return number % 2 == 0
        case Kind.BYTES if place.logical is Logical.DECIMAL:
            return round(_number(place.bounds, limit, random, number), place.bounds.scale or 0)
        case Kind.BYTES:
            return base64.b64encode(random.randbytes(16)).decode()
        case Kind.INTEGER if place.logical is not None:
            return _moment(place.logical, place.bounds, limit, random, number)
        case Kind.INTEGER:
            return _integer(place.bounds, limit, random, number)
        case Kind.NUMBER:
            return float(f"{_number(place.bounds, limit, random, number):.6g}")
        case _:
            return _text(place, limit, random, number)


def _number(bounds: Bounds, limit: Limit, random: Random, number: int) -> float:
    """Between the limits; the first examples are the inclusive limits themselves."""
    low = _most(bounds.minimum, limit.minimum, limit.above)
    high = _least(bounds.maximum, limit.maximum, limit.below)
    if low is None:
        low = 0 if high is None or high > 0 else high - _SPAN
    if high is None:
        high = low + _SPAN
    if number == 1 and limit.above is None:
        return float(low)
    if number == 2 and limit.below is None:
        return float(high)
    return low + (high - low) * random.uniform(0.25, 0.75)


def _integer(bounds: Bounds, limit: Limit, random: Random, number: int) -> int:
    return round(_number(bounds, limit, random, number))


def _moment(
    logical: Logical, bounds: Bounds, limit: Limit, random: Random, number: int
) -> int | str:
    per_second = {
        Logical.EPOCH_SECONDS: 1,
        Logical.EPOCH_MILLIS: 1_000,
        Logical.EPOCH_MICROS: 1_000_000,
    }.get(logical)
    if logical is Logical.DATE:
        return (NOON + timedelta(days=number)).date().isoformat()
    if per_second is None:
        return _integer(bounds, limit, random, number)
    return int((NOON + timedelta(seconds=number)).timestamp()) * per_second


def _text(place: Field, limit: Limit, random: Random, number: int) -> str:
    pattern = limit.pattern or place.bounds.pattern
    if pattern is not None and (made := _like(pattern, random)) is not None:
        return made
    if place.logical is not None:
        return _logical(place.logical, place.bounds, limit, random, number)
    long = bool(_LONG_TEXT & set(words(place.name)))
    text = f"{place.name or 'text'} {number} " + "lorem ipsum " * (8 if long else 0)
    least, most = place.bounds.min_length or 0, place.bounds.max_length or _MAX_TEXT
    return text.strip().ljust(min(least, _MAX_TEXT), "x")[:most]


def _like(pattern: str, random: Random) -> str | None:
    """None for a pattern that Python does not read, such as `\\p{L}`."""
    try:
        return str(Rstr(random).xeger(pattern))[:_MAX_TEXT]
    except (re.error, OverflowError, RecursionError):
        return None


def _logical(logical: Logical, bounds: Bounds, limit: Limit, random: Random, number: int) -> str:
    moment = NOON + timedelta(seconds=number)
    match logical:
        case Logical.DATE_TIME:
            return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        case Logical.DATE:
            return (moment + timedelta(days=number)).date().isoformat()
        case Logical.UUID:
            return str(UUID(int=random.getrandbits(128), version=4))
        case Logical.DECIMAL:
            return f"{_number(bounds, limit, random, number):.{bounds.scale or 2}f}"
        case Logical.HASH:
            return random.randbytes(32).hex()
        case _:
            return _PLAIN.get(logical, "text").format(number)


_PLAIN = {
    Logical.TIME: "12:00:00Z",
    Logical.DURATION: "PT5M",
    Logical.EMAIL: "someone{}@example.com",
    Logical.URI: "https://example.com/{}",
    Logical.IP: "192.0.2.1",
    Logical.CURRENCY: "EUR",
    Logical.COUNTRY: "DE",
    Logical.LANGUAGE: "en",
    Logical.PHONE: "+4930123456",
}


def _most(*limits: float | int | None) -> float | int | None:
    return max((limit for limit in limits if limit is not None), default=None)


def _least(*limits: float | int | None) -> float | int | None:
    return min((limit for limit in limits if limit is not None), default=None)
