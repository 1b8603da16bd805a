"""A rule on a column as an expression that is true where the rule is broken."""

from __future__ import annotations

from typing import Any

import polars as pl

from core.quality.formats import CODES, EPOCHS, NUMBER, PATTERNS
from core.quality.pattern import refusal, whole
from core.quality.rule import Metric, QualityRule
from core.schema.model import Kind

_KINDS: dict[type[pl.DataType], frozenset[Kind]] = {
    pl.String: frozenset({Kind.STRING}),
    pl.Int64: frozenset({Kind.INTEGER, Kind.NUMBER}),
    pl.Float64: frozenset({Kind.NUMBER, Kind.INTEGER}),
    pl.Boolean: frozenset({Kind.BOOLEAN}),
}
"""A column of numbers is one where whole and broken numbers are alike allowed."""
_PYTHON: dict[type[pl.DataType], tuple[type, ...]] = {
    pl.String: (str,),
    pl.Int64: (int, float),
    pl.Float64: (int, float),
    pl.Boolean: (bool,),
}

_WIDEST = 2**63


def clause(rule: QualityRule, dtype: pl.DataType) -> pl.Expr | None:
    """None for a rule that is on no values of a column. Null is broken for what is required."""
    value = pl.col(rule.field or "")
    if rule.metric is Metric.REQUIRED:
        return value.is_null()
    made = _on_values(rule, value, dtype)
    return None if made is None else made.fill_null(value=False)


def _on_values(rule: QualityRule, value: pl.Expr, dtype: pl.DataType) -> pl.Expr | None:
    match rule.metric:
        case Metric.MISSING:
            found = _listed(rule, value, dtype)
            return found | value.is_null() if rule.or_null else found
        case Metric.ENUM:
            return value.is_not_null() & ~_listed(rule, value, dtype)
        case Metric.TYPE:
            fits = bool(_KINDS[type(dtype)] & set(rule.kinds))
            return pl.lit(value=False) if fits else value.is_not_null()
        case Metric.RANGE:
            return _outside(rule, value, dtype)
        case Metric.PATTERN:
            return _unlike(rule.pattern or "", value, dtype)
        case Metric.FORMAT:
            return _without_format(rule, value, dtype)
    return None


def _listed(rule: QualityRule, value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    wanted = _PYTHON[type(dtype)]
    values: list[Any] = [one for one in rule.values if type(one) in wanted]
    if isinstance(dtype, pl.Int64):
        # 1.0 is 1; a number that no value of the column can be is left out.
        values = [int(one) for one in values if abs(one) < _WIDEST and one == int(one)]
    return value.is_in(pl.Series(values, dtype=dtype, strict=False).implode())


def _outside(rule: QualityRule, value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.Boolean):
        return value.is_not_null()
    if isinstance(dtype, pl.String):
        number = value.cast(pl.Float64, strict=False)
        return ~value.str.contains(whole(NUMBER)) | _beyond(rule, number).fill_null(value=False)
    return _beyond(rule, value)


def _beyond(rule: QualityRule, value: pl.Expr) -> pl.Expr:
    found = pl.lit(value=False)
    if rule.minimum is not None:
        low = pl.lit(rule.minimum)
        found = found | (value <= low if rule.exclusive_minimum else value < low)
    if rule.maximum is not None:
        high = pl.lit(rule.maximum)
        found = found | (value >= high if rule.exclusive_maximum else value > high)
    return found


def _unlike(pattern: str, value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if not isinstance(dtype, pl.String):
        return value.is_not_null()
    if refusal(pattern) is not None:
        return pl.lit(value=False)
    return ~value.str.contains(whole(pattern))


def _without_format(rule: QualityRule, value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    wanted = rule.format
    if wanted is None:
        return pl.lit(value=False)
    if wanted in EPOCHS:
        low, high = EPOCHS[wanted]
        numbers = isinstance(dtype, pl.Int64)
        return ~value.is_between(low, high) if numbers else value.is_not_null()
    if not isinstance(dtype, pl.String):
        return value.is_not_null()
    if wanted in CODES:
        return ~value.is_in(pl.Series(sorted(CODES[wanted])).implode())
    return ~value.str.contains(whole(PATTERNS[wanted]))
