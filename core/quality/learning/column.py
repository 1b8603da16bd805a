"""The values of one path over many records, as columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from core.arrays import Ints, Mask, Numbers
from core.quality.learning.nothing import is_word

Record = dict[str, Any]

MAX_PATHS = 400


class Cell(IntEnum):
    """What a value is; the order lets `present` be a comparison."""

    ORPHAN = 0
    """Its parent is no object: there was no place for a value."""
    ABSENT = 1
    NULL = 2
    BOOLEAN = 3
    INTEGER = 4
    NUMBER = 5
    STRING = 6
    OTHER = 7


_CELLS: dict[type, int] = {
    type(None): Cell.NULL,
    bool: Cell.BOOLEAN,
    int: Cell.INTEGER,
    float: Cell.NUMBER,
    str: Cell.STRING,
}


class _Absent:
    """Stands where a record has no such key."""


class _Orphan:
    """Stands where there is not even an object that could have the key."""


ABSENT = _Absent()
ORPHAN = _Orphan()
_CELLS[_Absent] = Cell.ABSENT
_CELLS[_Orphan] = Cell.ORPHAN


@dataclass(frozen=True)
class Column:
    """`rows` says the record of each value where arrays make them many; None: one per record."""

    path: str
    kinds: npt.NDArray[np.uint8]
    values: Sequence[Any]
    rows: Ints | None = None

    def __len__(self) -> int:
        return len(self.kinds)

    @staticmethod
    def of(series: pl.Series) -> Column:
        """A column of a frame, whose nulls may be absent values as well."""
        values = series.to_list()
        return Column(series.name, _kinds(list(map(type, values))), values)

    @cached_property
    def present(self) -> Mask:
        """Not absent and not null."""
        found: Mask = self.kinds > Cell.NULL
        return found

    @cached_property
    def lacking(self) -> Mask:
        """Null, or absent where it could be."""
        found: Mask = (self.kinds == Cell.ABSENT) | (self.kinds == Cell.NULL)
        return found

    @cached_property
    def worded(self) -> Mask:
        """A word stands for no value."""
        distinct = self.distinct
        found = [bool(text) and is_word(name) for name, text in zip(*distinct, strict=True)]
        return self.spread(np.array(found, np.bool_))

    @cached_property
    def distinct(self) -> tuple[tuple[str, ...], tuple[bool, ...]]:
        """The different scalar values as texts, and whether each is a string."""
        return self._indexed[0], self._indexed[1]

    @property
    def names(self) -> tuple[str, ...]:
        return self._indexed[0]

    @property
    def codes(self) -> Ints:
        """The place of each value in `names`; -1 where there is none."""
        return self._indexed[2]

    @cached_property
    def strings(self) -> pl.Series:
        """`names`, null where they are no strings."""
        pairs = zip(*self.distinct, strict=True)
        return pl.Series("", [name if text else None for name, text in pairs], pl.String)

    @cached_property
    def texts(self) -> pl.Series:
        """The strings of all values, null elsewhere."""
        if not len(self.strings):
            return pl.Series("", [None] * len(self), pl.String)
        places = pl.Series("", self.codes)
        return self.strings.gather(places.set(places < 0, None))

    @cached_property
    def numbers(self) -> Numbers:
        """NaN where there is none."""
        numeric = (self.kinds == Cell.INTEGER) | (self.kinds == Cell.NUMBER)
        if numeric.all():
            return np.fromiter(map(_number, self.values), np.float64, len(self))
        picked = zip(self.values, numeric.tolist(), strict=True)
        return np.array([_number(value) if take else np.nan for value, take in picked], np.float64)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How often each value comes, the commonest first."""
        tally = np.bincount(self.codes[self.codes >= 0], minlength=len(self.names))
        order = np.argsort(-tally, kind="stable")
        return {self.names[place]: int(tally[place]) for place in order.tolist()}

    def spread(self, of_names: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """What is known of each of `names`, for all values; zero where there is none."""
        return np.append(of_names, np.zeros(1, of_names.dtype))[self.codes]

    def has(self, cell: Cell) -> bool:
        return bool((self.kinds == cell).any())

    def count(self, cell: Cell) -> int:
        return int((self.kinds == cell).sum())

    def take(self, places: Ints) -> Column:
        """The values at these places, of a column with one per record."""
        return Column(self.path, self.kinds[places], [self.values[at] for at in places.tolist()])

    def record_of(self, places: Ints) -> Ints:
        return places if self.rows is None else self.rows[places]

    @cached_property
    def _indexed(self) -> tuple[tuple[str, ...], tuple[bool, ...], Ints]:
        cells = set(np.unique(self.kinds).tolist()) - {Cell.ORPHAN, Cell.ABSENT, Cell.NULL}
        if len(cells) == 1 and Cell.OTHER not in cells:
            keys, text = self.values, Cell.STRING in cells
            place = [value for value in dict.fromkeys(keys) if value is not None]
            names, texts = tuple(map(_text, place)), (text,) * len(place)
        else:
            keys = [_key(value) for value in self.values]
            place = [key for key in dict.fromkeys(keys) if key is not None]
            names, texts = tuple(text for text, _ in place), tuple(kind for _, kind in place)
        dense: dict[Any, int] = {value: at for at, value in enumerate(place)}
        dense[None] = -1
        return names, texts, np.fromiter(map(dense.__getitem__, keys), np.int64, len(keys))


Columns = Mapping[str, Column]


def columns_of(records: Sequence[Record], paths: Iterable[str] | None = None) -> dict[str, Column]:
    """Columns by path (`a.b`, `a[].b`, `a[]`): those of `paths`, or all that hold plain values."""
    return {path: column_at(records, path) for path in paths or paths_of(records)}


def column_at(records: Sequence[Record], path: str) -> Column:
    values: Sequence[Any] = records
    rows: Ints | None = None
    for step in path.replace("[]", ".[]").split("."):
        if step == "[]":
            values, rows = _items(values, rows)
        else:
            values = _members(values, step)
    types = list(map(type, values))
    if _Absent in types or _Orphan in types:
        values = [None if value is ABSENT or value is ORPHAN else value for value in values]
    return Column(path, _kinds(types), values, rows)


def _members(values: Sequence[Any], step: str) -> list[Any]:
    if set(map(type, values)) == {dict}:
        return [value.get(step, ABSENT) for value in values]
    return [value.get(step, ABSENT) if isinstance(value, dict) else ORPHAN for value in values]


def _items(values: Sequence[Any], rows: Ints | None) -> tuple[list[Any], Ints]:
    """The items of every array, and the record that each comes from."""
    of = range(len(values)) if rows is None else rows.tolist()
    pairs = [
        (item, row)
        for value, row in zip(values, of, strict=True)
        if isinstance(value, list)
        for item in value
    ]
    return [item for item, _ in pairs], np.array([row for _, row in pairs], np.int64)


def _kinds(types: Sequence[type]) -> npt.NDArray[np.uint8]:
    distinct = set(types)
    if len(distinct) == 1:
        return np.full(len(types), _CELLS.get(distinct.pop(), Cell.OTHER), np.uint8)
    return np.fromiter((_CELLS.get(each, Cell.OTHER) for each in types), np.uint8, len(types))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def _key(value: Any) -> tuple[str, bool] | None:
    """A value of a mixed column: its text, and whether it is a string (1 and "1" differ)."""
    if isinstance(value, str):
        return value, True
    return (str(value), False) if isinstance(value, bool | int | float) else None


def _number(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def paths_of(records: Sequence[Record]) -> list[str]:
    """Every path that holds plain values, in the order met; at most `MAX_PATHS`."""
    found: dict[str, None] = {}
    for record in records:
        _note(record, "", found)
        if len(found) >= MAX_PATHS:
            break
    return list(found)[:MAX_PATHS]


def _note(value: Any, path: str, found: dict[str, None]) -> None:
    if isinstance(value, dict):
        for name, member in value.items():
            if isinstance(name, str) and name and "." not in name and "[]" not in name:
                _note(member, f"{path}.{name}" if path else name, found)
    elif isinstance(value, list):
        for item in value:
            _note(item, f"{path}[]", found)
    elif path:
        found[path] = None
