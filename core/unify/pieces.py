"""Avro's bytes as texts of one byte a character (Latin-1), as one f-string joins them.

Texts of nothing but ASCII, which most are, are their own bytes then, and their length is known
without encoding them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from struct import Struct
from typing import Any

import fastavro

from core.schema.round_trip import datum

LATIN = "latin-1"
GROUPS = [chr(low) + chr(high) for high in range(128, 256) for low in range(128, 256)]
"""Two groups of seven bits, after which more follow."""
LAST = [chr(n) if n < 128 else chr(n & 127 | 128) + chr(n >> 7) for n in range(2**14)]
"""One or two groups of seven bits, after which none follow."""

_EXACT = 2**53
_KEPT = 2**13
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Longs(dict[int, str]):
    """The pieces of whole numbers, after a union's `mark`; those of small ones are kept."""

    def __init__(self, mark: str) -> None:
        self._mark = mark

    def __missing__(self, number: int) -> str:
        made = self._mark + long(number)
        if -_KEPT <= number < _KEPT:
            self[number] = made
        return made


@cache
def longs(mark: str = "") -> Longs:
    """The same for all that have the mark."""
    return Longs(mark)


def long(number: int) -> str:
    """Zigzag, then base 128, least first: https://avro.apache.org/docs/1.12.0/specification/."""
    if not -(2**63) <= number < 2**63:
        raise ValueError("is larger than 64 bits")
    left = (number << 1) ^ (number >> 63)
    made = ""
    while left >= 2**14:
        made += GROUPS[left & 0x3FFF]
        left >>= 14
    return made + LAST[left]


def widened(text: str | None) -> str | None:
    """A character for each byte that UTF-8 has of it."""
    return text if text is None or text.isascii() else text.encode().decode(LATIN)


def require_small(value: object) -> None:
    """Whole numbers of more than 64 bits are another thing to each parser of JSON."""
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ValueError("is larger than 64 bits")
    inside = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        for one in inside:  # type: ignore[attr-defined]
            require_small(one)


def by_fastavro(avro: Any, mark: str) -> Callable[[object], str]:
    """For what is seldom: arrays, maps, decimals, unions of more than one type."""
    parsed = fastavro.parse_schema(avro)

    def encode(value: object) -> str:
        require_small(value)
        stream = BytesIO()
        fastavro.schemaless_writer(stream, parsed, datum(avro, value))  # type: ignore[arg-type]
        return mark + stream.getvalue().decode(LATIN)

    return encode


def _exact(value: object) -> float:
    """A whole number as a double, where it is one without loss."""
    if type(value) is not int or abs(value) > _EXACT:
        raise ValueError("is no number, or larger than a double keeps")
    return float(value)


def _day(value: Any) -> int:
    return date.fromisoformat(value).toordinal() - _EPOCH.toordinal()


NAMES: Mapping[str, Any] = {
    "null": "\0",
    "latin": LATIN,
    "groups": GROUPS,
    "last": LAST,
    "widened": widened,
    "double": Struct("<d").pack,
    "marked": Struct("<Bd").pack,
    "exact": _exact,
    "day": _day,
    "small": require_small,
    "iso": datetime.fromisoformat,
    "epoch": _EPOCH,
}
"""What generated code calls by these names."""
