"""Texts of a known format (a mail address, an instant): the format says more than their shape."""

from __future__ import annotations

from typing import ClassVar, Literal

import polars as pl

from core.arrays import Mask
from core.quality.formats import PATTERNS
from core.quality.learning.check import Check, TextCheck
from core.quality.learning.column import Column
from core.quality.learning.evidence import Evidence
from core.quality.learning.question import Answers, Has, Question, having
from core.quality.rule import Metric, QualityRule
from core.schema.model import Logical

_TELLING = (
    Logical.DATE_TIME, Logical.DATE, Logical.TIME, Logical.UUID, Logical.EMAIL, Logical.URI,
    Logical.IP,
)  # fmt: skip
"""Formats that a text does not have by chance."""
_ENOUGH = 20
_MOSTLY = 0.8


class Formatted(TextCheck):
    """A text has the field's format."""

    tolerated: ClassVar[float] = 0.2
    weight: ClassVar[float] = 0.9
    check: Literal["format"] = "format"

    def question(self) -> Question:
        return Has(_pattern(self.rule.format or Logical.DATE))

    def strange(self, answers: Answers) -> Mask:
        return ~super().strange(answers)


def learn_format(column: Column) -> list[Check]:
    texts = column.texts.filter(pl.Series(~column.worded)).drop_nulls()
    seen = len(texts)
    for logical in _TELLING if seen >= _ENOUGH else ():
        held = int(having(texts, _pattern(logical)).sum())
        if held >= _MOSTLY * seen:
            return [_check(column, logical, Evidence(broken=seen - held, seen=seen))]
    return []


def _pattern(logical: Logical) -> str:
    return f"^(?:{PATTERNS[logical]})$"


def _check(column: Column, logical: Logical, evidence: Evidence) -> Check:
    rule = QualityRule(
        id="format",
        metric=Metric.FORMAT,
        field=column.path,
        format=logical,
        inferred=True,
        reason=f"{evidence.said()} are of the format {logical.value}",
    )
    return Formatted(rule=rule, evidence=evidence)
