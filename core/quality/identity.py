"""What values are the same for rules on uniqueness, as hashes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import and_
from typing import Any

import numpy as np
import polars as pl
from xxhash import xxh3_64_intdigest

from core.arrays import Hashes, Ints
from core.quality.columns.batch import ABSENT, Batch
from core.quality.columns.wanted import paths_of, root_of
from core.quality.record import single_value
from core.quality.rule import QualityRule

_ODD = np.uint64(0x9E3779B97F4A7C15)
"""The golden ratio in 64 bits: (a, b) is to be another hash than (b, a)."""
_PYTHON: Mapping[type[pl.DataType], type] = {
    pl.String: str, pl.Int64: int, pl.Float64: float, pl.Boolean: bool,
}  # fmt: skip


def identities(batch: Batch, rule: QualityRule) -> tuple[Ints, Hashes]:
    """Places whose fields are all there, in the order of arrival, and the hashes of their values.
    As in SQL, a null is the same as no other."""
    paths = (rule.field,) if rule.field is not None else rule.fields
    if not all(path in batch.frame.columns for path in paths):
        return _by_record(batch, rule, paths)
    columns = [batch.frame[path] for path in paths]
    whole = reduce(and_, (column.is_not_null() for column in columns))
    rows = np.flatnonzero(whole.to_numpy()) if batch.places.size else np.empty(0, np.int64)
    odd = list(_fitting(batch, columns))
    everywhere = len(rows) == len(batch.places)
    if not everywhere:
        columns = [column.gather(rows) for column in columns]
    others = [[values[at] for _, values in odd] for at in range(len(columns))]
    hashes = _mixed([_hashed(*both) for both in zip(columns, others, strict=True)])
    if everywhere and not odd and (batch.places[1:] > batch.places[:-1]).all():
        return batch.places, hashes
    places = np.concatenate([batch.places[rows], np.array([place for place, _ in odd], np.int64)])
    order = np.argsort(places, kind="stable")
    return places[order], hashes[order]


def _fitting(batch: Batch, columns: Sequence[pl.Series]) -> Iterator[tuple[int, list[Any]]]:
    """Odd records whose fields are all there and of their columns' types."""
    types = [_PYTHON[type(column.dtype)] for column in columns]
    for place, record in batch.odd:
        values = [single_value(record, column.name) for column in columns]
        if list(map(type, values)) == types:
            yield place, values


def _hashed(column: pl.Series, odd: Sequence[Any]) -> Hashes:
    if odd:
        column = pl.concat([column, pl.Series(column.name, odd, column.dtype, strict=False)])
    return column.hash().to_numpy()


def _mixed(columns: Sequence[Hashes]) -> Hashes:
    mixed = columns[0]
    for hashes in columns[1:]:
        mixed = (mixed * _ODD) ^ hashes
    return mixed


def _by_record(batch: Batch, rule: QualityRule, paths: Sequence[str]) -> tuple[Ints, Hashes]:
    """Where values are of several types, and have no column: record by record."""
    wanted = {root_of(path) for path in paths_of(rule)}
    roots = {root: values for root, values in batch.roots.items() if root in wanted}
    found: list[tuple[int, int]] = []
    rows = zip(batch.places.tolist(), *roots.values(), strict=True) if roots else ()
    for place, *values in rows:
        named = zip(roots, values, strict=True)
        record = {root: value for root, value in named if value is not ABSENT}
        _note(found, place, record, paths)
    for place, record in batch.odd:
        _note(found, place, record, paths)
    found.sort(key=lambda each: each[0])
    hashes = np.array([hashed for _, hashed in found], np.uint64)
    return np.array([place for place, _ in found], np.int64), hashes


def _note(found: list[tuple[int, int]], place: int, record: object, paths: Sequence[str]) -> None:
    values = [single_value(record, path) for path in paths]
    if None not in values:
        found.append((place, xxh3_64_intdigest(repr(values).encode("utf-8", "surrogatepass"))))
