"""The few shapes that texts of a field have: letters, digits and what stands between them.

A run of letters counts as one letter, a run of digits as one digit: `9:9 a.a.` is the shape of
`6:55 a.m.`. Where a unit or another word is nearly always the same it is part of the shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, Self

import numpy as np
import polars as pl

from core.arrays import Mask, Numbers
from core.quality.learning.check import Check, TextCheck
from core.quality.learning.column import Column
from core.quality.learning.evidence import Evidence
from core.quality.learning.question import SHAPE_LENGTH, Answers, Question, ShapeOf, shapes_of
from core.quality.rule import Metric, QualityRule

MAX_SHAPES = 12
_ENOUGH = 20
_USUAL = 0.01
"""A shape that so many values have belongs to the field."""
_AGAIN = 3
_LEADING = 0.85
"""One shape that so many values have makes all others suspect."""
_LITERAL = 0.8
_NATURAL = r"^[\pL\pM\s.,'’&()/-]*$"


class Shaped(TextCheck):
    """A text has one of the field's shapes.

    `shares` are those of the shapes that the sample had: one that was never seen is the most
    suspect.
    """

    tolerated: ClassVar[float] = 0.12
    weight: ClassVar[float] = 0.8
    check: Literal["shape"] = "shape"
    literal: bool
    accepted: frozenset[str]
    shares: Mapping[str, float]

    def question(self) -> Question:
        return ShapeOf(self.literal)

    def strange(self, answers: Answers) -> Mask:
        accepted = self.accepted
        return np.array(
            [shape is not None and shape not in accepted for shape in answers], np.bool_
        )

    def worth(self, texts: Sequence[str]) -> Numbers:
        shapes = self.question().answers(pl.Series(texts, dtype=pl.String))
        shares = [self.shares.get(shape, 0.0) for shape in shapes]
        return np.clip(1 - np.array(shares, np.float64) / (2 * self.tolerated), 0, 1)

    def merged(self, other: Check) -> Self | None:
        """The shapes of both, where both have units or neither does."""
        if not isinstance(other, Shaped) or other.literal is not self.literal:
            return None
        accepted = self.accepted | other.accepted
        if len(accepted) > MAX_SHAPES:
            return None
        shares = {shape: share for shape, share in self.shares.items() if shape not in accepted}
        more = {"accepted": accepted, "shares": {**other.shares, **shares}}
        return self.joined(other, more, pattern=pattern_of(accepted, self.literal))


def learn_shape(column: Column) -> list[Check]:
    texts = column.texts.filter(pl.Series(~column.worded)).drop_nulls()
    seen = len(texts)
    if seen < _ENOUGH or _free(texts):
        return []
    for literal in (True, False):
        shapes = shapes_of(texts, literal)
        counts = _counts(shapes)
        accepted = _accepted(counts, seen, _LITERAL if literal else _LEADING)
        if len(accepted) > 1:
            accepted |= _repeated(column, literal)
        if literal and (len(accepted) != 1 or not _measured(accepted)):
            continue
        if accepted and len(accepted) <= MAX_SHAPES:
            kept = shapes.is_in(accepted)
            evidence = Evidence(broken=int((~kept).sum()), seen=seen)
            return [_check(column, literal, accepted, counts, evidence)]
    return []


def _accepted(counts: Mapping[str, int], seen: int, leading: float) -> frozenset[str]:
    first = next(iter(counts), None)
    if first is not None and counts[first] >= leading * seen:
        return frozenset({first})
    usual = max(3.0, _USUAL * seen)
    return frozenset(shape for shape, count in counts.items() if count >= usual)


def _repeated(column: Column, literal: bool) -> frozenset[str]:
    """The shapes of values that come again and again: those are no accidents."""
    again = [value for value, count in column.counts.items() if count >= _AGAIN]
    return frozenset(shapes_of(pl.Series(again, dtype=pl.String), literal).to_list())


def _measured(accepted: frozenset[str]) -> bool:
    """A number with a unit: what else would be the same in nearly all texts is a mere constant."""
    return any("9" in shape and any(c.isalpha() for c in shape) for shape in accepted)


def _free(texts: pl.Series) -> bool:
    """Names and prose: their shapes are many and prove nothing."""
    natural = texts.str.contains(_NATURAL).mean() or 0.0
    long = texts.str.len_chars().mean() or 0.0
    return float(natural) > 0.9 or float(long) > SHAPE_LENGTH / 2  # type: ignore[arg-type]


def _counts(shapes: pl.Series) -> dict[str, int]:
    tally = shapes.value_counts(sort=True)
    return dict(zip(tally.to_series(0).to_list(), tally.to_series(1).to_list(), strict=True))


def _check(
    column: Column,
    literal: bool,
    accepted: frozenset[str],
    counts: Mapping[str, int],
    evidence: Evidence,
) -> Check:
    rule = QualityRule(
        id="shape",
        metric=Metric.PATTERN,
        field=column.path,
        pattern=pattern_of(accepted, literal),
        inferred=True,
        reason=f"{evidence.said()} have one of {len(accepted)} shapes",
    )
    top = list(counts.items())[: 4 * MAX_SHAPES]
    seen = sum(counts.values())
    shares = {shape: count / seen for shape, count in top}
    return Shaped(rule=rule, evidence=evidence, literal=literal, accepted=accepted, shares=shares)


def pattern_of(shapes: frozenset[str], literal: bool) -> str:
    """A regular expression for shapes; that of a cut text leaves its end open."""
    return "|".join(_expression(shape, literal) for shape in sorted(shapes))


_WORDS = r"[^\W\d_]+(?:[ _-][^\W\d_]+)*"


def _expression(shape: str, literal: bool) -> str:
    parts = []
    for sign in shape:
        if sign == "9":
            parts.append(r"\d+")
        elif sign == " ":
            parts.append(r"\s+")
        elif sign == "a" and not literal:
            parts.append(_WORDS)
        else:
            parts.append(sign if sign.isalpha() else "\\" + sign)
    return "".join(parts) + (".*" if len(shape) >= SHAPE_LENGTH else "")
