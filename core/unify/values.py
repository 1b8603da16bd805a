"""The ops on values. What an op cannot take is told without the value."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from core.unify.mapping import Op, Step

_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:(?P<group>[ ,.'’])\d{3})(?:(?P=group)\d{3})*)"
                     r"(?:(?P<point>[.,])\d+)?(?:[eE][+-]?\d{1,3})?")  # fmt: skip
_EXACT = 2**53
"""Whole numbers up to here are doubles without loss."""
_TRUE = frozenset({"true", "yes", "y", "1", "t"})
_FALSE = frozenset({"false", "no", "n", "0", "f"})
_SECONDS, _MILLIS, _MICROS = 10**8, 10**11, 10**14
"""Epochs: below the first a number is none; from 1973 to 5138 the magnitudes tell the units."""
_LATEST = 2 * 10**17
_EARLIEST = -62_000_000_000_000
"""In milliseconds: within the year 5."""
_EPOCH, _MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
_DIGITS_OF_A_DAY = len("20240131")
_POINTED = re.compile(r"-?\d{1,3}(?:\.\d{3}){1,6},\d+")
"""How numbers are mostly written where they are written as texts for people: 12.345,60."""
_YEAR_FIRST = re.compile(r"(\d{4})([/.])(\d{1,2})\2(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_NAMED_MONTHS = (
    "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%a, %d %b %Y %H:%M:%S %Z",
)  # fmt: skip
"""Beside RFC 3339 and ISO 8601. Dates whose day and month cannot be told apart are refused."""

_LETTERS = re.compile(r"[^\W\d_]{3}")
_NO_MOMENT = "is no date or time that can be told for certain"

Value = object


class ValueRefusedError(ValueError):
    """The op cannot take the value; the text says what it wanted, and never the value."""


def op_of(step: Step) -> Callable[[Value], Value]:
    """What the step does to a value that is there; not of a constant, a default or symbols.

    What it gives back raises `ValueRefusedError`.
    """
    return _OPS[step.op]


def applied(step: Step, value: Value) -> Value:
    """The value after the step. Raises `ValueRefusedError`. None stays None but for a default."""
    if step.op is Op.CONSTANT:
        return step.value
    if value is None:
        return step.value if step.op is Op.DEFAULT else None
    if step.op is Op.DEFAULT:
        return value
    if step.op is Op.SYMBOLS:
        return step.symbols.get(value, value) if isinstance(value, str) else value
    return _OPS[step.op](value)


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float | Decimal):
        return str(value)
    raise ValueRefusedError("is no single value that can be written as text")


def _number(value: Value) -> int | float:
    if isinstance(value, bool):
        raise ValueRefusedError("is a flag and no number")
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise ValueRefusedError("is no finite number")
        return value
    found = _NUMBER.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueRefusedError("is no number")
    return _read(found)


def _read(found: re.Match[str]) -> int | float:
    """A point is what programs write before a fraction; a comma before three digits may be either
    kind of separator, and is refused."""
    text, group, point = found[0], found["group"], found["point"]
    if not group and point == "," and re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", text):
        raise ValueRefusedError("may be a thousand or a fraction")
    if group and group == point:
        raise ValueRefusedError("is no number")
    plain = text.replace(group, "") if group else text
    plain = plain.replace(point, ".") if point else plain
    number = float(plain)
    if not math.isfinite(number):
        raise ValueRefusedError("is too large a number")
    whole = not point and "e" not in plain.lower()
    return int(plain) if whole else number


def _double(value: Value) -> float:
    if isinstance(value, str) and _POINTED.fullmatch(value):
        return float(value.replace(".", "").replace(",", "."))
    number = _number(value)
    if isinstance(number, int) and abs(number) > _EXACT:
        raise ValueRefusedError("has more digits than a double keeps")
    return float(number)


def _whole(value: Value) -> int:
    number = _number(value)
    if number != int(number):
        raise ValueRefusedError("has a fraction")
    if not -(2**63) <= number < 2**63:
        raise ValueRefusedError("is larger than 64 bits")
    return int(number)


def _flag(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    told = str(value).strip().lower() if isinstance(value, str | int) else ""
    if told in _TRUE or told in _FALSE:
        return told in _TRUE
    raise ValueRefusedError("is neither true nor false")


def _moment(value: Value) -> int:
    told = value.strip() if isinstance(value, str) else ""
    if not told or (told.lstrip("-").isdigit() and len(told) != _DIGITS_OF_A_DAY):
        return _epoch(_number(value))
    # Rounded down, as by Java's Instant.toEpochMilli.
    return (_when(told) - _EPOCH) // _MILLISECOND


def _epoch(number: int | float) -> int:
    size = abs(number)
    if not _SECONDS <= size < _LATEST:
        raise ValueRefusedError("is no moment: too small or too large a number")
    millis = number * 1_000 if size < _MILLIS else number
    found = round(millis if size < _MICROS else number / 1_000)
    if found < _EARLIEST:
        raise ValueRefusedError("is no moment: too small or too large a number")
    return found


def _when(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _formatted(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@lru_cache(maxsize=4_096)
def _formatted(text: str) -> datetime:
    """Kept, since dates without a clock come again and again."""
    try:
        if found := _DAY_FIRST.fullmatch(text):
            day, month, year, *clock = (int(part or 0) for part in found.groups())
            hour, minute, second = clock
            return datetime(year, month, day, hour, minute, second)
        if found := _YEAR_FIRST.fullmatch(text):
            return datetime(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        raise ValueRefusedError(_NO_MOMENT) from None
    for form in _NAMED_MONTHS if _LETTERS.search(text) else ():
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise ValueRefusedError(_NO_MOMENT)


def _day(value: Value) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return datetime.fromtimestamp(_moment(value) / 1_000, UTC).date().isoformat()


_OPS: dict[Op, Callable[[Value], Value]] = {
    Op.TEXT: _text,
    Op.WHOLE: _whole,
    Op.NUMBER: _double,
    Op.FLAG: _flag,
    Op.MOMENT: _moment,
    Op.DAY: _day,
}
