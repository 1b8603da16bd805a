"""The schema model as JSON Schema 2020-12."""

from __future__ import annotations

from typing import Any

from core.schema.model import ITEMS, Field, Kind, Logical, Schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LOGICAL = "x-logical"
OBSERVED = "x-observed"
DECIMAL = "x-decimal"

_WRITTEN = frozenset({"date-time", "date", "time", "duration", "uuid", "email", "uri"})


def write(schema: Schema) -> dict[str, Any]:
    """The schema as JSON Schema 2020-12.

    Bounds of inferred fields are observations, not limits: they stand in `x-observed` with the
    rest of the evidence; those of a schema that was written as one are limits. Logical types that
    JSON Schema has no format for stand in `x-logical`. Avro's days and decimals are what they are
    in JSON: a text with the format `date`, and a number with its digits in `x-decimal`.
    """
    head: dict[str, Any] = {"$schema": DIALECT}
    if schema.name:
        head["title"] = schema.name
    if schema.doc:
        head["description"] = schema.doc
    return head | _written(schema.root)


def _written(place: Field) -> dict[str, Any]:
    node: dict[str, Any] = {}
    if kinds := _type_names(_in_json(place)):
        node["type"] = kinds[0] if len(kinds) == 1 else kinds
    if place.doc:
        node["description"] = place.doc
    if place.enum is not None:
        node["enum"] = [*place.enum, *([None] if place.nullable else [])]
    if place.logical is not None:
        if place.logical.value in _WRITTEN:
            node["format"] = place.logical.value
        else:
            node[LOGICAL] = place.logical.value
    if Kind.BYTES in _in_json(place):
        node["contentEncoding"] = "base64"
    return node | _measures(place) | _structure(place)


def _in_json(place: Field) -> frozenset[Kind]:
    """The kinds as a JSON text carries them."""
    if place.logical is Logical.DATE and Kind.INTEGER in place.kinds:
        return place.kinds - {Kind.INTEGER} | {Kind.STRING}
    if place.logical is Logical.DECIMAL and Kind.BYTES in place.kinds:
        return place.kinds - {Kind.BYTES} | {Kind.NUMBER}
    return place.kinds


def _type_names(kinds: frozenset[Kind]) -> list[str]:
    renamed = {Kind.BYTES: Kind.STRING, Kind.MAP: Kind.OBJECT}
    return sorted({renamed.get(kind, kind).value for kind in kinds})


def _measures(place: Field) -> dict[str, Any]:
    bounds = {
        "minimum": place.bounds.minimum,
        "maximum": place.bounds.maximum,
        "minLength": place.bounds.min_length,
        "maxLength": place.bounds.max_length,
        "pattern": place.bounds.pattern and f"^(?:{place.bounds.pattern})$",
    }
    known: dict[str, Any] = {k: v for k, v in bounds.items() if v is not None}
    if place.bounds.precision is not None:
        known[DECIMAL] = {"precision": place.bounds.precision, "scale": place.bounds.scale or 0}
    if place.evidence is None:
        return known
    seen = place.evidence
    counts = {"parents": seen.parents, "seen": seen.seen, "null": seen.null}
    if seen.distinct is not None:
        counts["distinct"] = round(seen.distinct)
    shapes = {shape: round(share, 4) for shape, share in seen.shapes}
    return {OBSERVED: counts | known | ({"shapes": shapes} if shapes else {})}


def _structure(place: Field) -> dict[str, Any]:
    node: dict[str, Any] = {}
    items = next((c for c in place.children if c.name == ITEMS and Kind.ARRAY in place.kinds), None)
    if items is not None:
        node["items"] = _written(items)
    members = [child for child in place.children if child is not items]
    if Kind.MAP in place.kinds:
        node["additionalProperties"] = _written(members[0]) if members else {}
    elif members:
        node["properties"] = {child.name: _written(child) for child in members}
        if required := [child.name for child in members if not child.optional]:
            node["required"] = required
    return node
