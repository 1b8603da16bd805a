"""Decoded records, of whatever format, into columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from core.quality.columns.batch import ABSENT, Batch, frame_of
from core.quality.columns.typed_json import types_of
from core.quality.columns.wanted import ColumnType, Wanted, presence_of

_ALLOWED: Mapping[ColumnType, frozenset[type]] = {
    ColumnType.TEXT: frozenset({str, type(None)}),
    ColumnType.WHOLE: frozenset({int, type(None)}),
    ColumnType.NUMBER: frozenset({int, float, type(None)}),
    ColumnType.FLAG: frozenset({bool, type(None)}),
}
_WIDEST = 2**63


def rows_batch(rows: Sequence[tuple[int, Any]], wanted: Wanted) -> Batch:
    """`rows` are places and values; a message that holds several is judged record by record."""
    places = [place for place, _ in rows]
    repeated = len(set(places)) < len(places)
    if repeated or not all(isinstance(value, dict) for _, value in rows):
        return Batch(_empty(wanted), np.empty(0, np.int64), dict.fromkeys(wanted.roots, ()), rows)
    records = [value for _, value in rows]
    columns = {path: _column(records, path) for path in wanted.columns}
    odd = _odd(columns, wanted)
    if odd:
        kept = [at for at in range(len(records)) if at not in odd]
        columns = {path: [values[at] for at in kept] for path, values in columns.items()}
        strange = [rows[at] for at in sorted(odd)]
    else:
        kept, strange = list(range(len(records))), []
    roots = {root: [records[at].get(root, ABSENT) for at in kept] for root in wanted.roots}
    for parent in wanted.parents:
        whole = _column([records[at] for at in kept], parent)
        columns[presence_of(parent)] = [isinstance(value, dict) for value in whole]
    frame = frame_of(columns, types_of(wanted)) if columns else _empty(wanted)
    return Batch(frame, np.asarray([places[at] for at in kept], np.int64), roots, strange)


def _empty(wanted: Wanted) -> pl.DataFrame:
    return pl.DataFrame(schema=types_of(wanted))


def _column(records: Sequence[dict[str, Any]], path: str) -> list[Any]:
    """A parent that is no object is as one without the field: kept apart as odd by its own type."""
    values: list[Any] = list(records)
    for step in path.split("."):
        values = [
            value.get(step) if isinstance(value, dict) else _Broken if value is not None else None
            for value in values
        ]
    return values


class _Broken:
    """Stands where a parent is no object."""


def _odd(columns: Mapping[str, Sequence[Any]], wanted: Wanted) -> set[int]:
    odd: set[int] = set()
    for path, values in columns.items():
        kind = wanted.columns[path]
        allowed = _ALLOWED[kind]
        if not set(map(type, values)) <= allowed:
            odd.update(at for at, value in enumerate(values) if type(value) not in allowed)
        if kind is ColumnType.WHOLE:
            odd.update(
                at
                for at, value in enumerate(values)
                if type(value) is int and not -_WIDEST <= value < _WIDEST
            )
    return odd
