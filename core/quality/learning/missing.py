"""Values that are not there, where nearly all records have one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar, Literal, Self, TypeVar

import numpy as np

from core.arrays import Mask, Numbers
from core.quality.learning.check import Check, TextCheck
from core.quality.learning.column import Cell, Column, Columns
from core.quality.learning.evidence import Evidence
from core.quality.learning.leave import Leave
from core.quality.learning.nothing import WORDS, word_of, worth_of
from core.quality.learning.question import Answers, Itself, Question
from core.quality.rule import Metric, QualityRule

_TOGETHER = 0.9
_ENOUGH = 10
_USUAL = 0.5
_VALUE = "a value"
_OPTIONAL = 0.08
"""Missing in one of twelve and more, a field is rather optional than badly filled."""
AnyMissing = TypeVar("AnyMissing", bound=Check)


class Required(Check):
    """A value is there, and not null."""

    tolerated: ClassVar[float] = _OPTIONAL
    check: Literal["required"] = "required"

    def broken(self, column: Column) -> Mask:
        return column.lacking

    def excusing(self, columns: Columns, records: int) -> Self:
        return letting_go(super().excusing(columns, records), columns, records)


def letting_go(check: AnyMissing, columns: Columns, records: int) -> AnyMissing:
    """A field may go without where another that often goes without does, too."""
    column = columns[check.path]
    if check.evidence.broken < _ENOUGH or column.rows is not None:
        return check
    mine = column.lacking | column.worded
    for path, other in columns.items():
        if path != check.path and other.rows is None and _follows(mine, other, check.tolerated):
            return check.letting_off((Leave(path=path, missing=True),), columns, records)
    return check


def _follows(mine: Mask, other: Column, tolerated: float) -> bool:
    theirs = other.lacking | other.worded
    both = int((mine & theirs).sum())
    return bool(both >= _TOGETHER * mine.sum() and tolerated < float(theirs.mean()) < _USUAL)


class Worded(TextCheck):
    """No word stands for a missing value, but for those that are usual in the field."""

    tolerated: ClassVar[float] = _OPTIONAL
    of_words: ClassVar[bool] = True
    check: Literal["worded"] = "worded"
    usual: frozenset[str] = frozenset()

    def question(self) -> Question:
        return Itself()

    def strange(self, answers: Answers) -> Mask:
        strange = WORDS - self.usual
        return np.array(
            [text is not None and word_of(text) in strange for text in answers], np.bool_
        )

    def worth(self, texts: Sequence[str]) -> Numbers:
        return np.array([worth_of(text) for text in texts])

    def excusing(self, columns: Columns, records: int) -> Self:
        return letting_go(super().excusing(columns, records), columns, records)


def learn_missing(column: Column) -> list[Check]:
    seen = int((column.kinds > Cell.ORPHAN).sum())
    checks: list[Check] = []
    if column.rows is None:
        evidence = Evidence(broken=int(column.lacking.sum()), seen=seen)
        checks.append(
            Required(rule=_rule(column, Metric.REQUIRED, evidence, ()), evidence=evidence)
        )
    if column.has(Cell.STRING):
        checks.append(_learn_words(column, seen))
    return checks


def _learn_words(column: Column, seen: int) -> Check:
    counts: Counter[str] = Counter()
    for text, count in column.counts.items():
        word = word_of(text)
        counts[_VALUE if word is None else word] += count
    usual = {word for word, count in counts.items() if count >= _OPTIONAL * seen}
    strange = WORDS - usual
    broken = sum(count for word, count in counts.items() if word in strange)
    evidence = Evidence(broken=broken, seen=seen)
    rule = _rule(column, Metric.MISSING, evidence, tuple(sorted(strange)))
    return Worded(rule=rule, evidence=evidence, usual=frozenset(usual & WORDS))


def _rule(
    column: Column, metric: Metric, evidence: Evidence, values: tuple[str, ...]
) -> QualityRule:
    what = "are there" if metric is Metric.REQUIRED else "are no word for nothing"
    return QualityRule(
        id=metric.value,
        metric=metric,
        field=column.path,
        values=values,
        inferred=True,
        reason=f"{evidence.said()} {what}",
    )
