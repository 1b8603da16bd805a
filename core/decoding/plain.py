"""Brings decoded values into the JSON-like form: dict, list, str, int, float, bool, None, bytes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

MAX_DEPTH = 200
MAX_BITS = 256


class TooComplexError(ValueError):
    """A value nests too deeply, refers to itself or unfolds to too many parts."""


def plain(value: object, parts: int) -> object:
    """The JSON-like form of what a decoder made.

    Raises TooComplexError beyond `parts` parts: an honest part takes a byte of the message or
    more, but references let a few bytes unfold without end.
    """
    return _plain(value, MAX_DEPTH, iter(range(parts)))


def finite(value: float) -> float | None:
    """JSON knows no NaN and no infinity: they read as null."""
    return value if math.isfinite(value) else None


def duration(value: timedelta) -> str:
    """ISO 8601 seconds, as Protobuf's JSON form but with the leading PT."""
    return f"PT{value.total_seconds():.6f}".rstrip("0").rstrip(".") + "S"


def _plain(value: object, depth: int, budget: Iterator[int]) -> object:
    if next(budget, None) is None or depth == 0:
        raise TooComplexError("the value nests too deeply or unfolds to too many parts")
    if value is None or isinstance(value, bool | str | bytes):
        return value
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, float):
        return finite(value)
    if isinstance(value, dict):
        return {_key(k): _plain(v, depth - 1, budget) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item, depth - 1, budget) for item in value]
    return _leaf(value)


def _integer(value: int) -> int:
    if value.bit_length() > MAX_BITS:
        raise TooComplexError("an integer of absurd size")
    return value


def _key(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value) if isinstance(value, int | float | UUID) else type(value).__name__


def _leaf(value: object) -> object:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration(value)
    if isinstance(value, Decimal | UUID):
        return str(value)
    return None
