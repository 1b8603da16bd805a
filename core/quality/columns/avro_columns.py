"""Avro datums of one schema as the columns that rules read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import polars as pl

from core.decoding.registered import RegisteredSchema
from core.quality.columns.avro_block import NoColumnsError, read_block
from core.quality.columns.avro_shape import (
    Shape,
    UnshapelyError,
    reading_schema,
    shape_of,
    size_of,
)
from core.quality.columns.batch import Batch, places_of
from core.quality.columns.typed_json import POLARS
from core.quality.columns.wanted import ColumnType, Wanted, presence_of

_NUMBERS = frozenset({"int", "long", "float", "double"})
_MOMENTS: Mapping[str, tuple[Literal["ms", "us"], int]] = {
    "timestamp-millis": ("ms", 10**3),
    "timestamp-micros": ("us", 10**6),
    "local-timestamp-millis": ("ms", 10**3),
    "local-timestamp-micros": ("us", 10**6),
}
_EARLIEST, _LATEST = -62_135_596_800, 253_402_300_799
"""The years 1 to 9999 in seconds."""
_DAY = 86_400


class AvroColumns:
    """Raises NoColumnsError where the schema, or what is wanted of it, fits no columns."""

    def __init__(self, schema: RegisteredSchema, wanted: Wanted) -> None:
        try:
            shape = shape_of(schema.text, schema.references)
        except (UnshapelyError, KeyError, TypeError, RecursionError) as error:
            raise NoColumnsError(str(error)) from error
        if wanted.roots:
            raise NoColumnsError("rules look into values that are no columns")
        self._text = reading_schema(shape)
        places = dict(shape.leaves())
        self._exprs = [
            _expr(path, kind, places).alias(path) for path, kind in wanted.columns.items()
        ]
        self._exprs += [
            _there(parent, places).alias(presence_of(parent)) for parent in wanted.parents
        ]
        sizes = (size_of(pl.col(name), child) for name, child in shape.children)
        self._size = pl.sum_horizontal(*sizes)
        self._strange = [
            _no_moment(_value(path), places[path]).any().alias(path)
            for path in wanted.columns
            if path in places and places[path].logical in {*_MOMENTS, "date"}
        ]

    def read(self, places: Sequence[int], datums: Sequence[bytes]) -> Batch:
        """Raises NoColumnsError where not all are datums of the schema: nothing is read then."""
        frame = read_block(self._text, datums)
        sizes = np.fromiter(map(len, datums), np.int64, len(datums))
        if not np.array_equal(frame.select(self._size).to_series().to_numpy(), sizes):
            raise NoColumnsError("a datum has another length than its schema says")
        if self._strange and any(frame.select(self._strange).row(0)):
            raise NoColumnsError("a moment outside of the years 1 to 9999")
        return Batch(frame.select(self._exprs), places_of(places))


def _expr(path: str, kind: ColumnType, places: Mapping[str, Shape]) -> pl.Expr:
    """A column of the wanted type; nulls where the schema has no such field."""
    shape = places.get(path)
    if shape is None:
        return pl.lit(None, POLARS[kind])
    return _typed(_value(path), shape, kind)


def _there(parent: str, places: Mapping[str, Shape]) -> pl.Expr:
    return _value(parent).is_not_null() if parent in places else pl.lit(value=False)


def _value(path: str) -> pl.Expr:
    first, *rest = path.split(".")
    found = pl.col(first)
    for step in rest:
        found = found.struct.field(step)
    return found


def _typed(value: pl.Expr, shape: Shape, kind: ColumnType) -> pl.Expr:
    """As core.decoding gives the values of such types, else NoColumnsError."""
    if shape.logical is not None and shape.logical in _MOMENTS and kind is ColumnType.TEXT:
        zone = "" if shape.logical.startswith("local") else "Z"
        return _moment(value, *_MOMENTS[shape.logical], zone)
    if shape.logical == "date" and shape.kind == "int" and kind is ColumnType.TEXT:
        return value.cast(pl.Date).dt.strftime("%Y-%m-%d")
    epoch = shape.logical in _MOMENTS and kind is ColumnType.WHOLE
    if shape.logical not in (None, "uuid") and not epoch:
        raise NoColumnsError(f"the logical type {shape.logical}")
    match shape.kind, kind:
        case ("string", ColumnType.TEXT) | ("boolean", ColumnType.FLAG):
            return value
        case ("int" | "long", ColumnType.WHOLE):
            return value.cast(pl.Int64)
        case (number, ColumnType.NUMBER) if number in _NUMBERS:
            return _finite(value.cast(pl.Float64))
        case ("enum", ColumnType.TEXT):
            return value.replace_strict(
                list(range(len(shape.symbols))), list(shape.symbols), return_dtype=pl.String
            )
    raise NoColumnsError(f"{shape.kind} is wanted as {kind.value}")


def _finite(value: pl.Expr) -> pl.Expr:
    """What JSON lacks reads as null."""
    return pl.when(value.is_finite()).then(value)


def _moment(value: pl.Expr, unit: Literal["ms", "us"], per_second: int, zone: str) -> pl.Expr:
    """RFC 3339 as Python writes it: six digits of a second, or none."""
    at = value.cast(pl.Datetime(unit)).dt
    whole = at.strftime("%Y-%m-%dT%H:%M:%S")
    return pl.when(value % per_second == 0).then(whole + zone).otherwise(at.strftime(_FINE) + zone)


_FINE = "%Y-%m-%dT%H:%M:%S%.6f"


def _no_moment(value: pl.Expr, shape: Shape) -> pl.Expr:
    if shape.logical == "date":
        return ~value.is_between(_EARLIEST // _DAY, _LATEST // _DAY)
    per_second = _MOMENTS[shape.logical or ""][1]
    return ~value.is_between(_EARLIEST * per_second, _LATEST * per_second)
