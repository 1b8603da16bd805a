"""Learnt rules, put together so that records are held against all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from core.quality.learning.blame import settled
from core.quality.learning.check import Check, TextCheck
from core.quality.learning.column import Columns, Record, columns_of
from core.quality.learning.dependencies import Dependent
from core.quality.learning.judgement import Judgement
from core.quality.learning.question import Question
from core.quality.learning.suspect import Suspects


class Examiner:
    """`paths` are the columns that it needs."""

    def __init__(self, checks: Sequence[Check]) -> None:
        self.paths = tuple(dict.fromkeys(path for check in checks for path in check.paths))
        self._dependents = [check for check in checks if isinstance(check, Dependent)]
        self._asking: dict[Question, list[TextCheck]] = {}
        self._others: list[Check] = []
        for check in checks:
            if isinstance(check, TextCheck):
                self._asking.setdefault(check.question(), []).append(check)
            elif not isinstance(check, Dependent):
                self._others.append(check)

    def judge(self, records: Sequence[Record]) -> Judgement:
        return self.judge_columns(columns_of(records, self.paths), len(records))

    def judge_columns(self, columns: Columns, records: int) -> Judgement:
        """As `judge`, where the columns are at hand."""
        found = [check.suspects(columns) for check in self._others]
        for question, checks in self._asking.items():
            found += _asked(question, checks, columns)
        contradicted = {check.path: check.suspects(columns) for check in self._dependents}
        found += settled(self._dependents, contradicted, columns).values()
        return Judgement(records, tuple(each for each in found if len(each.records)))


def _asked(question: Question, checks: Sequence[TextCheck], columns: Columns) -> Iterator[Suspects]:
    """The texts of all fields together, as one column."""
    asked = {check.path: columns[check.path].strings for check in checks}
    texts = pl.concat(asked.values())
    answers = question.answers(texts)
    ends = np.cumsum([len(each) for each in asked.values()]).tolist()
    part = {
        path: answers[end - len(each) : end]
        for (path, each), end in zip(asked.items(), ends, strict=True)
    }
    for check in checks:
        yield check.suspects_of(columns, *check.breaches_by(part[check.path], columns))
