"""Fields with a short list of values: what is not on the list, or hardly ever, is suspect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import ClassVar, Literal, Self

import numpy as np

from core.arrays import Mask, Numbers
from core.quality.learning.check import Check, TextCheck
from core.quality.learning.column import Cell, Column
from core.quality.learning.dates import are_dates
from core.quality.learning.evidence import Evidence
from core.quality.learning.question import Answers, Itself, Question
from core.quality.rule import Metric, QualityRule

MAX_VALUES = 50
_ENOUGH = 200
_USUAL = 0.003
_APART = 5.0
_EACH = 10
"""So many values for every one on the list, or the list may not be all there is."""


class Listed(TextCheck):
    """A text is one of those that the field has again and again."""

    tolerated: ClassVar[float] = 0.03
    weight: ClassVar[float] = 0.65
    check: Literal["list"] = "list"
    least: int
    """How often the seldomest on the list was seen."""
    others: Mapping[str, int]
    """How often the commonest of the others were; values of the stream."""

    def question(self) -> Question:
        return Itself()

    def strange(self, answers: Answers) -> Mask:
        listed = self._listed
        return np.array([text not in listed for text in answers], np.bool_)

    def worth(self, texts: Sequence[str]) -> Numbers:
        """A list that thins out into ever rarer values has no end, and proves nothing."""
        counts = np.array([self.others.get(text, 1) for text in texts], np.float64)
        return np.clip(1 - _APART * counts / self.least, 0, 1)

    @cached_property
    def _listed(self) -> frozenset[str | None]:
        return frozenset({None, *map(str, self.rule.values)})

    def merged(self, other: Check) -> Self | None:
        """The values of both lists; None where they are too many for one."""
        if not isinstance(other, Listed):
            return None
        values = tuple(sorted({*self.rule.values, *other.rule.values}, key=str))
        counts = Counter(self.others)
        counts.update(other.others)
        others = {text: count for text, count in counts.items() if text not in values}
        if len(values) > MAX_VALUES:
            return None
        more = {"least": min(self.least, other.least), "others": others}
        return self.joined(other, more, values=values)


def learn_list(column: Column) -> list[Check]:
    seen = column.count(Cell.STRING)
    if seen < _ENOUGH:
        return []
    counts = {text: column.counts[text] for text in column.strings.drop_nulls().to_list()}
    values = _usual(counts, seen)
    if not 2 <= len(values) <= MAX_VALUES or _EACH * len(values) > seen or are_dates(values):
        return []
    evidence = Evidence(broken=seen - sum(counts[value] for value in values), seen=seen)
    rule = QualityRule(
        id="list",
        metric=Metric.ENUM,
        field=column.path,
        values=tuple(sorted(values)),
        inferred=True,
        reason=f"{evidence.said()} are one of {len(values)}",
    )
    others = {text: count for text, count in counts.items() if text not in values}
    top = sorted(others.items(), key=lambda item: (-item[1], item[0]))[:MAX_VALUES]
    least = min(counts[value] for value in values)
    return [Listed(rule=rule, evidence=evidence, least=least, others=dict(top))]


def _usual(counts: Mapping[str, int], seen: int) -> list[str]:
    least = max(3.0, _USUAL * seen)
    return [value for value, count in counts.items() if count >= least]
