"""Quality rules as a contract's quality entries and back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from core.quality.rule import Dimension, Metric, QualityRule, Severity
from core.schema.model import ITEMS, child_path

ENGINE = "headwater"

_DIMENSIONS: Mapping[Dimension, str] = {
    Dimension.COMPLETENESS: "completeness",
    Dimension.VALIDITY: "conformity",
    Dimension.UNIQUENESS: "uniqueness",
    Dimension.TIMELINESS: "timeliness",
    Dimension.CONSISTENCY: "consistency",
}
_METRICS = {"nullValues": Metric.REQUIRED, "duplicateValues": Metric.UNIQUE}


def quality_of(rule: QualityRule) -> dict[str, Any]:
    """By a metric of the standard where it has one that says the same, else for our own engine."""
    head = {
        "name": rule.id,
        "description": rule.reason,
        "dimension": _DIMENSIONS[rule.dimension],
        "severity": rule.severity.value,
    }
    return head | _check(rule)


def _check(rule: QualityRule) -> dict[str, Any]:
    match rule.metric:
        case Metric.REQUIRED:
            return _library("nullValues")
        case Metric.UNIQUE:
            return _library("duplicateValues")
        case Metric.ENUM:
            return _library("invalidValues", validValues=list(rule.values))
        case Metric.PATTERN:
            return _library("invalidValues", pattern=rule.pattern)
    told = rule.model_dump(mode="json", exclude_defaults=True, exclude={"id", "reason", "field"})
    return {"type": "custom", "engine": ENGINE, "implementation": told}


def _library(metric: str, **arguments: Any) -> dict[str, Any]:
    more = {"arguments": arguments} if arguments else {}
    return {"type": "library", "metric": metric, **more, "mustBe": 0}


def rules_of(topic_object: Mapping[str, Any]) -> tuple[QualityRule, ...]:
    """The entries that can be kept watch over, as rules; the others stay in the document alone.

    An entry that allows some failures, or is text, SQL or for a foreign engine, is no rule.
    """
    found: dict[str, QualityRule] = {}
    for field, entry in _entries(topic_object, ""):
        rule = _rule(field or None, entry)
        if rule is not None:
            found.setdefault(rule.id, rule)
    return tuple(found.values())


def _entries(holder: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from ((path, entry) for entry in holder.get("quality", ()))
    for each in holder.get("properties", ()):
        yield from _entries(each, child_path(path, str(each["name"])))
    if "items" in holder:
        yield from _entries(holder["items"], child_path(path, ITEMS))


def _rule(field: str | None, entry: Mapping[str, Any]) -> QualityRule | None:
    told = _told(entry)
    if told is None:
        return None
    severity = str(entry.get("severity", Severity.ERROR)).lower()
    given = {
        "id": _slug(str(entry.get("name", "")) or f"{field or 'topic'}-{told['metric']}"),
        "field": field,
        "severity": severity if severity in list(Severity) else Severity.ERROR,
        "reason": (str(entry.get("description", "")) or "stated by the contract")[:300],
    }
    try:
        return QualityRule.model_validate({**given, **told})
    except ValidationError:
        return None


def _told(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """What an entry asserts in a rule's words, None where no rule says the same."""
    if entry.get("type") == "custom":
        implementation = entry.get("implementation")
        ours = entry.get("engine") == ENGINE and isinstance(implementation, Mapping)
        return dict(implementation) if ours and isinstance(implementation, Mapping) else None
    if entry.get("type", "library") != "library" or entry.get("mustBe") != 0:
        return None
    metric = entry.get("metric")
    if metric in _METRICS:
        return {"metric": _METRICS[metric]}
    return _invalid_values(entry.get("arguments", {})) if metric == "invalidValues" else None


def _invalid_values(arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """Values or a pattern; both at once would be two rules."""
    values, pattern = arguments.get("validValues"), arguments.get("pattern")
    if isinstance(values, list) and pattern is None:
        return {"metric": Metric.ENUM, "values": values}
    if isinstance(pattern, str) and values is None:
        return {"metric": Metric.PATTERN, "pattern": pattern}
    return None


def _slug(text: str) -> str:
    plain = re.sub(r"[^a-z0-9_.-]+", "-", text.lower()).strip("-_.")
    return plain[:100] or "rule"
