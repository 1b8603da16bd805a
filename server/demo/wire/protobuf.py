"""Protobuf: an event's message as a descriptor, as `.proto` text and as bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from google.protobuf import timestamp_pb2
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from server.demo.field import Field, Row, Shape, Type
from server.demo.topic import Event
from server.demo.wire.avro import Encode

_PROTO = FieldDescriptorProto
_TIMESTAMP = "google/protobuf/timestamp.proto"
_SCALARS: Mapping[Type, Any] = {
    Type.TEXT: _PROTO.TYPE_STRING,
    Type.UUID: _PROTO.TYPE_STRING,
    Type.DAY: _PROTO.TYPE_STRING,
    Type.INSTANT_TEXT: _PROTO.TYPE_STRING,
    Type.WHOLE: _PROTO.TYPE_INT64,
    Type.REAL: _PROTO.TYPE_DOUBLE,
    Type.FLAG: _PROTO.TYPE_BOOL,
}
_WORDS = {
    _PROTO.TYPE_STRING: "string",
    _PROTO.TYPE_INT64: "int64",
    _PROTO.TYPE_DOUBLE: "double",
    _PROTO.TYPE_BOOL: "bool",
}


def proto_file(event: Event, namespace: str, version: int) -> FileDescriptorProto:
    """The event as the one message of a proto3 file; field numbers follow the order of fields."""
    file = FileDescriptorProto(name=f"{event.name}.proto", package=namespace, syntax="proto3")
    file.dependency.append(_TIMESTAMP)
    _fill_message(file.message_type.add(), event.name, event.fields, version)
    return file


def proto_text(file: FileDescriptorProto) -> str:
    """The file in the Protobuf language, as a registry keeps it."""
    head = ['syntax = "proto3";', f"package {file.package};", f'import "{_TIMESTAMP}";', ""]
    return "\n".join([*head, *_message_text(file.message_type[0], "")]) + "\n"


def protobuf(file: FileDescriptorProto, event: Event) -> Encode:
    """Message bytes without the frame."""
    pool = DescriptorPool()
    pool.AddSerializedFile(timestamp_pb2.DESCRIPTOR.serialized_pb)
    pool.Add(file)
    full_name = f"{file.package}.{event.name}"
    message_class = GetMessageClass(pool.FindMessageTypeByName(full_name))

    def encode(row: Row) -> bytes:
        message = message_class()
        _fill(message, row, event.fields)
        return message.SerializeToString(deterministic=True)

    return encode


def _fill_message(
    message: DescriptorProto, name: str, fields: Mapping[str, Field], version: int
) -> None:
    message.name = name
    for number, (key, spec) in enumerate(fields.items(), 1):
        if spec.since <= version:
            _add_field(message, key, spec, number, version)


def _add_field(message: DescriptorProto, name: str, spec: Field, number: int, version: int) -> None:
    repeated = spec.shape.type is Type.LIST
    label = _PROTO.LABEL_REPEATED if repeated else _PROTO.LABEL_OPTIONAL
    field = message.field.add(name=name, number=number, label=label, json_name=name)
    shape = spec.shape.item if repeated and spec.shape.item else spec.shape
    _set_type(message, field, shape, version)
    if spec.optional and not repeated:
        field.proto3_optional = True
        field.oneof_index = len(message.oneof_decl)
        message.oneof_decl.add(name=f"_{name}")


def _set_type(message: DescriptorProto, field: _PROTO, shape: Shape, version: int) -> None:
    inner = "".join(part.capitalize() for part in field.name.split("_"))
    match shape.type:
        case Type.RECORD:
            _fill_message(message.nested_type.add(), inner, shape.fields, version)
            field.type, field.type_name = _PROTO.TYPE_MESSAGE, inner
        case Type.CHOICE:
            _fill_enum(message.enum_type.add(), inner, field.name, shape.symbols)
            field.type, field.type_name = _PROTO.TYPE_ENUM, inner
        case Type.INSTANT:
            field.type, field.type_name = _PROTO.TYPE_MESSAGE, ".google.protobuf.Timestamp"
        case type_:
            field.type = _SCALARS[type_]


def _fill_enum(enum: EnumDescriptorProto, name: str, field: str, symbols: tuple[str, ...]) -> None:
    enum.name = name
    for number, symbol in enumerate(("unspecified", *symbols)):
        enum.value.add(name=f"{field}_{symbol}".upper().replace("-", "_"), number=number)


def _message_text(message: DescriptorProto, indent: str) -> Iterator[str]:
    yield f"{indent}message {message.name} {{"
    inside = indent + "  "
    for enum in message.enum_type:
        yield f"{inside}enum {enum.name} {{"
        yield from (f"{inside}  {value.name} = {value.number};" for value in enum.value)
        yield f"{inside}}}"
    for nested in message.nested_type:
        yield from _message_text(nested, inside)
    yield from (inside + _field_text(field) for field in message.field)
    yield f"{indent}}}"


def _field_text(field: _PROTO) -> str:
    word = field.type_name.lstrip(".") or _WORDS[field.type]
    label = "repeated " if field.label == _PROTO.LABEL_REPEATED else ""
    return f"{'optional ' if field.proto3_optional else label}{word} {field.name} = {field.number};"


def _fill(message: Message, row: Row, fields: Mapping[str, Field]) -> None:
    for name, value in row.items():
        if value is not None:
            _set(message, name, value, fields[name].shape)


def _set(message: Any, name: str, value: Any, shape: Shape) -> None:
    match shape.type:
        case Type.RECORD:
            _fill(getattr(message, name), value, shape.fields)
        case Type.LIST if shape.item and shape.item.type is Type.RECORD:
            for item in value:
                _fill(getattr(message, name).add(), item, shape.item.fields)
        case Type.LIST:
            getattr(message, name).extend(value)
        case Type.INSTANT:
            getattr(message, name).FromMilliseconds(value)
        case Type.CHOICE:
            setattr(message, name, shape.symbols.index(value) + 1)
        case Type.DAY:
            setattr(message, name, value.isoformat())
        case _:
            setattr(message, name, value)
