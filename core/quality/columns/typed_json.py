"""JSON objects into typed columns without a dictionary for each: msgspec reads what is wanted of
them, strictly, and refuses what is of another type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

import msgspec
import numpy as np
import orjson
import polars as pl

from core.quality.columns.batch import ABSENT, Batch, frame_of, places_of
from core.quality.columns.wanted import ColumnType, Wanted, presence_of

_PYTHON: Mapping[ColumnType, Any] = {
    ColumnType.TEXT: str,
    ColumnType.WHOLE: int,
    ColumnType.NUMBER: float,
    ColumnType.FLAG: bool,
}
POLARS: Mapping[ColumnType, pl.DataType] = {
    ColumnType.TEXT: pl.String(),
    ColumnType.WHOLE: pl.Int64(),
    ColumnType.NUMBER: pl.Float64(),
    ColumnType.FLAG: pl.Boolean(),
}
_WIDEST = 2**63


def types_of(wanted: Wanted) -> dict[str, pl.DataType]:
    """Of a frame: a column for each path, and one for each object in which some lie."""
    columns = {path: POLARS[kind] for path, kind in wanted.columns.items()}
    return columns | {presence_of(parent): pl.Boolean() for parent in wanted.parents}


class JsonColumns:
    """Reader of the columns of one set of rules."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._types = types_of(wanted)
        self._slots, made = _record_type(wanted)
        self._decode: Callable[[bytes], Any] = msgspec.json.Decoder(made).decode

    def read(self, places: Sequence[int], values: Sequence[bytes]) -> tuple[Batch, list[int]]:
        """The objects as columns; and the places, within `values`, of what is no JSON object."""
        decode = self._decode
        try:
            records, kept = list(map(decode, values)), places_of(places)
            odd: list[tuple[int, Any]] = []
            other: list[int] = []
        except (msgspec.DecodeError, UnicodeDecodeError):
            records, kept, odd, other = self._one_by_one(places, values)
        try:
            return Batch(*self._columns(records, kept), odd), other
        except (OverflowError, TypeError):
            return self._without_giants(records, kept, odd, values, places), other

    def _one_by_one(
        self, places: Sequence[int], values: Sequence[bytes]
    ) -> tuple[list[Any], np.ndarray[Any, Any], list[tuple[int, Any]], list[int]]:
        records, kept, odd, other = [], [], [], []
        for at, (place, value) in enumerate(zip(places, values, strict=True)):
            try:
                records.append(self._decode(value))
                kept.append(place)
            except (msgspec.DecodeError, UnicodeDecodeError):
                whole = _object(value)
                if whole is None:
                    other.append(at)
                else:
                    odd.append((place, whole))
        return records, np.asarray(kept, np.int64), odd, other

    def _columns(
        self, records: Sequence[Any], kept: np.ndarray[Any, Any]
    ) -> tuple[pl.DataFrame, np.ndarray[Any, Any], dict[str, Sequence[Any]]]:
        if not records:
            return pl.DataFrame(schema=self._types), kept, dict.fromkeys(self._wanted.roots, ())
        found: dict[str, Sequence[Any]] = {}
        _gather(self._slots, records, found)
        roots = {root: found.pop(f"\0{root}") for root in self._wanted.roots}
        return frame_of(found, self._types), kept, roots

    def _without_giants(
        self,
        records: Sequence[Any],
        kept: np.ndarray[Any, Any],
        odd: list[tuple[int, Any]],
        values: Sequence[bytes],
        places: Sequence[int],
    ) -> Batch:
        """Whole numbers of more than 64 bits are odd."""
        by_place = dict(zip(places, values, strict=True))
        whole = [path for path, kind in self._wanted.columns.items() if kind is ColumnType.WHOLE]
        sound, fits = [], []
        for record, place in zip(records, kept.tolist(), strict=True):
            if all(_fits(record, path, self._slots) for path in whole):
                sound.append(record)
                fits.append(place)
            else:
                odd.append((place, _object(by_place[place])))
        return Batch(*self._columns(sound, np.asarray(fits, np.int64)), odd)


Slots = dict[str, "str | tuple[str, Slots]"]
"""By the struct's attribute: the path of a column, or that of an object and what lies within."""


def _record_type(wanted: Wanted) -> tuple[Slots, type]:
    tree: dict[str, Any] = {}
    for path, kind in wanted.columns.items():
        here = tree
        *parents, leaf = path.split(".")
        for parent in parents:
            here = here.setdefault(parent, {})
        here[leaf] = kind
    for root in wanted.roots:
        tree[f"\0{root}"] = root
    return _struct("", tree, count())


def _struct(path: str, tree: Mapping[str, Any], numbers: Any) -> tuple[Slots, type]:
    """Attributes are numbered: a field may be called anything."""
    slots: Slots = {}
    fields: list[tuple[str, Any, Any]] = []
    names: dict[str, str] = {}
    for name, inner in tree.items():
        attribute = f"f{next(numbers)}"
        here = f"{path}.{name}" if path else name
        names[attribute] = name.removeprefix("\0")
        if isinstance(inner, dict):
            within, kind = _struct(here, inner, numbers)
            slots[attribute] = (here, within)
        elif isinstance(inner, ColumnType):
            slots[attribute], kind = here, _PYTHON[inner]
        else:
            slots[attribute], kind = here, Any
        whole = (attribute, Any, ABSENT) if kind is Any else (attribute, kind | None, None)
        fields.append(whole)
    return slots, msgspec.defstruct("Record", fields, rename=names, gc=False)


def _gather(slots: Slots, records: Sequence[Any], found: dict[str, Any]) -> None:
    if None in records:
        rows = [
            msgspec.structs.astuple(r) if r is not None else (None,) * len(slots) for r in records
        ]
    else:
        rows = list(map(msgspec.structs.astuple, records))
    for inner, column in zip(slots.values(), zip(*rows, strict=True), strict=True):
        if isinstance(inner, str):
            found[inner] = column
        else:
            parent, within = inner
            found[presence_of(parent)] = [value is not None for value in column]
            _gather(within, column, found)


def _fits(record: Any, path: str, slots: Slots) -> bool:
    found: dict[str, Any] = {}
    _gather(slots, [record], found)
    value = found[path][0]
    return value is None or -_WIDEST <= value < _WIDEST


def _object(value: bytes) -> dict[str, Any] | None:
    try:
        found = orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None
