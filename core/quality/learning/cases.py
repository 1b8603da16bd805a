"""Capital or small letters, where a field has nearly always the same."""

from __future__ import annotations

from typing import ClassVar, Literal

import polars as pl

from core.quality.learning.check import Check, TextCheck
from core.quality.learning.column import Column
from core.quality.learning.evidence import Evidence
from core.quality.learning.question import Has, Question, having
from core.quality.rule import Metric, QualityRule

_ENOUGH = 50
_CAPITAL_WORTH = 0.6
Case = Literal["upper", "lower", "capital"]
_PATTERNS: dict[Case, str] = {
    "upper": r"\p{Ll}",
    "lower": r"\p{Lu}",
    "capital": r"^[^\pL\pN]*\p{Ll}",
}
"""What a text in such letters does not have."""
_SAID = {"upper": "capital letters", "lower": "small letters", "capital": "a capital first"}
_RULES = {"upper": "[^a-z]*", "lower": "[^A-Z]*", "capital": r"\W*(?:[^\Wa-z].*)?"}


class Cased(TextCheck):
    """A text is in capitals, or in small letters, or begins with a capital, as nearly all are."""

    tolerated: ClassVar[float] = 0.05
    weight: ClassVar[float] = 0.75
    check: Literal["case"] = "case"
    case: Case

    @property
    def confidence(self) -> float:
        """That texts begin with a capital is never enough alone: names and terms may not."""
        worth = _CAPITAL_WORTH if self.case == "capital" else 1.0
        return worth * super().confidence

    def question(self) -> Question:
        return Has(_PATTERNS[self.case])


def learn_case(column: Column) -> list[Check]:
    texts = column.texts.drop_nulls()
    lettered = texts.filter(texts.str.contains(r"\p{Lu}|\p{Ll}"))
    seen = len(lettered)
    if seen < _ENOUGH:
        return []
    broken = {case: _broken(lettered, case) for case in _PATTERNS}
    case = min(broken, key=lambda each: broken[each])
    if 10 * broken[case] > seen:
        return []
    evidence = Evidence(broken=broken[case], seen=seen)
    rule = QualityRule(
        id="case",
        metric=Metric.PATTERN,
        field=column.path,
        pattern=_RULES[case],
        inferred=True,
        reason=f"{evidence.said()} have {_SAID[case]}",
    )
    return [Cased(rule=rule, evidence=evidence, case=case)]


def _broken(texts: pl.Series, case: Case) -> int:
    return int(having(texts, _PATTERNS[case]).sum())
