"""What kind of value a field has: a text among numbers, a fraction among whole numbers."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from core.arrays import Mask
from core.quality.learning.check import Check
from core.quality.learning.column import Cell, Column
from core.quality.learning.evidence import Evidence
from core.quality.rule import Metric, QualityRule
from core.schema.model import Kind


def _others(*cells: Cell) -> Mask:
    """By the number of a cell, whether it is a value of another kind."""
    return np.array([cell > Cell.NULL and cell not in cells for cell in Cell], np.bool_)


_STRANGE = {
    Kind.NUMBER: _others(Cell.INTEGER, Cell.NUMBER),
    Kind.STRING: _others(Cell.STRING),
    Kind.BOOLEAN: _others(Cell.BOOLEAN),
}


class OfKind(Check):
    """A value is of the kind that nearly all are."""

    tolerated: ClassVar[float] = 0.25
    weight: ClassVar[float] = 0.95
    check: Literal["kind"] = "kind"

    def broken(self, column: Column) -> Mask:
        found: Mask = _STRANGE[self.rule.kinds[0]][column.kinds]
        return found


class WholeNumber(Check):
    """A number is written without a fraction, as nearly all are.

    Less is tolerated: programs that write 7 for 7.0 are many.
    """

    tolerated: ClassVar[float] = 0.06
    weight: ClassVar[float] = 0.8
    check: Literal["whole"] = "whole"

    def broken(self, column: Column) -> Mask:
        found: Mask = column.kinds == Cell.NUMBER
        return found


def learn_kind(column: Column) -> list[Check]:
    seen = int(column.present.sum())
    checks: list[Check] = []
    for kind, is_strange in _STRANGE.items():
        strange = int(is_strange[column.kinds].sum())
        if 2 * strange < seen:
            evidence = Evidence(broken=strange, seen=seen)
            checks.append(OfKind(rule=_rule("kind", column, kind, evidence), evidence=evidence))
    numbers = column.count(Cell.INTEGER) + column.count(Cell.NUMBER)
    if 2 * column.count(Cell.INTEGER) > numbers:
        evidence = Evidence(broken=column.count(Cell.NUMBER), seen=numbers)
        rule = _rule("whole", column, Kind.INTEGER, evidence)
        checks.append(WholeNumber(rule=rule, evidence=evidence))
    return checks


def _rule(name: str, column: Column, kind: Kind, evidence: Evidence) -> QualityRule:
    return QualityRule(
        id=name,
        metric=Metric.TYPE,
        field=column.path,
        kinds=(kind,),
        inferred=True,
        reason=f"{evidence.said()} are {kind.value}",
    )
