"""The rules of one topic at work: from messages to what is counted of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from xxhash import xxh3_64_intdigest

from core.arrays import Hashes, Ints
from core.decoding.column import Schemas
from core.decoding.decoded import FailureReason
from core.quality.checker import Broken, Checker
from core.quality.columns.batch import Batch
from core.quality.conforming import always_there, conforms
from core.quality.counting import Counting
from core.quality.distinct import distinct
from core.quality.identity import identities
from core.quality.intake import Intake, Reader, Taken
from core.quality.learning.learnt import Learnt
from core.quality.memory.firsts import Firsts
from core.quality.memory.memories import Memories
from core.quality.rule import Dimension, Metric, QualityRule, Severity
from core.quality.taught import Taught
from core.quality.timeliness import event_times
from core.quality.window import Cell, Window
from core.schema.model import Schema

DECODED = "decoded"
"""What is counted where a topic has no rule on conformity: that messages can be read at all."""


def key_of(rule: QualityRule) -> str:
    """What a rule's counts stand under: another rule of the same id is counted apart."""
    beside = {"reason", "severity", "threshold", "counts_as"}
    said = rule.model_dump_json(exclude=beside, exclude_defaults=True)
    return f"{rule.id}@{hashlib.sha256(said.encode()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class Count:
    """`unread` are the places, within the intake, of messages that cannot be decoded; `firsts` what
    may yet prove to be repeated on another partition."""

    windows: Mapping[Cell, Window]
    unread: Mapping[int, FailureReason]
    firsts: Sequence[Firsts]


@dataclass(frozen=True, slots=True)
class _New:
    """Values of one partition that were not there before."""

    rule: QualityRule
    places: Ints
    hashes: Hashes
    buckets: Ints


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
    def unique(self) -> Sequence[QualityRule]:
        """The rules that need a memory of the topic before it is counted."""
        return self._unique

    @property
    def ordered(self) -> Sequence[QualityRule]:
        """The rules that need a memory of each partition before it is counted."""
        return self._order

    def count(self, intake: Intake, schemas: Schemas, memories: Memories, now_ms: int) -> Count:
        """What the intake adds to each window.

        Raises SchemasMissingError before anything is counted or remembered.
        """
        taken = self._reader.take(intake, schemas)
        counting = Counting(intake, taken, now_ms)
        new: list[_New] = []
        for batch in taken.batches:
            for broken in self._checker.check(batch, counting.arrived):
                self._count(counting, broken)
            for broken in self._taught.check(batch):
                self._count(counting, broken)
            for broken in self._repeated(batch, counting, memories, now_ms, new):
                self._count(counting, broken)
            for broken in self._out_of_order(batch, counting, memories):
                self._count(counting, broken)
            self._measure(batch, counting)
        self._count_conformity(counting, taken)
        firsts = [self._firsts(counting, each) for each in new]
        return Count(counting.windows(), taken.unread, firsts)

    def _count(self, counting: Counting, broken: Broken) -> None:
        rule = broken.rule
        counting.broken(
            self._keys[rule.id],
            broken.places,
            _spoilt_by(rule),
            rule.field,
        )

    def _firsts(self, counting: Counting, new: _New) -> Firsts:
        key, dimension = self._keys[new.rule.id], _spoilt_by(new.rule)
        return counting.firsts(key, dimension, new.places, new.hashes, new.buckets)

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

    def _repeated(
        self, batch: Batch, counting: Counting, memories: Memories, now_ms: int, new: list[_New]
    ) -> Iterator[Broken]:
        """Values that were on the topic before; those that were not are added to `new`."""
        for rule in self._unique:
            memory = memories.of_values(self._keys[rule.id], rule.window_ms)
            found: list[Ints] = []
            places, hashes = identities(batch, rule)
            for partition, rows in _by_partition(counting, places):
                arrived = counting.arrived[places[rows]]
                asked = memory.ask(partition, hashes[rows], arrived, now_ms)
                found.append(places[rows[asked.repeated]])
                if asked.first.size:
                    first = rows[asked.first]
                    new.append(_New(rule, places[first], hashes[first], asked.buckets))
                if asked.looked < len(rows):
                    counting.checked(self._keys[rule.id], places[rows], asked.looked)
            yield Broken(rule, _joined(found))

    def _out_of_order(
        self, batch: Batch, counting: Counting, memories: Memories
    ) -> Iterator[Broken]:
        """Partition by partition in the order of their offsets."""
        for rule in self._order:
            key, found = self._keys[rule.id], list[Ints]()
            places, hashes, times = _times_by_key(batch, rule.field or "", counting)
            for partition, rows in _by_partition(counting, places):
                memory = memories.of_order(partition, key, rule.window_ms)
                arrived = counting.arrived[places[rows]]
                broken, looked = memory.went_back(hashes[rows], times[rows], arrived)
                found.append(places[rows[broken]])
                if looked < len(rows):
                    counting.checked(key, places[rows], looked)
            yield Broken(rule, _joined(found))

    def _measure(self, batch: Batch, counting: Counting) -> None:
        if not batch.places.size:
            return
        for rule in self._nulls:
            path = rule.field or ""
            column = batch.frame[path]
            if column.null_count():
                lacking = batch.places[column.is_null().to_numpy()]
                counting.nulls(self._keys[rule.id], path, lacking)
        for rule in self._spread:
            path = rule.field or ""
            counting.spread(path, batch.places, batch.frame[path])


def _spoilt_by(rule: QualityRule) -> Dimension | None:
    """What a record is bad in that breaks it."""
    return rule.dimension if rule.severity is Severity.ERROR else None


def _by_partition(counting: Counting, places: Ints) -> Iterator[tuple[int, Ints]]:
    """Each partition with the rows of its places."""
    partitions = counting.intake.partitions[places]
    for partition in distinct(partitions):
        yield partition, np.flatnonzero(partitions == partition)


def _joined(found: Sequence[Ints]) -> Ints:
    return np.concatenate(found) if found else _NONE


def _times_by_key(batch: Batch, path: str, counting: Counting) -> tuple[Ints, Hashes, Ints]:
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
