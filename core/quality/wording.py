"""Rules, scores and what they rest on, in words."""

from __future__ import annotations

import math

from core.listing import joined
from core.quality.rule import Listed, Metric, QualityRule, Severity
from core.quality.summary import Basis
from core.spans import span_of

_AGAINST = {
    Basis.CONTRACT: "against the rules of its contract",
    Basis.STATED: "against stated rules",
    Basis.INFERRED: "against inferred rules",
    Basis.NONE: "by whether it can be read alone, since it has no rules",
}


def against(basis: Basis) -> str:
    return _AGAINST[basis]


def percent(share: float) -> str:
    """0.985 as "98.5%"; rounded down, so that 100% is all of them."""
    return f"{math.floor(round(share * 1_000, 6)) / 10:.1f}%"


def moved_points(score: float, previous: float) -> float:
    """Of a hundred, to a tenth."""
    return round(100 * (score - previous), 1)


def points(score: float, previous: float) -> str:
    """A score beside the one before: "1.4 points lower"."""
    moved = moved_points(score, previous)
    if not moved:
        return "the same"
    return f"{abs(moved):.1f} points {'higher' if moved > 0 else 'lower'}"


def subject(rule: QualityRule) -> str:
    """What a rule is about: its field, its fields, or nothing."""
    return rule.field or joined(list(rule.fields))


def rule_told(rule: QualityRule) -> str:
    """A rule with what it is about and what it allows: `score is at least 0 and at most 1`."""
    said = asserts(rule)
    if about := subject(rule):
        said = f"{about} {said}"
    if rule.threshold is not None and rule.metric is not Metric.ROWS:
        said += f", but for {rule.threshold.said()} in {span_of(rule.window_ms)}"
    return said if rule.severity is Severity.ERROR else f"{said} (warning)"


def asserts(rule: QualityRule, most: int = 8) -> str:
    """What a rule says of its field or its stream: "is at least 0"; of values the first `most`."""
    if rule.hidden:
        return f"keeps its {rule.metric.value} rule, which is not shown: the field is sensitive"
    match rule.metric:
        case Metric.REQUIRED:
            return "is always there"
        case Metric.MISSING:
            return f"is none of {_missing(rule, most)}, which stand for no value"
        case Metric.TYPE:
            return f"is of type {joined([kind.value for kind in rule.kinds], last='or')}"
        case Metric.RANGE:
            return _range(rule)
        case Metric.ENUM:
            return f"is one of {_listed(rule.values, most)}"
        case Metric.PATTERN:
            return f"looks like {rule.pattern}"
        case Metric.FORMAT:
            return f"has the format {rule.format.value if rule.format else ''}".rstrip()
        case Metric.SPELLING:
            return "is no near miss of a usual value"
        case Metric.DEPENDENCY:
            return "is what another field of its record says that it is"
        case Metric.COMPARE:
            return f"keeps {rule.expression}"
        case Metric.CONFORMITY:
            return "can be read, and has the shape of its schema"
        case Metric.UNIQUE:
            return "are unique together" if rule.fields else "is unique"
        case Metric.TIMELINESS:
            ahead = f", at most {span_of(rule.max_ahead_ms)} ahead" if rule.max_ahead_ms else ""
            return f"arrives within {span_of(rule.max_delay_ms or 0)}{ahead}"
        case _:
            return _of_the_stream(rule)


def _of_the_stream(rule: QualityRule) -> str:
    match rule.metric:
        case Metric.ORDER:
            return "never goes back within a key"
        case Metric.FRESHNESS:
            return f"has a record every {span_of(rule.max_delay_ms or 0)}"
        case Metric.ROWS:
            told = rule.threshold.said() if rule.threshold else "enough rows"
            return f"has {told} in {span_of(rule.window_ms)}"
        case Metric.VOLUME:
            return "has the volume that is usual at its time"
        case Metric.SCHEMA_DRIFT:
            return "keeps its schema"
        case Metric.DISTRIBUTION:
            return "keeps the distribution of its values"
        case Metric.NULL_RATE:
            return "keeps its share of nulls"
        case Metric.DEAD_LETTERS:
            return "has no dead letters"
        case Metric.LAG:
            return f"is read with a lag of at most {rule.max_lag or 0:,} records"
        case _:
            return f"keeps the rule {rule.id}"


def _range(rule: QualityRule) -> str:
    low = f"{'above' if rule.exclusive_minimum else 'at least'} {rule.minimum}"
    high = f"{'below' if rule.exclusive_maximum else 'at most'} {rule.maximum}"
    bounds = [low] * (rule.minimum is not None) + [high] * (rule.maximum is not None)
    return f"is {joined(bounds)}"


def _missing(rule: QualityRule, most: int) -> str:
    """An empty text would not be seen without its quotes."""
    values = [repr(value) if isinstance(value, str) else value for value in rule.values]
    return _listed((*["null"] * rule.or_null, *values), most)


def _listed(values: tuple[Listed, ...], most: int) -> str:
    named = [str(value) for value in values[:most]]
    more = len(values) - most
    return joined([*named, f"{more} more"] if more > 0 else named, last="or")
