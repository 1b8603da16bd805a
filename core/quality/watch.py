"""The rules of one topic at work: from messages to what is counted of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from core.decoding.column import Schemas
from core.decoding.decoded import FailureReason
from core.inference.form import form_of, shape_of
from core.quality.checker import Broken, Checker, event_times
from core.quality.columns.batch import Batch
from core.quality.conforming import always_there, conforms
from core.quality.identity import identities
from core.quality.intake import Intake, Reader, Taken
from core.quality.learning.learnt import Learnt
from core.quality.memory import Memory
from core.quality.record import single_value
from core.quality.rule import Dimension, Metric, QualityRule, Severity
from core.quality.taught import Taught
from core.quality.values import Values
from core.quality.window import MINUTE_MS, POSITIONS, Window
from core.schema.model import Schema

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
FRESH_MS = 3 * 60 * MINUTE_MS
"""Older records are counted by the hour and not by the minute."""

MemoryOf = Callable[[int, QualityRule], Memory]

DECODED = "decoded"
"""What is counted where a topic has no rule on conformity: that messages can be read at all."""

_AHEAD_MS = 5 * MINUTE_MS


def key_of(rule: QualityRule) -> str:
    """What a rule's counts stand under: another rule of the same id is counted apart."""
    beside = {"reason", "severity", "threshold", "counts_as"}
    said = rule.model_dump_json(exclude=beside, exclude_defaults=True)
    return f"{rule.id}@{hashlib.sha256(said.encode()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class Cell:
    """Which window: `start_ms` in epoch milliseconds, `minutes` its length, 1 or 60."""

    partition: int
    start_ms: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Count:
    """`unread` are the places, within the intake, of messages that cannot be decoded."""

    windows: Mapping[Cell, Window]
    unread: Mapping[int, FailureReason]


class Watch:
    """Compiled for the rules of one topic, with the schema that its records should have."""

    def __init__(
        self,
        rules: Sequence[QualityRule],
        schema: Schema | None,
        learnt: Learnt | None = None,
    ) -> None:
        """`learnt` judges those of the rules that it taught."""
        fields = {} if schema is None else dict(schema.walk())
        self.rules = tuple(rules)
        on = [rule.id for rule in rules if rule.inferred]
        self._taught = Taught(learnt or Learnt(records=0, checks=()), on)
        own = [rule for rule in rules if rule.id not in self._taught.rules]
        self._checker = Checker(own, fields, self._taught.paths)
        self._reader = Reader(self._checker.wanted)
        self._keys = {rule.id: key_of(rule) for rule in rules}
        columns = self._checker.wanted.columns
        self._conformity = next((r for r in rules if r.metric is Metric.CONFORMITY), None)
        self._root = None if schema is None else schema.root
        self._always = [path for path in always_there(fields) if path in columns]
        self._unique = [r for r in rules if r.metric is Metric.UNIQUE]
        self._order = [r for r in rules if r.metric is Metric.ORDER and r.field in columns]
        self._nulls = [r for r in rules if r.metric is Metric.NULL_RATE and r.field in columns]
        self._spread = [r for r in rules if r.metric is Metric.DISTRIBUTION and r.field in columns]

    @property
    def keyed(self) -> bool:
        """Whether keys of messages are needed."""
        return bool(self._order)

    @property
    def remembering(self) -> tuple[QualityRule, ...]:
        """The rules that need a memory of each partition before it is counted."""
        return (*self._unique, *self._order)

    def count(self, intake: Intake, schemas: Schemas, memory_of: MemoryOf, now_ms: int) -> Count:
        """What the intake adds to each window.

        Raises SchemasMissingError before anything is counted or remembered.
        """
        taken = self._reader.take(intake, schemas)
        counting = _Counting(intake, taken, _clamped(intake.arrived_ms, now_ms), now_ms)
        for batch in taken.batches:
            for broken in self._checker.check(batch, counting.arrived):
                self._count(counting, broken)
            for broken in self._taught.check(batch):
                self._count(counting, broken)
            for broken in self._remembered(batch, counting, memory_of):
                self._count(counting, broken)
            self._measure(batch, counting)
        self._count_conformity(counting, taken)
        return Count(counting.windows(), taken.unread)

    def _count(self, counting: _Counting, broken: Broken) -> None:
        rule = broken.rule
        counting.broken(
            self._keys[rule.id],
            broken.places,
            rule.dimension if rule.severity is Severity.ERROR else None,
            rule.field,
        )

    def _count_conformity(self, counting: _Counting, taken: Taken) -> None:
        unread = np.fromiter(sorted(taken.unread), np.int64, len(taken.unread))
        rule, places = self._conformity, [unread]
        if rule is not None:
            places += [self._misshapen(batch) for batch in taken.batches]
        key = DECODED if rule is None else self._keys[rule.id]
        error = rule is None or rule.severity is Severity.ERROR
        found = np.unique(np.concatenate(places))
        if found.size:
            counting.broken(key, found, Dimension.VALIDITY if error else None, None)
        counting.unread(taken.unread)

    def _misshapen(self, batch: Batch) -> Ints:
        root = self._root
        if root is None:
            return np.empty(0, np.int64)
        odd = [place for place, record in batch.odd if not conforms(record, root)]
        found = [np.asarray(odd, np.int64)]
        if self._always and batch.places.size:
            lacking = batch.frame.select(
                pl.any_horizontal(pl.col(path).is_null() for path in self._always)
            ).to_series()
            found.append(batch.places[lacking.to_numpy()])
        return np.concatenate(found)

    def _remembered(
        self, batch: Batch, counting: _Counting, memory_of: MemoryOf
    ) -> Iterator[Broken]:
        """Rules on many records, partition by partition in the order of their offsets."""
        for rule in self._unique:
            places, hashes = identities(batch, rule)
            yield self._asked(rule, places, hashes, None, counting, memory_of)
        for rule in self._order:
            places, hashes, times = _times_by_key(batch, rule.field or "", counting)
            yield self._asked(rule, places, hashes, times, counting, memory_of)

    def _asked(
        self,
        rule: QualityRule,
        places: Ints,
        hashes: NDArray[np.uint64],
        times: Ints | None,
        counting: _Counting,
        memory_of: MemoryOf,
    ) -> Broken:
        found: list[Ints] = []
        partitions = counting.intake.partitions[places]
        for partition in np.unique(partitions).tolist():
            rows = np.flatnonzero(partitions == partition)
            memory = memory_of(partition, rule)
            arrived = counting.arrived[places[rows]]
            if times is None:
                broken, looked = memory.repeated(hashes[rows], arrived)
            else:
                broken, looked = memory.went_back(hashes[rows], times[rows], arrived)
            found.append(places[rows[broken]])
            if looked < len(rows):
                counting.checked(self._keys[rule.id], places[rows], looked)
        return Broken(rule, np.concatenate(found) if found else np.empty(0, np.int64))

    def _measure(self, batch: Batch, counting: _Counting) -> None:
        if not batch.places.size:
            return
        for rule in self._nulls:
            path = rule.field or ""
            counting.nulls(path, batch.places[batch.frame[path].is_null().to_numpy()])
        for rule in self._spread:
            path = rule.field or ""
            counting.spread(path, batch.places, batch.frame[path])


