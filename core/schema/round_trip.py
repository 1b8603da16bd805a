"""Whether messages in their JSON form survive Avro: written, read again, the same."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import fastavro

from core.schema.avro_writer import ORIGINAL

AvroType = Any

_UNITS = {"timestamp-millis": 1_000, "timestamp-micros": 1_000_000}


class RoundTripError(ValueError):
    """A message that the schema should hold does not pass through Avro; the text says why."""


def round_trip(schema: Mapping[str, AvroType], message: Mapping[str, Any]) -> int:
    """The size of the message as an Avro datum, in bytes. Raises RoundTripError.

    `schema` is one that `core.schema.avro_writer` wrote.
    """
    try:
        parsed = fastavro.parse_schema(dict(schema))
        stream = BytesIO()
        fastavro.schemaless_writer(stream, parsed, _datum(schema, message))
        size = stream.tell()
        stream.seek(0)
        read = _message(schema, fastavro.schemaless_reader(stream, parsed, None))
    except Exception as error:
        raise RoundTripError(f"Avro does not take an example message: {_said(error)}") from error
    lost = _difference(message, read)
    if lost:
        raise RoundTripError(f"Avro gives the field {lost} back otherwise than it was written")
    return size


def datum(schema: Mapping[str, AvroType], message: Mapping[str, Any]) -> Any:
    """A message in its JSON form as fastavro takes it: legal names, decimals, dates and bytes."""
    return _datum(schema, message)


def _said(error: Exception) -> str:
    """Vendors' errors with their first line alone: the rest repeats the whole datum."""
    return f"{type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else ''}"


def _datum(kind: AvroType, value: Any) -> Any:
    """A value's JSON form as fastavro writes it."""
    if isinstance(kind, list):
        if value is None:
            return None
        return _datum(next(branch for branch in kind if branch != "null"), value)
    if not isinstance(kind, dict):
        return base64.b64decode(value) if kind == "bytes" and isinstance(value, str) else value
    match kind["type"]:
        case "record":
            return {
                member["name"]: _datum(member["type"], value.get(_name(member)))
                for member in kind["fields"]
            }
        case "array":
            return [_datum(kind["items"], item) for item in value]
        case "map":
            return {key: _datum(kind["values"], item) for key, item in value.items()}
    match kind.get("logicalType"):
        case "date":
            return date.fromisoformat(value)
        case "decimal":
            return Decimal(str(value))
    return value


def _message(kind: AvroType, value: Any) -> Any:
    """What fastavro read in its JSON form; optional fields that are null are left out."""
    if isinstance(kind, list):
        if value is None:
            return None
        return _message(next(branch for branch in kind if branch != "null"), value)
    if not isinstance(kind, dict):
        return base64.b64encode(value).decode() if isinstance(value, bytes) else value
    match kind["type"]:
        case "record":
            return {
                _name(member): _message(member["type"], value[member["name"]])
                for member in kind["fields"]
                if value[member["name"]] is not None
            }
        case "array":
            return [_message(kind["items"], item) for item in value]
        case "map":
            return {key: _message(kind["values"], item) for key, item in value.items()}
    return _plain(kind, value)


def _plain(kind: Mapping[str, Any], value: Any) -> Any:
    match value:
        case datetime():
            units = _UNITS[kind["logicalType"]]
            return round(value.replace(tzinfo=value.tzinfo or UTC).timestamp() * units)
        case date():
            return value.isoformat()
        case Decimal():
            return float(value)
        case _:
            return value if isinstance(value, str | int | float | bool) else str(value)


def _name(member: Mapping[str, Any]) -> str:
    return str(member.get(ORIGINAL, member["name"]))


def _difference(wrote: Any, read: Any, path: str = "") -> str | None:
    """The path of the first value that is not the same."""
    if isinstance(wrote, Mapping) and isinstance(read, Mapping):
        for name in {**wrote, **read}:
            if found := _difference(wrote.get(name), read.get(name), f"{path}.{name}".strip(".")):
                return found
        return None
    if isinstance(wrote, list) and isinstance(read, list) and len(wrote) == len(read):
        pairs = zip(wrote, read, strict=True)
        return next((f for w, r in pairs if (f := _difference(w, r, f"{path}[]"))), None)
    return None if wrote == read else path or "(the whole)"
