"""What rules say of one intake, added up into the windows of its partitions and minutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import numpy as np
import polars as pl

from core.arrays import Hashes, Ints, Mask
from core.inference.form import form_of, shape_of
from core.quality.distinct import distinct, numbered
from core.quality.intake import Intake, Taken
from core.quality.memory.firsts import Firsts
from core.quality.record import single_value
from core.quality.rule import Dimension
from core.quality.values import Values
from core.quality.window import MINUTE_MS, POSITIONS, Cell, Window

FRESH_MS = 3 * 60 * MINUTE_MS
"""Older records are counted by the hour and not by the minute."""
_AHEAD_MS = 5 * MINUTE_MS


class Counting:
    """One intake, counted into the windows of its partitions and minutes."""

    def __init__(self, intake: Intake, taken: Taken, now_ms: int) -> None:
        arrived = _clamped(intake.arrived_ms, now_ms)
        self.intake = intake
        self.arrived = arrived
        old = arrived < now_ms - FRESH_MS
        minute = arrived // MINUTE_MS
        if old.any():
            minute = np.where(old, minute // 60 * 60, minute)
        cells = intake.partitions * (1 << 41) + old * (1 << 40) + minute
        self._cells, self._inverse = numbered(cells)
        self._windows = [Window() for _ in self._cells]
        self._bad: Mask = np.zeros(len(intake), bool)
        self._bad_by: dict[Dimension, Mask] = {}
        self._taken = taken
        self._begin()

    def _begin(self) -> None:
        sizes = _sizes(self.intake.values)
        records = self._per_cell(None)
        size = np.bincount(self._inverse, sizes, len(self._windows)).astype(np.int64)
        gone = self._per_cell(self._taken.tombstones)
        low = self._earliest(None)
        high = np.full(len(self._windows), np.iinfo(np.int64).min)
        np.maximum.at(high, self._inverse, self.arrived)
        for at, window in enumerate(self._windows):
            window.records, window.size = int(records[at]), int(size[at])
            window.tombstones = int(gone[at])
            window.first_ms, window.last_ms = int(low[at]), int(high[at])
        if self._taken.schemas and self._windows:
            self._windows[-1].schemas.update(self._taken.schemas)

    def broken(self, key: str, places: Ints, dimension: Dimension | None, path: str | None) -> None:
        if not places.size:
            return
        for at, count, first_ms in self._timed(places):
            self._windows[at].breaks(key, count, first_ms)
        for place in self._evidence(key, places):
            self._note(key, place, self._excerpt(place, path))
        if dimension is not None:
            self._bad[places] = True
            mask = self._bad_by.setdefault(dimension, np.zeros(len(self._bad), bool))
            mask[places] = True

    def checked(self, key: str, places: Ints, looked: int) -> None:
        """Of these places a rule looked at so many only: told of the first one's window."""
        if places.size:
            self._windows[int(self._inverse[places[0]])].checked[key] += looked

    def unread(self, reasons: Mapping[int, Any]) -> None:
        for place, reason in reasons.items():
            self._windows[int(self._inverse[place])].unread[reason.value] += 1

    def nulls(self, key: str, path: str, places: Ints) -> None:
        """These have no value there; some are kept as evidence of the rule of that key."""
        for at, count, first_ms in self._timed(places):
            self._windows[at].lacks(key, path, count, first_ms)
        for place in self._evidence(key, places):
            self._note(key, place, redacted(None))

    def spread(self, path: str, places: Ints, column: pl.Series) -> None:
        inverse = self._inverse[places]
        for at in distinct(inverse):
            part = column if len(self._windows) == 1 else column.filter(pl.Series(inverse == at))
            values, window = Values.of(part), self._windows[at]
            known = window.values.get(path)
            window.values[path] = values if known is None else known.plus(values)

    def firsts(
        self, key: str, dimension: Dimension | None, places: Ints, hashes: Hashes, buckets: Ints
    ) -> Firsts:
        """Records of one partition that are the first of their value, when all else is counted."""
        cells, inverse = numbered(self._inverse[places])
        by_dimension = self._bad_by.get(dimension) if dimension is not None else None
        return Firsts(
            key,
            int(self.intake.partitions[places[0]]),
            dimension,
            hashes,
            buckets,
            [_cell(int(self._cells[at])) for at in cells.tolist()],
            inverse,
            self.intake.offsets[places],
            self.arrived[places],
            self._bad[places],
            np.zeros(len(places), bool) if by_dimension is None else by_dimension[places],
        )

    def key(self, place: int) -> bytes | None:
        return None if self.intake.keys is None else self.intake.keys[place]

    def windows(self) -> dict[Cell, Window]:
        for at, count in self._counts(np.flatnonzero(self._bad)):
            self._windows[at].bad += count
        for dimension, mask in self._bad_by.items():
            for at, count in self._counts(np.flatnonzero(mask)):
                self._windows[at].bad_by[dimension.value] += count
        return {
            _cell(code): window
            for code, window in zip(self._cells.tolist(), self._windows, strict=True)
        }

    def _per_cell(self, places: Ints | None) -> Ints:
        inverse = self._inverse if places is None else self._inverse[places]
        return np.bincount(inverse, minlength=len(self._windows))

    def _earliest(self, places: Ints | None) -> Ints:
        inverse = self._inverse if places is None else self._inverse[places]
        arrived = self.arrived if places is None else self.arrived[places]
        low = np.full(len(self._windows), np.iinfo(np.int64).max)
        np.minimum.at(low, inverse, arrived)
        return low

    def _counts(self, places: Ints) -> Iterator[tuple[int, int]]:
        counts = self._per_cell(places)
        for at in np.flatnonzero(counts).tolist():
            yield at, int(counts[at])

    def _timed(self, places: Ints) -> Iterator[tuple[int, int, int]]:
        """With the time of each window's first."""
        low = self._earliest(places)
        for at, count in self._counts(places):
            yield at, count, int(low[at])

    def _evidence(self, key: str, places: Ints) -> Iterator[int]:
        """The first few places of each window that has not enough yet."""
        inverse = self._inverse[places]
        for at in distinct(inverse):
            room = POSITIONS - len(self._windows[at].positions.get(key, ()))
            if room > 0:
                yield from places[inverse == at][:room].tolist()

    def _note(self, key: str, place: int, excerpt: str) -> None:
        spot = (
            int(self.intake.partitions[place]),
            int(self.intake.offsets[place]),
            excerpt,
        )
        self._windows[int(self._inverse[place])].note(key, spot)

    def _excerpt(self, place: int, path: str | None) -> str:
        """The shape of the value, never the value."""
        if place in self._taken.unread:
            return self._taken.unread[place].value.replace("_", " ")
        if path is None:
            return ""
        return redacted(self._value(place, path))

    def _value(self, place: int, path: str) -> Any:
        for batch in self._taken.batches:
            for at, record in batch.odd:
                if at == place:
                    return single_value(record, path)
            rows = np.flatnonzero(batch.places == place)
            if rows.size and path in batch.frame.columns:
                return batch.frame[path][int(rows[0])]
        return None


