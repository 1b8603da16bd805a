"""The schema model as an Avro schema: legal names, original names kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.schema.model import ITEMS, VALUES, Field, Kind, Logical, Schema

ORIGINAL = "original"
"""The property of a field that holds its name where that is no legal Avro name."""

SYMBOLS = "symbols"
"""The property of a string that holds an enum's symbols where one is no legal Avro name."""

_LEGAL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONG = 2**63
_PRECISION = 76
"""Digits of a decimal whose precision nobody stated; those of 256 bits."""

_NUMBER_TYPES: Mapping[Logical, str] = {
    Logical.EPOCH_MILLIS: "timestamp-millis",
    Logical.EPOCH_MICROS: "timestamp-micros",
}
_TEXT_TYPES: Mapping[Logical, str] = {Logical.UUID: "uuid"}


def write(schema: Schema) -> dict[str, Any]:
    """The schema as an Avro schema; a root that is no object is wrapped as the field `value`.

    Optional and nullable fields are unions with null and default to it. A logical type that Avro
    has none for stands in the property `logical`, names that Avro forbids in `original`.
    """
    name = _legal(schema.name.rpartition(".")[2] or schema.name) or "Record"
    writer = _Writer()
    root = schema.root
    if root.kinds - {Kind.NULL} == {Kind.OBJECT}:
        written: dict[str, Any] = writer.record(name, root)
    else:
        value = Field("value", root.kinds, children=root.children, enum=root.enum)
        written = writer.record(name, Field("", frozenset({Kind.OBJECT}), children=(value,)))
    namespace = _namespace(schema.namespace)
    head = {"type": "record", "name": written["name"]}
    if namespace:
        head["namespace"] = namespace
    if schema.doc:
        head["doc"] = schema.doc
    return head | {"fields": written["fields"]}


@dataclass(slots=True)
class _Writer:
    """Hands out each type name once."""

    used: set[str] = field(default_factory=set)

    def record(self, name: str, place: Field) -> dict[str, Any]:
        record: dict[str, Any] = {"type": "record", "name": self._unused(name)}
        if place.doc:
            record["doc"] = place.doc
        members = [child for child in place.children if child.name != ITEMS]
        taken = {child.name for child in members if _LEGAL.fullmatch(child.name)}
        return record | {
            "fields": [self._member(record["name"], child, taken) for child in members]
        }

    def _member(self, owner: str, child: Field, taken: set[str]) -> dict[str, Any]:
        legal = child.name
        if not _LEGAL.fullmatch(legal):
            legal = _free(_legal(child.name) or "field", taken)
        member: dict[str, Any] = {"name": legal, "type": self._type(f"{owner}_{legal}", child)}
        if child.doc:
            member["doc"] = child.doc
        if legal != child.name:
            member[ORIGINAL] = child.name
        if child.optional or child.nullable:
            member["default"] = None
        return member

    def _type(self, name: str, place: Field) -> Any:
        branches = [self._branch(name, kind, place) for kind in _ordered(place.kinds)]
        branches = branches or ["string"]
        if place.optional or place.nullable or not place.kinds:
            branches = ["null", *branches]
        return branches[0] if len(branches) == 1 else branches

    def _branch(self, name: str, kind: Kind, place: Field) -> Any:
        if kind is Kind.OBJECT:
            return self.record(name, place)
        if kind is Kind.MAP:
            return {"type": "map", "values": self._inner(f"{name}_value", place, VALUES)}
        if kind is Kind.ARRAY:
            return {"type": "array", "items": self._inner(f"{name}_item", place, ITEMS)}
        if kind is Kind.STRING:
            return self._text(name, place)
        if kind is Kind.INTEGER:
            return _integer(place)
        if kind is Kind.BYTES and place.logical is Logical.DECIMAL:
            return _decimal(place.bounds.precision or _PRECISION, place.bounds.scale or 0)
        return {Kind.BOOLEAN: "boolean", Kind.BYTES: "bytes"}.get(kind, "double")

    def _inner(self, name: str, place: Field, part: str) -> Any:
        child = next((child for child in place.children if child.name == part), None)
        return self._type(name, child or Field(part, frozenset()))

    def _text(self, name: str, place: Field) -> Any:
        symbols = [str(symbol) for symbol in place.enum or ()]
        if symbols and all(map(_LEGAL.fullmatch, symbols)) and place.kinds <= _TEXT_OR_NULL:
            return {"type": "enum", "name": self._unused(name), "symbols": symbols}
        written: dict[str, Any] = {"type": "string"}
        if symbols:
            written[SYMBOLS] = symbols
        if place.logical is not None:
            key = "logicalType" if place.logical in _TEXT_TYPES else "logical"
            written[key] = _TEXT_TYPES.get(place.logical, place.logical.value)
        return written if len(written) > 1 else "string"

    def _unused(self, name: str) -> str:
        return _free(name, self.used)


_TEXT_OR_NULL = frozenset({Kind.STRING, Kind.NULL})


def _ordered(kinds: frozenset[Kind]) -> list[Kind]:
    """Kinds but null; a number's union with integer is a number, an object's with map a map."""
    left = kinds - {Kind.NULL}
    if Kind.NUMBER in left:
        left -= {Kind.INTEGER}
    return [kind for kind in Kind if kind in left]


def _integer(place: Field) -> Any:
    low, high = place.bounds.minimum, place.bounds.maximum
    if (low is not None and low < -_LONG) or (high is not None and high >= _LONG):
        return _decimal(_PRECISION, 0)
    if place.logical is None:
        return "long"
    if place.logical is Logical.DATE:
        return {"type": "int", "logicalType": "date"}
    if place.logical in _NUMBER_TYPES:
        return {"type": "long", "logicalType": _NUMBER_TYPES[place.logical]}
    return {"type": "long", "logical": place.logical.value}


def _decimal(precision: int, scale: int) -> dict[str, Any]:
    return {"type": "bytes", "logicalType": "decimal", "precision": precision, "scale": scale}


def _legal(name: str) -> str:
    legal = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return f"_{legal}" if legal[:1].isdigit() else legal


def _namespace(namespace: str) -> str:
    return ".".join(part for step in namespace.split(".") if (part := _legal(step)))


def _free(name: str, taken: set[str]) -> str:
    """The name, or the name with the first number that makes it free; it is taken then."""
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    taken.add(free)
    return free
