"""Builds messages and registered schemas for the decoding tests."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import fastavro
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet

from core.decoding.decoded import DecodedBatch, Format, SchemaRef
from core.decoding.message import Message
from core.decoding.payload import decode
from core.decoding.registered import RegisteredSchema, SchemaKind

ORDER = {
    "type": "record",
    "name": "Order",
    "fields": [
        {"name": "id", "type": "long"},
        {"name": "note", "type": ["null", "string"], "default": None},
    ],
}


def sample(
    *values: bytes | None, key: bytes | None = None, headers: tuple[Any, ...] = ()
) -> list[Message]:
    return [Message(0, offset, 0, key, value, headers) for offset, value in enumerate(values)]


def keyed(*keys: bytes | None) -> list[Message]:
    return [Message(0, offset, 0, key, b"{}") for offset, key in enumerate(keys)]


def decoded(*values: bytes | None) -> DecodedBatch:
    return decode(sample(*values), {})


def formats(batch: DecodedBatch) -> dict[Format, int]:
    """Messages by format."""
    out: dict[Format, int] = {}
    for group in batch.values:
        out[group.format] = out.get(group.format, 0) + group.messages
    return out


def frame(schema_id: int, payload: bytes) -> bytes:
    return b"\x00" + schema_id.to_bytes(4, "big") + payload


def avro(definition: Any, value: Any) -> bytes:
    stream = BytesIO()
    fastavro.schemaless_writer(stream, fastavro.parse_schema(definition), value)
    return stream.getvalue()


def avro_schema(schema_id: int, definition: Any = ORDER) -> RegisteredSchema:
    return RegisteredSchema(SchemaRef(id=schema_id), SchemaKind.AVRO, json.dumps(definition))


def payment_descriptors() -> bytes:
    """message Payment { string id = 1; int64 cents = 2; optional string note = 3;
    message Refund { string reason = 1; } Refund refund = 4; repeated string tags = 5; }"""
    file = FileDescriptorProto(name="payment.proto", package="shop", syntax="proto3")
    payment = file.message_type.add(name="Payment")
    refund = payment.nested_type.add(name="Refund")
    refund.field.add(name="reason", number=1, type=9, label=1)
    payment.field.add(name="id", number=1, type=9, label=1)
    payment.field.add(name="cents", number=2, type=3, label=1)
    payment.oneof_decl.add(name="_note")
    payment.field.add(name="note", number=3, type=9, label=1, proto3_optional=True, oneof_index=0)
    payment.field.add(name="refund", number=4, type=11, label=1, type_name=".shop.Payment.Refund")
    payment.field.add(name="tags", number=5, type=9, label=3)
    return FileDescriptorSet(file=[file]).SerializeToString()


def proto_schema(schema_id: int) -> RegisteredSchema:
    return RegisteredSchema(
        SchemaRef(id=schema_id), SchemaKind.PROTOBUF, "", descriptors=payment_descriptors()
    )
