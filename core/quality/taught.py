"""What a stream taught, held against the columns of a micro-batch."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from core.quality.checker import Broken
from core.quality.columns.batch import ABSENT, Batch
from core.quality.columns.wanted import presence_of, root_of
from core.quality.learning.column import Cell, Column, columns_of
from core.quality.learning.examiner import Examiner
from core.quality.learning.judgement import SUSPECT, Judgement
from core.quality.learning.learnt import Learnt


class Taught:
    """`on` names the rules that are held against records."""

    def __init__(self, learnt: Learnt, on: Sequence[str]) -> None:
        checks = tuple(check for check in learnt.checks if check.rule.id in set(on))
        self._examiner = Examiner(checks)
        self._rules = {check.rule.id: check.rule for check in checks}
        self.paths = self._examiner.paths

    @property
    def rules(self) -> Collection[str]:
        """Ids of the rules that are judged here."""
        return self._rules.keys()

    def check(self, batch: Batch) -> Iterator[Broken]:
        """The places whose values are more likely a fault than not, by the rule that says so."""
        if not self._rules:
            return
        if batch.places.size:
            judged = self._examiner.judge_columns(self._columns(batch), int(batch.places.size))
            yield from self._broken(judged, batch.places)
        if batch.odd:
            records = [record if isinstance(record, dict) else {} for _, record in batch.odd]
            places = np.array([place for place, _ in batch.odd], np.int64)
            yield from self._broken(self._examiner.judge(records), places)

    def _columns(self, batch: Batch) -> dict[str, Column]:
        found: dict[str, Column] = {}
        inside = []
        for path in self.paths:
            if path in batch.frame.columns:
                found[path] = _column(batch, path)
            else:
                inside.append(path)
        if inside:
            found |= columns_of(_records(batch, {root_of(path) for path in inside}), inside)
        return found

    def _broken(self, judged: Judgement, places: np.ndarray[Any, Any]) -> Iterator[Broken]:
        for suspects in judged.found:
            likely = judged.by_field[suspects.field][suspects.records] >= SUSPECT
            if likely.any():
                found = np.unique(places[suspects.records[likely]])
                yield Broken(self._rules[suspects.rule], found)


def _column(batch: Batch, path: str) -> Column:
    """Where the object is not there in which it would lie, nothing is missing."""
    column = Column.of(batch.frame[path])
    presence = presence_of(path.rpartition(".")[0])
    if presence not in batch.frame.columns:
        return column
    there = batch.frame[presence].to_numpy()
    kinds = np.where(there, column.kinds, np.uint8(Cell.ORPHAN))
    return replace(column, kinds=kinds)


def _records(batch: Batch, roots: set[str]) -> list[dict[str, Any]]:
    known = [root for root in roots if root in batch.roots]
    rows: list[dict[str, Any]] = [{} for _ in range(int(batch.places.size))]
    for root in known:
        for row, value in zip(rows, batch.roots[root], strict=True):
            if value is not ABSENT:
                row[root] = value
    return rows
