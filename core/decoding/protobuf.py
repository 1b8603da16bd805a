"""Reads Protobuf messages into JSON-like dicts under the names of the .proto file.

Differs from Protobuf's own JSON form where that hides what a value is: 64-bit integers stay
integers, bytes stay bytes. A field without presence (a plain proto3 scalar) is always there.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from google.protobuf import message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.unknown_fields import UnknownFieldSet

from core.decoding.descriptors import UnreadableDescriptorsError, message_type
from core.decoding.plain import finite

Convert = Callable[[Any], object]
Step = Callable[[Message, dict[str, object]], None]


class BrokenMessageError(ValueError):
    """The bytes are not a message of the type."""


@lru_cache(maxsize=512)
def reader_of(descriptors: bytes, name: str) -> Callable[[bytes], object]:
    """A function from a message's bytes to its dict; the function raises BrokenMessageError."""
    descriptor = message_type(descriptors, name)
    message_class = message_factory.GetMessageClass(descriptor)
    try:
        convert = _message_converter(descriptor, {})
    except RecursionError as error:
        raise UnreadableDescriptorsError("its types nest too deeply") from error

    def read(data: bytes) -> object:
        try:
            message = message_class.FromString(data)
        except DecodeError as error:
            raise BrokenMessageError(
                "the bytes are not a message of the registered type"
            ) from error
        if data and not message.ListFields() and len(UnknownFieldSet(message)):
            raise BrokenMessageError("the bytes hold no field of the registered type")
        return convert(message)

    return read


def _message_converter(descriptor: Descriptor, known: dict[str, Convert]) -> Convert:
    if special := _SPECIAL.get(descriptor.full_name):
        return special
    steps: list[Step] = []

    def convert(message: Message) -> dict[str, object]:
        out: dict[str, object] = {}
        for step in steps:
            step(message, out)
        return out

    known[descriptor.full_name] = convert
    steps += [_step(field, known) for field in descriptor.fields]
    return convert


def _step(field: FieldDescriptor, known: dict[str, Convert]) -> Step:
    name = field.name
    entry = map_entry(field)
    read = _map(entry, known) if entry else _items(field, known)

    def always(message: Message, out: dict[str, object]) -> None:
        out[name] = read(getattr(message, name))

    def when_present(message: Message, out: dict[str, object]) -> None:
        if message.HasField(name):
            out[name] = read(getattr(message, name))

    return when_present if field.has_presence else always


def map_entry(field: FieldDescriptor) -> Descriptor | None:
    """The hidden type of key and value where the .proto file writes map<...>."""
    entry = field.message_type
    return entry if entry and entry.GetOptions().map_entry else None


def _items(field: FieldDescriptor, known: dict[str, Convert]) -> Convert:
    one = _single(field, known)
    return (lambda values: [one(value) for value in values]) if field.is_repeated else one


def _map(entry: Descriptor, known: dict[str, Convert]) -> Convert:
    one = _single(entry.fields_by_name["value"], known)
    return lambda entries: {_map_key(key): one(entries[key]) for key in entries}


def _map_key(key: object) -> str:
    return str(key).lower() if isinstance(key, bool) else str(key)


def _single(field: FieldDescriptor, known: dict[str, Convert]) -> Convert:
    if field.message_type:
        name = field.message_type.full_name
        return known.get(name) or _message_converter(field.message_type, known)
    if field.enum_type:
        names = {number: value.name for number, value in field.enum_type.values_by_number.items()}
        return lambda number: names.get(number, number)
    if field.type == FieldDescriptor.TYPE_FLOAT:
        return _shortest
    if field.type == FieldDescriptor.TYPE_DOUBLE:
        return finite
    return lambda value: value


def _shortest(value: float) -> float | None:
    """The shortest decimal that is the same 32-bit float: 0.1, not 0.10000000149."""
    if finite(value) is None:
        return None
    exact = struct.pack("f", value)
    for digits in (6, 7, 8):
        if struct.pack("f", short := float(f"{value:.{digits}g}")) == exact:
            return short
    return float(f"{value:.9g}")


def _timestamp(message: Any) -> object:
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
            seconds=message.seconds, microseconds=message.nanos // 1000
        )
    except OverflowError:
        return None
    return moment.replace(tzinfo=None).isoformat() + "Z"


def _duration(message: Any) -> object:
    total = message.seconds * 10**9 + message.nanos
    whole, part = divmod(abs(total), 10**9)
    text = f"{whole}.{part:09d}".rstrip("0").rstrip(".")
    return f"{'-' if total < 0 else ''}{text}s"


def _json_value(message: Any) -> object:
    match message.WhichOneof("kind"):
        case "struct_value":
            return _json_struct(message.struct_value)
        case "list_value":
            return _json_list(message.list_value)
        case "number_value":
            return finite(message.number_value)
        case None | "null_value":
            return None
        case kind:
            return getattr(message, kind)


def _json_struct(message: Any) -> object:
    return {key: _json_value(message.fields[key]) for key in message.fields}


def _json_list(message: Any) -> object:
    return [_json_value(value) for value in message.values]


def _wrapped(message: Any) -> object:
    return finite(message.value) if isinstance(message.value, float) else message.value


WRAPPERS = frozenset(
    f"google.protobuf.{kind}Value"
    for kind in ("Double", "Float", "Int64", "UInt64", "Int32", "UInt32", "Bool", "String", "Bytes")
)
_SPECIAL: dict[str, Convert] = {
    "google.protobuf.Timestamp": _timestamp,
    "google.protobuf.Duration": _duration,
    "google.protobuf.Struct": _json_struct,
    "google.protobuf.Value": _json_value,
    "google.protobuf.ListValue": _json_list,
    "google.protobuf.FieldMask": lambda message: ",".join(message.paths),
    "google.protobuf.FloatValue": lambda message: _shortest(message.value),
} | dict.fromkeys(WRAPPERS - {"google.protobuf.FloatValue"}, _wrapped)
