"""Rules and service levels of two contracts compared: a promise kept, tightened or loosened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.contract.document import OdcsDocument
from core.contract.entries import rules_of
from core.quality.rule import Metric, QualityRule, Severity
from core.quality.wording import rule_told
from core.versioning import Bump, Difference, difference

_MORE_IS_BETTER = frozenset({"retention", "availability", "frequency"})
_MILLISECONDS = {
    "ms": 1,
    "s": 1_000,
    "m": 60_000,
    "h": 3_600_000,
    "d": 86_400_000,
    "day": 86_400_000,
    "days": 86_400_000,
    "y": 31_536_000_000,
    "yr": 31_536_000_000,
    "years": 31_536_000_000,
}


def rule_diff(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    """A rule that goes or loosens breaks what consumers rely on."""
    before, after = ({rule.id: rule for rule in rules_of(each)} for each in (was, now))
    for name in before.keys() - after.keys():
        yield difference(f"rule {name}: removed", Bump.MAJOR)
    for name in after.keys() - before.keys():
        yield difference(f"rule {name}: added", Bump.MINOR)
    for name in sorted(before.keys() & after.keys()):
        if before[name] != after[name]:
            yield _changed(before[name], after[name])


def _changed(was: QualityRule, now: QualityRule) -> Difference:
    if was.model_copy(update={"reason": now.reason}) == now:
        return difference(f"rule {was.id}: its reason changed", Bump.PATCH)
    bump = Bump.MINOR if _tighter(was, now) else Bump.MAJOR
    return difference(f"rule {was.id}: {rule_told(was)} became {rule_told(now)}", bump)


def _tighter(was: QualityRule, now: QualityRule) -> bool:
    """Whether everything that the new rule lets pass, the old one did."""
    if _about(was) != _about(now) or _weaker(was, now) or _wider(was, now):
        return False
    match was.metric:
        case Metric.RANGE:
            return _inside(was, now)
        case Metric.ENUM:
            return set(now.values) <= set(was.values)
        case Metric.MISSING:
            return set(now.values) >= set(was.values) and now.or_null >= was.or_null
        case Metric.TYPE:
            return set(now.kinds) <= set(was.kinds)
        case Metric.TIMELINESS | Metric.FRESHNESS:
            return _sooner(was, now)
        case Metric.LAG:
            return (now.max_lag or 0) <= (was.max_lag or 0)
        case Metric.UNIQUE:
            return now.window_ms >= was.window_ms
    same = ("pattern", "format", "expression", "window_ms")
    return all(getattr(was, name) == getattr(now, name) for name in same)


def _about(rule: QualityRule) -> tuple[object, ...]:
    return (rule.metric, rule.field, frozenset(rule.fields))


def _weaker(was: QualityRule, now: QualityRule) -> bool:
    return was.severity is Severity.ERROR and now.severity is Severity.WARNING


def _wider(was: QualityRule, now: QualityRule) -> bool:
    """Whether more records may break it than before, or others."""
    if was.threshold == now.threshold:
        return now.threshold is not None and now.window_ms != was.window_ms
    if was.threshold is None or now.threshold is None:
        return now.threshold is not None
    return now.window_ms != was.window_ms or not now.threshold.within(was.threshold)


def _sooner(was: QualityRule, now: QualityRule) -> bool:
    ahead = was.max_ahead_ms is None or (
        now.max_ahead_ms is not None and now.max_ahead_ms <= was.max_ahead_ms
    )
    return ahead and (now.max_delay_ms or 0) <= (was.max_delay_ms or 0)


def _inside(was: QualityRule, now: QualityRule) -> bool:
    low = was.minimum is None or (
        now.minimum is not None
        and (now.minimum, now.exclusive_minimum) >= (was.minimum, was.exclusive_minimum)
    )
    high = was.maximum is None or (
        now.maximum is not None
        and (now.maximum, not now.exclusive_maximum) <= (was.maximum, not was.exclusive_maximum)
    )
    return low and high


def sla_diff(before: OdcsDocument, after: OdcsDocument) -> Iterator[Difference]:
    was, now = (_levels(each) for each in (before, after))
    for name in was.keys() - now.keys():
        yield difference(f"service level {name}: removed", Bump.MAJOR)
    for name in now.keys() - was.keys():
        yield difference(f"service level {name}: added, {_level(now[name])}", Bump.MINOR)
    for name in sorted(was.keys() & now.keys()):
        if was[name] != now[name]:
            line = f"service level {name}: {_level(was[name])} became {_level(now[name])}"
            yield difference(line, _level_bump(name, was[name], now[name]))


def _levels(contract: OdcsDocument) -> dict[str, Mapping[str, Any]]:
    levels: dict[str, Mapping[str, Any]] = {}
    for each in contract.document.get("slaProperties", ()):
        element = f" of {each['element']}" if each.get("element") else ""
        levels.setdefault(f"{each['property']}{element}", each)
    return levels


def _level(level: Mapping[str, Any]) -> str:
    unit = level.get("unit")
    return f"{level['value']} {unit}" if unit else str(level["value"])


def _level_bump(name: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Bump:
    """Better or worse where both can be compared; a change that cannot be judged may break."""
    if _level(was) == _level(now):
        return Bump.PATCH
    old, new = _amount(was), _amount(now)
    if old is None or new is None:
        return Bump.MAJOR
    better = new >= old if name.split(" ")[0] in _MORE_IS_BETTER else new <= old
    return Bump.MINOR if better else Bump.MAJOR


def _amount(level: Mapping[str, Any]) -> float | None:
    value, unit = level["value"], str(level.get("unit") or "")
    if value == "unlimited":
        return float("inf")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) * _MILLISECONDS.get(unit, 1)
