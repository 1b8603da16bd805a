"""The rules of one topic at work: from messages to what is counted of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from core.decoding.column import Schemas
from core.decoding.decoded import FailureReason
from core.quality.checker import Broken, Checker
from core.quality.columns.batch import Batch
from core.quality.conforming import always_there, conforms
from core.quality.counting import Cell, Counting
from core.quality.distinct import distinct
from core.quality.identity import identities
from core.quality.intake import Intake, Reader, Taken
from core.quality.learning.learnt import Learnt
from core.quality.memory import Memory
from core.quality.rule import Dimension, Metric, QualityRule, Severity
from core.quality.taught import Taught
from core.quality.timeliness import event_times
from core.quality.window import Window
from core.schema.model import Schema

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
MemoryOf = Callable[[int, QualityRule], Memory]

DECODED = "decoded"
"""What is counted where a topic has no rule on conformity: that messages can be read at all."""


def key_of(rule: QualityRule) -> str:
    """What a rule's counts stand under: another rule of the same id is counted apart."""
    beside = {"reason", "severity", "threshold", "counts_as"}
    said = rule.model_dump_json(exclude=beside, exclude_defaults=True)
    return f"{rule.id}@{hashlib.sha256(said.encode()).hexdigest()[:8]}"


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

    def key(self, rule: QualityRule) -> str:
        """`key_of` one of its rules."""
        return self._keys[rule.id]

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
        counting = Counting(intake, taken, now_ms)
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

    def _count(self, counting: Counting, broken: Broken) -> None:
        rule = broken.rule
        counting.broken(
            self._keys[rule.id],
            broken.places,
            rule.dimension if rule.severity is Severity.ERROR else None,
            rule.field,
        )

    def _count_conformity(self, counting: Counting, taken: Taken) -> None:
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
        self, batch: Batch, counting: Counting, memory_of: MemoryOf
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
        counting: Counting,
        memory_of: MemoryOf,
    ) -> Broken:
        found: list[Ints] = []
        partitions = counting.intake.partitions[places]
        for partition in distinct(partitions):
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

    def _measure(self, batch: Batch, counting: Counting) -> None:
        if not batch.places.size:
            return
        for rule in self._nulls:
            path = rule.field or ""
            column = batch.frame[path]
            if column.null_count():
                counting.nulls(path, batch.places[column.is_null().to_numpy()])
        for rule in self._spread:
            path = rule.field or ""
            counting.spread(path, batch.places, batch.frame[path])


def _times_by_key(
    batch: Batch, path: str, counting: Counting
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
