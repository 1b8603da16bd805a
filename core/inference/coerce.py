"""Values and key names that JSON does not know, brought into its kinds; never raises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from numbers import Integral, Real
from uuid import UUID

MAX_NAME = 200
_AS_TEXT = (str, Decimal, UUID, date, datetime, time)


def field_name(key: object) -> str:
    """A key as a field's name: text, encodable, at most 200 characters."""
    if type(key) is str and len(key) <= MAX_NAME and key.isascii():
        return key
    text = key.decode("utf-8", "replace") if isinstance(key, bytes) else _text(key)
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= MAX_NAME else f"{text[: MAX_NAME - 1]}…"


def json_like(value: object) -> object:
    """A value of an unknown type as a dict, list, str, int, float or bytes; one level of it."""
    if isinstance(value, _AS_TEXT):
        return value.isoformat() if isinstance(value, date | time) else _text(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    return list(value) if isinstance(value, Iterable) else type(value).__name__


def _text(value: object) -> str:
    if isinstance(value, int) and value.bit_length() > 256:
        return hex(value)
    return str.__str__(value) if isinstance(value, str) else str(value)
