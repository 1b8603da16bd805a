"""An Avro schema as the columns' reader takes it: the same bytes, told in the types that it has.

Enums are read as the numbers they are, and logical types as what lies beneath. Not taken are
arrays, maps, fixed, unions of several types and recursion: such schemas are read datum by datum.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import orjson
import polars as pl

from core.decoding.registered import ReferencedSchema

_PLAIN = frozenset({"boolean", "int", "long", "float", "double", "bytes", "string"})
AvroType = Any


class UnshapelyError(ValueError):
    """The schema has parts that no column takes."""


@dataclass(frozen=True, slots=True)
class Shape:
    """`kind` is an Avro type's name; `null_at` the place of null in its union, None for no union;
    `symbols` of an enum."""

    kind: str
    null_at: int | None = None
    children: tuple[tuple[str, Shape], ...] = ()
    symbols: tuple[str, ...] = ()
    logical: str | None = None

    def leaves(self, path: str = "") -> Iterator[tuple[str, Shape]]:
        for name, child in self.children:
            here = f"{path}.{name}" if path else name
            yield here, child
            yield from child.leaves(here)


def shape_of(text: str, references: tuple[ReferencedSchema, ...] = ()) -> Shape:
    """Raises UnshapelyError."""
    named: dict[str, AvroType] = {}
    for one in (*(reference.text for reference in references), text):
        try:
            definition = orjson.loads(one)
        except orjson.JSONDecodeError as error:
            raise UnshapelyError("no JSON") from error
        _name(definition, "", named)
    shape = _shape(definition, "", named, ())
    if shape.kind != "record" or shape.null_at is not None or not shape.children:
        raise UnshapelyError("no record with fields")
    return shape


def reading_schema(shape: Shape) -> bytes:
    """JSON text of a schema that reads the same bytes."""
    return orjson.dumps(_written(shape, count()))


def size_of(value: pl.Expr, shape: Shape) -> pl.Expr:
    """How many bytes the datum took: where it is another number than there were, the bytes were
    none of this schema."""
    size = _bare_size(value, shape)
    if shape.null_at is None:
        return size
    return pl.when(value.is_null()).then(1).otherwise(size + 1)


def _bare_size(value: pl.Expr, shape: Shape) -> pl.Expr:
    match shape.kind:
        case "boolean":
            return pl.lit(1)
        case "float":
            return pl.lit(4)
        case "double":
            return pl.lit(8)
        case "int" | "long" | "enum":
            number = value.cast(pl.Int64)
            return _varint(pl.when(number < 0).then(-(number + 1)).otherwise(number))
        case "string":
            length = value.str.len_bytes().cast(pl.Int64)
            return length + _varint(length)
        case "bytes":
            length = value.bin.size().cast(pl.Int64)
            return length + _varint(length)
    parts = (size_of(value.struct.field(name), child) for name, child in shape.children)
    return pl.sum_horizontal(*parts)


def _varint(magnitude: pl.Expr) -> pl.Expr:
    """Of whole numbers that are not negative: seven bits a byte, and one more for the sign."""
    return (71 - magnitude.bitwise_leading_zeros().cast(pl.Int64)) // 7


def _name(definition: AvroType, space: str, named: dict[str, AvroType]) -> None:
    """Note all named types by their full names."""
    if isinstance(definition, list):
        for branch in definition:
            _name(branch, space, named)
    elif isinstance(definition, dict):
        inner = definition
        if isinstance(definition.get("name"), str):
            full = _full(definition["name"], definition.get("namespace", space))
            space = full.rpartition(".")[0]
            named[full] = {**inner, "namespace": space}
        for field in definition.get("fields", ()):
            _name(field.get("type"), space, named)
        if isinstance(definition.get("type"), dict | list):
            _name(definition["type"], space, named)


def _full(name: str, space: str) -> str:
    return name if "." in name or not space else f"{space}.{name}"


def _shape(
    definition: AvroType, space: str, named: Mapping[str, AvroType], above: tuple[str, ...]
) -> Shape:
    if isinstance(definition, list):
        return _union(definition, space, named, above)
    if isinstance(definition, str):
        if definition in _PLAIN:
            return Shape(definition)
        full = _full(definition, space)
        full = full if full in named else definition
        if full not in named or full in above:
            raise UnshapelyError("an unknown or recursive type")
        return _shape(named[full], space, named, above)
    if not isinstance(definition, dict):
        raise UnshapelyError("no type")
    return _defined(definition, space, named, above)


def _defined(
    definition: Mapping[str, AvroType],
    space: str,
    named: Mapping[str, AvroType],
    above: tuple[str, ...],
) -> Shape:
    kind = definition.get("type")
    if kind == "enum":
        return Shape("enum", symbols=tuple(definition["symbols"]))
    if kind == "record":
        full = _full(definition["name"], definition.get("namespace", space))
        inner, space = (*above, full), full.rpartition(".")[0]
        if full in above:
            raise UnshapelyError("a recursive type")
        children = tuple(
            (field["name"], _shape(field["type"], space, named, inner))
            for field in definition["fields"]
        )
        if not children:
            raise UnshapelyError("a record without fields")
        return Shape("record", children=children)
    if isinstance(kind, str) and kind in _PLAIN:
        return Shape(kind, logical=definition.get("logicalType"))
    if isinstance(kind, dict | list):
        return _shape(kind, space, named, above)
    raise UnshapelyError(f"a type of kind {kind}")


def _union(
    branches: list[AvroType], space: str, named: Mapping[str, AvroType], above: tuple[str, ...]
) -> Shape:
    if len(branches) != 2 or "null" not in branches:
        raise UnshapelyError("a union of several types")
    at = branches.index("null")
    inner = _shape(branches[1 - at], space, named, above)
    if inner.null_at is not None:
        raise UnshapelyError("a union within a union")
    return Shape(inner.kind, at, inner.children, inner.symbols, inner.logical)


def _written(shape: Shape, numbers: Iterator[int]) -> AvroType:
    if shape.kind == "record":
        fields = [
            {"name": name, "type": _written(child, numbers)} for name, child in shape.children
        ]
        bare: AvroType = {"type": "record", "name": f"R{next(numbers)}", "fields": fields}
    else:
        bare = "int" if shape.kind == "enum" else shape.kind
    if shape.null_at is None:
        return bare
    return ["null", bare] if shape.null_at == 0 else [bare, "null"]