class _Counting:
    """One intake, counted into the windows of its partitions and minutes."""

    def __init__(self, intake: Intake, taken: Taken, arrived: Ints, now_ms: int) -> None:
        self.intake = intake
        self.arrived = arrived
        old = arrived < now_ms - FRESH_MS
        minute = np.where(old, arrived // (60 * MINUTE_MS) * 60, arrived // MINUTE_MS)
        cells = intake.partitions * (1 << 41) + old * (1 << 40) + minute
        self._cells, self._inverse = np.unique(cells, return_inverse=True)
        self._windows = [Window() for _ in self._cells]
        self._bad: Mask = np.zeros(len(intake), bool)
        self._bad_by: dict[Dimension, Mask] = {}
        self._taken = taken
        self._begin()

    def _begin(self) -> None:
        sizes = np.array([len(value or b"") for value in self.intake.values], np.int64)
        records = self._per_cell(None)
        size = np.bincount(self._inverse, sizes, len(self._windows)).astype(np.int64)
        gone = self._per_cell(self._taken.tombstones)
        low = np.full(len(self._windows), np.iinfo(np.int64).max)
        high = np.full(len(self._windows), np.iinfo(np.int64).min)
        np.minimum.at(low, self._inverse, self.arrived)
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
        for at, count in self._counts(places):
            self._windows[at].broken[key] += count
        for place in self._evidence(key, places):
            self._note(key, place, path)
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

    def nulls(self, path: str, places: Ints) -> None:
        for at, count in self._counts(places):
            self._windows[at].nulls[path] += count

    def spread(self, path: str, places: Ints, column: pl.Series) -> None:
        inverse = self._inverse[places]
        for at in np.unique(inverse).tolist():
            part = column if len(self._windows) == 1 else column.filter(pl.Series(inverse == at))
            values, window = Values.of(part), self._windows[at]
            known = window.values.get(path)
            window.values[path] = values if known is None else known.plus(values)

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

    def _counts(self, places: Ints) -> Iterator[tuple[int, int]]:
        counts = self._per_cell(places)
        for at in np.flatnonzero(counts).tolist():
            yield at, int(counts[at])

    def _evidence(self, key: str, places: Ints) -> Iterator[int]:
        """The first few places of each window that has not enough yet."""
        inverse = self._inverse[places]
        for at in np.unique(inverse).tolist():
            room = POSITIONS - len(self._windows[at].positions.get(key, ()))
            if room > 0:
                yield from places[inverse == at][:room].tolist()

    def _note(self, key: str, place: int, path: str | None) -> None:
        spot = (
            int(self.intake.partitions[place]),
            int(self.intake.offsets[place]),
            self._excerpt(place, path),
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
        return "none"
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


def _times_by_key(
    batch: Batch, path: str, counting: _Counting
) -> tuple[Ints, NDArray[np.uint64], Ints]:
    """Places that have a key and a time, in the order of arrival; hashes of the keys; the times."""
    if not batch.places.size:
        return _NONE, np.empty(0, np.uint64), _NONE
    times, _ = event_times(batch.frame[path])
    keys = [counting.key(place) for place in batch.places.tolist()]
    rows = np.array(
        [at for at, key in enumerate(keys) if key is not None and not np.isnan(times[at])],
        np.int64,
    )
    rows = rows[np.argsort(batch.places[rows], kind="stable")]
    hashes = np.array([xxh3_64_intdigest(keys[at] or b"") for at in rows], np.uint64)
    return batch.places[rows], hashes, times[rows].astype(np.int64)


_NONE: Ints = np.empty(0, np.int64)