def _sizes(values: Sequence[bytes | None]) -> Ints:
    whole = values if None not in values else [value or b"" for value in values]
    return np.fromiter(map(len, cast("Sequence[bytes]", whole)), np.int64, len(values))


def left_out(intake: Intake) -> dict[Cell, Window]:
    """Windows of records that nobody looked at."""
    found: dict[Cell, Window] = {}
    minutes = np.maximum(intake.arrived_ms, 0) // MINUTE_MS
    for partition, minute in zip(intake.partitions.tolist(), minutes.tolist(), strict=True):
        found.setdefault(Cell(partition, minute * MINUTE_MS, 1), Window()).skipped += 1
    return found


def _cell(code: int) -> Cell:
    minute = code & ((1 << 40) - 1)
    return Cell(code >> 41, minute * MINUTE_MS, 60 if code >> 40 & 1 else 1)


def redacted(value: Any) -> str:
    """What a value looks like: letters as `a`, digits as `9`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int | float):
        return f"number {shape_of(str(value), form_of(''))}"
    if isinstance(value, str):
        return f'"{shape_of(value, form_of(value))}"'
    return "object" if isinstance(value, dict) else "list" if isinstance(value, list) else "bytes"


def _clamped(arrived_ms: Ints, now_ms: int) -> Ints:
    """A record without a time, or with one that the broker's clock has not reached, is of now."""
    strange = (arrived_ms < 0) | (arrived_ms > now_ms + _AHEAD_MS)
    return np.where(strange, now_ms, arrived_ms) if strange.any() else arrived_ms
