"""Avro: the schema of an event, and its bytes raw or as a container file."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import fastavro
import orjson

from server.demo.field import Field, Row, Shape, Type
from server.demo.topic import Event

Encode = Callable[[Row], bytes]

_SYMBOL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLAIN: Mapping[Type, object] = {
    Type.TEXT: "string",
    Type.CHOICE: "string",
    Type.INSTANT_TEXT: "string",
    Type.REAL: "double",
    Type.FLAG: "boolean",
    Type.UUID: {"type": "string", "logicalType": "uuid"},
    Type.DAY: {"type": "int", "logicalType": "date"},
    Type.INSTANT: {"type": "long", "logicalType": "timestamp-millis"},
    Type.DECIMAL: {"type": "bytes", "logicalType": "decimal", "precision": 14, "scale": 2},
}
_INT_MAX = 2**31 - 1


def avro_schema(event: Event, namespace: str, version: int) -> str:
    """The schema text of the event as of `version`; what came later is left out.

    Shared records are named only: the text needs those of `shared_records` beside it.
    """
    schema = _record(event.name, event.fields, version)
    doc = {"doc": event.doc} if event.doc else {}
    return orjson.dumps({**schema, "namespace": namespace, **doc}).decode()


def shared_records(event: Event) -> dict[str, str]:
    """Full name and schema text of the records that the event's fields share with other schemas."""
    shared = {s.shape.shared: s.shape.fields for s in event.fields.values() if s.shape.shared}
    return {
        name: orjson.dumps(_record(name, fields, version=1)).decode()
        for name, fields in shared.items()
    }


def raw(schema_text: str, shared: Iterable[str] = ()) -> Encode:
    """A datum without any frame."""
    named: dict[str, Any] = {}
    for text in shared:
        fastavro.parse_schema(orjson.loads(text), named)
    schema = fastavro.parse_schema(orjson.loads(schema_text), named)

    def encode(row: Row) -> bytes:
        out = io.BytesIO()
        fastavro.schemaless_writer(out, schema, row)
        return out.getvalue()

    return encode


def container(schema_text: str) -> Encode:
    """An object container file of one datum, schema included; its sync marker is fixed."""
    schema = fastavro.parse_schema(orjson.loads(schema_text))

    def encode(row: Row) -> bytes:
        out = io.BytesIO()
        fastavro.writer(out, schema, [row], codec="deflate", sync_marker=b"halden-wms-sync!")
        return out.getvalue()

    return encode


def _record(name: str, fields: Mapping[str, Field], version: int) -> dict[str, Any]:
    known = {key: spec for key, spec in fields.items() if spec.since <= version}
    members = [_member(name, key, spec, version) for key, spec in known.items()]
    return {"type": "record", "name": name, "fields": members}


def _member(owner: str, name: str, spec: Field, version: int) -> dict[str, Any]:
    type_ = _type(spec.shape, owner + _camel(name), version)
    member: dict[str, Any] = {"name": name, "type": type_}
    if spec.optional:
        member = {"name": name, "type": ["null", type_], "default": None}
    return {**member, "doc": spec.doc} if spec.doc else member


def _type(shape: Shape, name: str, version: int) -> object:
    match shape.type:
        case Type.WHOLE:
            small = shape.high is not None and shape.high <= _INT_MAX
            return "int" if small else "long"
        case Type.CHOICE if all(_SYMBOL.fullmatch(symbol) for symbol in shape.symbols):
            return {"type": "enum", "name": name, "symbols": list(shape.symbols)}
        case Type.RECORD if shape.shared:
            return shape.shared
        case Type.RECORD:
            return _record(name, shape.fields, version)
        case Type.LIST if shape.item:
            return {"type": "array", "items": _type(shape.item, name + "Item", version)}
        case Type.TABLE if shape.item:
            return {"type": "map", "values": _type(shape.item, name + "Value", version)}
        case type_:
            return _PLAIN[type_]


def _camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
