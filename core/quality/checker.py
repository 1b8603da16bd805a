"""Rules put to the columns of a micro-batch: which records break which."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from core.arrays import Ints
from core.quality.clause import clause
from core.quality.columns.batch import ABSENT, Batch
from core.quality.columns.typed_json import POLARS
from core.quality.columns.wanted import Wanted, paths_of, root_of, wanted
from core.quality.expression import holds, parsed
from core.quality.pattern import unlike
from core.quality.record import record_holds, texts_at
from core.quality.rule import Metric, QualityRule
from core.quality.timeliness import untimely
from core.schema.model import Field

ALONE = frozenset(
    {
        Metric.REQUIRED, Metric.MISSING, Metric.TYPE, Metric.RANGE, Metric.ENUM, Metric.PATTERN,
        Metric.FORMAT, Metric.COMPARE, Metric.TIMELINESS,
    }
)  # fmt: skip
"""What one record tells by itself."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The places in the micro-batch that break a rule, each once, in order."""

    rule: QualityRule
    places: Ints


class Checker:
    """Compiled for the rules of one topic; `fields` are those of its schema, by path;
    `more` are paths that are wanted besides."""

    def __init__(
        self,
        rules: Sequence[QualityRule],
        fields: Mapping[str, Field],
        more: Collection[str] = (),
    ) -> None:
        self.rules = tuple(rules)
        self.wanted: Wanted = wanted(rules, fields, more)
        self._odd = [rule for rule in self.rules if rule.metric in ALONE]
        self._by_record = [rule for rule in self.wanted.by_record if rule.metric in ALONE]
        self._exprs: list[tuple[QualityRule, pl.Expr]] = []
        self._looks: list[tuple[QualityRule, Callable[[Batch, Ints], Ints]]] = []
        for rule in self.wanted.by_column:
            if rule.metric in ALONE:
                self._compile(rule)

    def check(self, batch: Batch, arrived_ms: Ints) -> list[Broken]:
        """`arrived_ms` is when the broker got each message of the micro-batch, by its place."""
        found: dict[str, list[Ints]] = {}
        if batch.places.size:
            self._check_columns(batch, arrived_ms, found)
        if batch.odd:
            for rule in self._odd:
                places = _odd_places(rule, batch.odd, arrived_ms)
                if places.size:
                    found.setdefault(rule.id, []).append(places)
        by_id = {rule.id: rule for rule in self.rules}
        return [
            Broken(by_id[rule_id], np.unique(np.concatenate(parts)))
            for rule_id, parts in found.items()
        ]

    def _check_columns(self, batch: Batch, arrived_ms: Ints, found: dict[str, list[Ints]]) -> None:
        if self._exprs:
            named = [expr.alias(str(at)) for at, (_, expr) in enumerate(self._exprs)]
            marks = batch.frame.select(named)
            for (rule, _), column in zip(self._exprs, marks.iter_columns(), strict=True):
                if column.any():
                    rows = column.to_numpy()
                    found.setdefault(rule.id, []).append(
                        batch.places[np.broadcast_to(rows, batch.places.shape)]
                    )
        for rule, look in self._looks:
            rows = look(batch, arrived_ms)
            if rows.size:
                found.setdefault(rule.id, []).append(batch.places[rows])
        for rule in self._by_record:
            rows = _looked_into(rule, batch, arrived_ms)
            if rows.size:
                found.setdefault(rule.id, []).append(batch.places[rows])

    def _compile(self, rule: QualityRule) -> None:
        if rule.metric is Metric.COMPARE:
            self._looks.append((rule, _compared(rule)))
        elif rule.metric is Metric.TIMELINESS:
            self._looks.append((rule, _timed(rule)))
        else:
            made = clause(rule, POLARS[self.wanted.columns[rule.field or ""]])
            if made is not None:
                self._exprs.append((rule, made))


def _looked_into(rule: QualityRule, batch: Batch, arrived_ms: Ints) -> Ints:
    """A rule on lists, maps or mixed values: the rows that break it, record by record, on the roots
    that it reads."""
    roots = {root_of(path) for path in paths_of(rule)}
    columns = [batch.roots[root] for root in roots]
    records = (
        {root: value for root, value in zip(roots, values, strict=True) if value is not ABSENT}
        for values in zip(*columns, strict=True)
    )
    return _breaking(rule, records, arrived_ms[batch.places])


def _odd_places(rule: QualityRule, odd: Sequence[tuple[int, Any]], arrived_ms: Ints) -> Ints:
    """A record that is no object has no field at all."""
    places = np.array([place for place, _ in odd], np.int64)
    records = (record if isinstance(record, dict) else {} for _, record in odd)
    return places[_breaking(rule, records, arrived_ms[places])]


def _breaking(rule: QualityRule, records: Iterable[Mapping[str, Any]], arrived_ms: Ints) -> Ints:
    if rule.metric is Metric.PATTERN:
        return _misshapen(rule, records)
    arrived = zip(records, arrived_ms.tolist(), strict=True)
    return np.array(
        [row for row, (record, at) in enumerate(arrived) if not record_holds(record, rule, at)],
        np.int64,
    )


def _misshapen(rule: QualityRule, records: Iterable[Mapping[str, Any]]) -> Ints:
    """All texts of all records at once, since the engine of patterns is one of columns."""
    rows: list[int] = []
    texts: list[str] = []
    found: set[int] = set()
    for row, record in enumerate(records):
        here, others = texts_at(record, rule)
        texts += here
        rows += [row] * len(here)
        if others:
            found.add(row)
    wrong = unlike(texts, rule.pattern or "")
    found.update(row for row, broken in zip(rows, wrong, strict=True) if broken)
    return np.array(sorted(found), np.int64)


def _compared(rule: QualityRule) -> Callable[[Batch, Ints], Ints]:
    node = parsed(rule.expression or "")
    paths = sorted(paths_of(rule))

    def look(batch: Batch, arrived_ms: Ints) -> Ints:
        columns = [batch.frame[path].to_list() for path in paths]
        return np.array(
            [
                row
                for row, values in enumerate(zip(*columns, strict=True))
                if not holds(node, dict(zip(paths, values, strict=True)).get)
            ],
            np.int64,
        )

    return look


def _timed(rule: QualityRule) -> Callable[[Batch, Ints], Ints]:
    def look(batch: Batch, arrived_ms: Ints) -> Ints:
        return untimely(batch.frame[rule.field or ""], rule, arrived_ms[batch.places])

    return look
