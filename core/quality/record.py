"""Which rules a single message breaks: what an example is held against before a plan is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.quality.rule import Metric, QualityRule

_MISSING = object()


def broken(message: Mapping[str, Any], rules: Sequence[QualityRule]) -> tuple[QualityRule, ...]:
    """The rules on values that this message breaks; rules on time and on many messages hold."""
    return tuple(rule for rule in rules if not _holds(message, rule))


def _holds(message: Mapping[str, Any], rule: QualityRule) -> bool:
    if rule.field is None:
        return True
    values = list(values_at(message, rule.field))
    if rule.metric is Metric.REQUIRED:
        return all(value is not _MISSING and value is not None for value in values)
    present = [value for value in values if value is not _MISSING and value is not None]
    return all(_value_holds(value, rule) for value in present)


def _value_holds(value: Any, rule: QualityRule) -> bool:
    match rule.metric:
        case Metric.RANGE:
            return _in_range(value, rule)
        case Metric.ENUM:
            return value in rule.values
        case Metric.PATTERN:
            return isinstance(value, str) and bool(re.fullmatch(rule.pattern or "", value))
        case _:
            return True


def _in_range(value: Any, rule: QualityRule) -> bool:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return False
    if rule.minimum is not None and number <= rule.minimum:
        return number == rule.minimum and not rule.exclusive_minimum
    if rule.maximum is not None and number >= rule.maximum:
        return number == rule.maximum and not rule.exclusive_maximum
    return True


def values_at(message: Any, path: str) -> Iterator[Any]:
    """Every value at a path (`a.b`, `a[].b`, `m.*`); a sentinel where a parent lacks it."""
    yield from _values(message, path.replace("[]", ".[]").split("."))


def _values(value: Any, steps: list[str]) -> Iterator[Any]:
    if not steps:
        yield value
        return
    step, rest = steps[0], steps[1:]
    if step == "[]":
        for item in value if isinstance(value, list) else ():
            yield from _values(item, rest)
    elif step == "*":
        for item in value.values() if isinstance(value, Mapping) else ():
            yield from _values(item, rest)
    elif isinstance(value, Mapping) and step in value:
        yield from _values(value[step], rest)
    else:
        yield _MISSING
