"""Which rules a single record breaks: what rules on columns must say alike, record by record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.quality.expression import holds, moment, parsed
from core.quality.formats import NUMBER, has_format
from core.quality.pattern import unlike
from core.quality.rule import Listed, Metric, QualityRule
from core.schema.model import Kind

_MISSING = object()
_NUMBER = re.compile(NUMBER)
_KINDS: Mapping[type, frozenset[Kind]] = {
    type(None): frozenset({Kind.NULL}),
    bool: frozenset({Kind.BOOLEAN}),
    int: frozenset({Kind.INTEGER, Kind.NUMBER}),
    float: frozenset({Kind.NUMBER}),
    str: frozenset({Kind.STRING}),
    bytes: frozenset({Kind.BYTES}),
    dict: frozenset({Kind.OBJECT, Kind.MAP}),
    list: frozenset({Kind.ARRAY}),
}


def broken(
    message: Mapping[str, Any], rules: Sequence[QualityRule], arrived_ms: int | None = None
) -> tuple[QualityRule, ...]:
    """The rules that this message breaks by itself; rules on many messages hold, and those on time
    where it is not told when the broker got it (epoch in milliseconds)."""
    return tuple(rule for rule in rules if not record_holds(message, rule, arrived_ms))


def record_holds(message: Mapping[str, Any], rule: QualityRule, arrived_ms: int | None) -> bool:
    """Whether a message keeps one rule."""
    if rule.metric is Metric.COMPARE:
        return holds(parsed(rule.expression or ""), lambda path: single_value(message, path))
    if rule.field is None or not rule.per_record:
        return True
    values = list(values_at(message, rule.field))
    present = [value for value in values if value is not _MISSING and value is not None]
    if (rule.metric is Metric.REQUIRED or rule.or_null) and len(present) < len(values):
        return False
    return all(value_holds(value, rule, arrived_ms) for value in present)


def value_holds(value: Any, rule: QualityRule, arrived_ms: int | None = None) -> bool:
    """Whether a value that is there keeps a rule on values."""
    match rule.metric:
        case Metric.MISSING:
            return not any(same(value, one) for one in rule.values)
        case Metric.TYPE:
            return bool(kinds_of(value) & set(rule.kinds))
        case Metric.RANGE:
            return _in_range(value, rule)
        case Metric.ENUM:
            return any(same(value, one) for one in rule.values)
        case Metric.PATTERN:
            return isinstance(value, str) and not unlike([value], rule.pattern or "")[0]
        case Metric.FORMAT if rule.format is not None:
            return has_format(value, rule.format)
        case Metric.TIMELINESS if arrived_ms is not None:
            return _in_time(value, rule, arrived_ms)
        case _:
            return True


def kinds_of(value: Any) -> frozenset[Kind]:
    """What a decoded value may count as."""
    return _KINDS.get(type(value), frozenset())


def same(value: Any, listed: Listed) -> bool:
    """True is no 1, and 1.0 is: JSON tells the first two apart."""
    alike = type(value) is type(listed) or {type(value), type(listed)} == {int, float}
    return alike and bool(value == listed)


def number_of(value: Any) -> float | None:
    """A number, or a text that is one, as decimals are written."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value)
    return None


def _in_range(value: Any, rule: QualityRule) -> bool:
    number = number_of(value)
    if number is None:
        return False
    if rule.minimum is not None and number <= rule.minimum:
        return number == rule.minimum and not rule.exclusive_minimum
    if rule.maximum is not None and number >= rule.maximum:
        return number == rule.maximum and not rule.exclusive_maximum
    return True


def _in_time(value: Any, rule: QualityRule, arrived_ms: int) -> bool:
    """A time that cannot be read keeps no time."""
    happened = moment(value)
    if happened is None:
        return False
    delay_ms = arrived_ms - happened * 1_000
    if rule.max_ahead_ms is not None and delay_ms < -rule.max_ahead_ms:
        return False
    return rule.max_delay_ms is None or delay_ms <= rule.max_delay_ms


def texts_at(message: Any, rule: QualityRule) -> tuple[list[str], bool]:
    """The texts that a rule on texts looks at, and whether any value is there that is none."""
    found = [value for value in values_at(message, rule.field or "") if value is not _MISSING]
    texts = [value for value in found if isinstance(value, str)]
    return texts, any(not isinstance(value, str) and value is not None for value in found)


def single_value(message: Any, path: str) -> Any:
    """The one value at a path; None where there is none, or many."""
    found = list(values_at(message, path))
    return found[0] if len(found) == 1 and found[0] is not _MISSING else None


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
