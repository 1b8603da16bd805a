"""How many failures a rule allows, in the operators of ODCS v3.1.0."""

from __future__ import annotations

from enum import StrEnum
from math import inf

from pydantic import BaseModel, ConfigDict, model_validator


class Operator(StrEnum):
    """The standard's own names, for they are what contracts say."""

    MUST_BE = "mustBe"
    MUST_NOT_BE = "mustNotBe"
    MORE = "mustBeGreaterThan"
    AT_LEAST = "mustBeGreaterOrEqualTo"
    LESS = "mustBeLessThan"
    AT_MOST = "mustBeLessOrEqualTo"
    BETWEEN = "mustBeBetween"
    NOT_BETWEEN = "mustNotBeBetween"


_Span = tuple[float, bool, float, bool]
_RANGES = frozenset({Operator.BETWEEN, Operator.NOT_BETWEEN})


class Unit(StrEnum):
    ROWS = "rows"
    PERCENT = "percent"


class Threshold(BaseModel):
    """`values` are one number, or the two ends of a range, both within it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    operator: Operator
    values: tuple[float, ...]
    unit: Unit = Unit.ROWS

    @model_validator(mode="after")
    def _complete(self) -> Threshold:
        wanted = 2 if self.operator in _RANGES else 1
        if len(self.values) != wanted:
            raise ValueError(f"{self.operator.value} needs {wanted} number{'s' * (wanted > 1)}")
        if wanted == 2 and self.values[0] > self.values[1]:
            raise ValueError(f"{self.operator.value} has its lower end above its upper one")
        if any(value < 0 for value in self.values):
            raise ValueError(f"{self.operator.value} is below zero, which no count of rows is")
        if self.unit is Unit.PERCENT and any(value > 100 for value in self.values):
            raise ValueError(f"{self.operator.value} is above 100 percent")
        return self

    def holds(self, count: int, of: int) -> bool:
        """Whether `count` of so many records is allowed; of none, no share can be wrong."""
        if self.unit is Unit.PERCENT and not of:
            return True
        measured = 100 * count / of if self.unit is Unit.PERCENT else float(count)
        first, last = self.values[0], self.values[-1]
        match self.operator:
            case Operator.MUST_BE:
                return measured == first
            case Operator.MUST_NOT_BE:
                return measured != first
            case Operator.MORE:
                return measured > first
            case Operator.AT_LEAST:
                return measured >= first
            case Operator.LESS:
                return measured < first
            case Operator.AT_MOST:
                return measured <= first
            case Operator.BETWEEN:
                return first <= measured <= last
            case Operator.NOT_BETWEEN:
                return not first <= measured <= last

    def within(self, other: Threshold) -> bool:
        """Whether all that it allows, the other allows too."""
        if self.unit is not other.unit:
            return False
        ours, theirs = self._spans(), other._spans()
        return all(any(_covers(wide, span) for wide in theirs) for span in ours)

    def _spans(self) -> tuple[_Span, ...]:
        """What it allows, as stretches with whether each end is within."""
        first, last = self.values[0], self.values[-1]
        below, above = (0.0, True, first, False), (last, False, inf, False)
        return {
            Operator.MUST_BE: ((first, True, first, True),),
            Operator.MUST_NOT_BE: (below, above),
            Operator.MORE: (above,),
            Operator.AT_LEAST: ((first, True, inf, False),),
            Operator.LESS: (below,),
            Operator.AT_MOST: ((0.0, True, first, True),),
            Operator.BETWEEN: ((first, True, last, True),),
            Operator.NOT_BETWEEN: (below, above),
        }[self.operator]

    def said(self) -> str:
        """In words: `at most 2 percent`."""
        ends = " and ".join(f"{value:g}" for value in self.values)
        return f"{_WORDS[self.operator]} {ends} {self.unit.value}"


def _covers(wide: _Span, span: _Span) -> bool:
    return (wide[0], not wide[1]) <= (span[0], not span[1]) and (span[2], span[3]) <= (
        wide[2],
        wide[3],
    )


NONE = (
    Threshold(operator=Operator.MUST_BE, values=(0,)),
    Threshold(operator=Operator.MUST_BE, values=(0,), unit=Unit.PERCENT),
)
"""That no record may break a rule, which is what a rule without a threshold says."""

_WORDS = {
    Operator.MUST_BE: "exactly",
    Operator.MUST_NOT_BE: "not",
    Operator.MORE: "more than",
    Operator.AT_LEAST: "at least",
    Operator.LESS: "less than",
    Operator.AT_MOST: "at most",
    Operator.BETWEEN: "between",
    Operator.NOT_BETWEEN: "not between",
}
