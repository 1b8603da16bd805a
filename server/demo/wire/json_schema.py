"""JSON Schema: what a producer registers for its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from server.demo.field import Field, Shape, Type
from server.demo.topic import Event

_PLAIN: Mapping[Type, dict[str, Any]] = {
    Type.TEXT: {"type": "string"},
    Type.UUID: {"type": "string", "format": "uuid"},
    Type.REAL: {"type": "number"},
    Type.WHOLE: {"type": "integer"},
    Type.INSTANT: {"type": "integer"},
    Type.FLAG: {"type": "boolean"},
    Type.DAY: {"type": "string", "format": "date"},
    Type.INSTANT_TEXT: {"type": "string", "format": "date-time"},
}


def json_schema(event: Event, version: int) -> str:
    """The schema text of the event as of `version`; what came later is left out."""
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "title": event.name}
    doc = {"description": event.doc} if event.doc else {}
    return orjson.dumps({**head, **doc, **_object(event.fields, version)}).decode()


def _object(fields: Mapping[str, Field], version: int) -> dict[str, Any]:
    known = {name: spec for name, spec in fields.items() if spec.since <= version}
    return {
        "type": "object",
        "properties": {name: _property(spec, version) for name, spec in known.items()},
        "required": [name for name, spec in known.items() if not spec.absent and spec.since == 1],
    }


def _property(spec: Field, version: int) -> dict[str, Any]:
    found = _shape(spec.shape, version)
    if spec.null and "type" in found:
        found = {**found, "type": [found["type"], "null"]}
    return {**found, "description": spec.doc} if spec.doc else found


def _shape(shape: Shape, version: int) -> dict[str, Any]:
    match shape.type:
        case Type.CHOICE:
            return {"type": "string", "enum": list(shape.symbols)}
        case Type.RECORD:
            return _object(shape.fields, version)
        case Type.LIST if shape.item:
            return {"type": "array", "items": _shape(shape.item, version)}
        case Type.TABLE if shape.item:
            return {"type": "object", "additionalProperties": _shape(shape.item, version)}
        case type_:
            return {**_PLAIN[type_], **_bounds(shape)}


def _bounds(shape: Shape) -> dict[str, float]:
    limits = {"minimum": shape.low, "maximum": shape.high}
    return {name: limit for name, limit in limits.items() if limit is not None}
