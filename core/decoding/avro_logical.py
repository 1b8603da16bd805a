"""Avro's logical types, read straight into their JSON form.

The names in the schema are replaced by ours, so that fastavro calls these functions while it reads
and no value is walked a second time. Times are RFC 3339 text, decimals and UUIDs text; numbers that
JSON lacks (NaN, infinities) read as null.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import fastavro

from core.decoding.plain import finite

AvroType = Any

_PREFIX = "json-"
_NESTED = ("type", "fields", "items", "values")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_ZERO = date(1970, 1, 1).toordinal()
_MAX_DECIMAL_BYTES = 256
_MAX_SCALE = 1_000


def with_json_logicals(definition: AvroType) -> AvroType:
    """The schema with every logical type that we read renamed to ours, and the others dropped."""
    if isinstance(definition, list):
        return [with_json_logicals(branch) for branch in definition]
    if isinstance(definition, str):
        return _number(definition) if definition in ("float", "double") else definition
    if not isinstance(definition, dict):
        return definition
    out = {k: with_json_logicals(v) if k in _NESTED else v for k, v in definition.items()}
    base = definition.get("type")
    out.pop("logicalType", None)
    if isinstance(base, str) and base in ("float", "double") and "name" not in definition:
        return _number(base)
    ours = f"{_PREFIX}{definition.get('logicalType')}"
    if isinstance(base, str) and f"{base}-{ours}" in fastavro.read.LOGICAL_READERS:
        out["logicalType"] = ours
    return out


def _number(base: str) -> dict[str, str]:
    return {"type": base, "logicalType": f"{_PREFIX}finite"}


def _finite(value: float, _writer: AvroType = None, _reader: AvroType = None) -> float | None:
    return finite(value)


def _decimal(data: bytes, writer: AvroType = None, _reader: AvroType = None) -> str:
    scale = int(writer.get("scale", 0)) if isinstance(writer, dict) else 0
    if len(data) > _MAX_DECIMAL_BYTES or not 0 <= scale <= _MAX_SCALE:
        raise ValueError("a decimal of absurd size")
    sign, digits, _ = Decimal(int.from_bytes(data, "big", signed=True)).as_tuple()
    return f"{Decimal((sign, digits, -scale)):f}"


def _moment(per_second: int, zone: str) -> Callable[..., str | int]:
    """Epoch units to text; a moment outside of the years 1 to 9999 stays the number it was."""

    def read(value: int, _writer: AvroType = None, _reader: AvroType = None) -> str | int:
        seconds, part = divmod(value, per_second)
        try:
            moment = _EPOCH + timedelta(
                seconds=seconds, microseconds=part * 1_000_000 // per_second
            )
        except OverflowError:
            return value
        return moment.replace(tzinfo=None).isoformat() + zone

    return read


def _date(value: int, _writer: AvroType = None, _reader: AvroType = None) -> str | int:
    try:
        return date.fromordinal(_DAY_ZERO + value).isoformat()
    except (ValueError, OverflowError):
        return value


def _time(per_second: int) -> Callable[..., str | int]:
    def read(value: int, _writer: AvroType = None, _reader: AvroType = None) -> str | int:
        if not 0 <= value < 86_400 * per_second:
            return value
        moment = _EPOCH + timedelta(microseconds=value * (1_000_000 // per_second))
        return moment.time().isoformat()

    return read


def _uuid(data: bytes, _writer: AvroType = None, _reader: AvroType = None) -> str:
    return str(UUID(bytes=data))


def _duration(data: bytes, _writer: AvroType = None, _reader: AvroType = None) -> str:
    months, days, millis = (int.from_bytes(data[i : i + 4], "little") for i in (0, 4, 8))
    return f"P{months}M{days}DT{millis / 1000:g}S"


def _readers() -> dict[str, Callable[..., Any]]:
    readers: dict[str, Callable[..., Any]] = {
        "float-json-finite": _finite,
        "double-json-finite": _finite,
        "bytes-json-decimal": _decimal,
        "fixed-json-decimal": _decimal,
        "int-json-date": _date,
        "int-json-time-millis": _time(1_000),
        "long-json-time-micros": _time(1_000_000),
        "fixed-json-uuid": _uuid,
        "fixed-json-duration": _duration,
    }
    for unit, per_second in (("millis", 10**3), ("micros", 10**6), ("nanos", 10**9)):
        readers[f"long-json-timestamp-{unit}"] = _moment(per_second, "Z")
        readers[f"long-json-local-timestamp-{unit}"] = _moment(per_second, "")
    return readers


fastavro.read.LOGICAL_READERS.update(_readers())
