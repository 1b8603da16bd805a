"""Rules and service levels of two contracts compared: a promise kept, tightened or loosened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.contract.document import OdcsDocument
from core.contract.quality import rules_of
from core.quality.rule import Metric, QualityRule, Severity
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


def rule_told(rule: QualityRule) -> str:
    """A rule in a few words: `score at least 0 and at most 1`."""
    said = {
        Metric.REQUIRED: "required",
        Metric.UNIQUE: "unique",
        Metric.ENUM: f"one of {', '.join(map(str, rule.values))}",
        Metric.PATTERN: f"like {rule.pattern}",
        Metric.RANGE: _range(rule),
        Metric.TIMELINESS: f"within {rule.max_delay_ms} ms of its event",
        Metric.FRESHNESS: f"a message at least every {rule.max_delay_ms} ms",
    }[rule.metric]
    what = f"{rule.field} {said}" if rule.field else said
    return what if rule.severity is Severity.ERROR else f"{what} (warning)"


def _range(rule: QualityRule) -> str:
    low = "above" if rule.exclusive_minimum else "at least"
    high = "below" if rule.exclusive_maximum else "at most"
    said = [f"{low} {rule.minimum}"] if rule.minimum is not None else []
    said += [f"{high} {rule.maximum}"] if rule.maximum is not None else []
    return " and ".join(said)


def _tighter(was: QualityRule, now: QualityRule) -> bool:
    """Whether everything that the new rule lets pass, the old one did."""
    if (was.metric, was.field) != (now.metric, now.field) or _weaker(was, now):
        return False
    match was.metric:
        case Metric.RANGE:
            return _inside(was, now)
        case Metric.ENUM:
            return set(now.values) <= set(was.values)
        case Metric.TIMELINESS | Metric.FRESHNESS:
            return (now.max_delay_ms or 0) <= (was.max_delay_ms or 0)
    return was.pattern == now.pattern


def _weaker(was: QualityRule, now: QualityRule) -> bool:
    return was.severity is Severity.ERROR and now.severity is Severity.WARNING


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
