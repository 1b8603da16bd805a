"""The metrics that the standard itself has: as rules, and rules as them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.contract.document import custom_of
from core.contract.measured import threshold_of, written_threshold
from core.quality.rule import Metric, QualityRule

_WINDOW, _INFERRED = "windowMs", "inferred"
"""Custom properties of an entry, for what the standard has no member for."""
_BESIDE = frozenset({"metric", "threshold", "window_ms", "inferred"})
_LIBRARY: Mapping[Metric, tuple[str, frozenset[str]]] = {
    Metric.REQUIRED: ("nullValues", frozenset()),
    Metric.MISSING: ("missingValues", frozenset({"values", "or_null"})),
    Metric.ENUM: ("invalidValues", frozenset({"values"})),
    Metric.PATTERN: ("invalidValues", frozenset({"pattern"})),
    Metric.UNIQUE: ("duplicateValues", frozenset({"fields"})),
    Metric.ROWS: ("rowCount", frozenset()),
}
"""Metrics of the standard, with the members of a rule that they can say."""


class BadEntryError(ValueError):
    """The entry says that it can be watched, and cannot; the text says what to mend."""


def written(rule: QualityRule, told: Mapping[str, Any]) -> dict[str, Any] | None:
    """The rule as a metric of the standard; None where none says all that is `told` of it."""
    metric, members = _LIBRARY.get(rule.metric, ("", frozenset()))
    if not metric or told.keys() - members - _BESIDE:
        return None
    custom = [
        {"property": name, "value": told[member]}
        for name, member in ((_WINDOW, "window_ms"), (_INFERRED, "inferred"))
        if member in told
    ]
    arguments = _arguments(rule)
    return (
        {"type": "library", "metric": metric}
        | ({"arguments": arguments} if arguments else {})
        | written_threshold(rule.threshold)
        | ({"customProperties": custom} if custom else {})
    )


def _arguments(rule: QualityRule) -> dict[str, Any]:
    match rule.metric:
        case Metric.MISSING:
            return {"missingValues": [*([None] if rule.or_null else ()), *rule.values]}
        case Metric.ENUM:
            return {"validValues": list(rule.values)}
        case Metric.PATTERN:
            return {"pattern": rule.pattern}
        case Metric.UNIQUE if rule.fields:
            return {"properties": list(rule.fields)}
    return {}


def library_rules(said: Mapping[str, Any], field: str | None) -> Iterator[dict[str, Any]]:
    """What an entry of a metric asserts, in the members of a rule. Raises BadEntryError."""
    metric = str(said["metric"])
    threshold = threshold_of(said)
    if isinstance(threshold, str):
        raise BadEntryError(threshold)
    beside = {
        member: value
        for member, name in (("window_ms", _WINDOW), ("inferred", _INFERRED))
        if (value := custom_of(said, name)) is not None
    }
    arguments = said.get("arguments") or {}
    _level(metric, field)
    for told in _READERS[metric](arguments, field):
        yield told | {"threshold": threshold} | beside


def _level(metric: str, field: str | None) -> None:
    if metric == "rowCount" and field is not None:
        raise BadEntryError("rowCount is of the whole topic: state it beside its properties")
    if metric not in ("rowCount", "duplicateValues") and field is None:
        raise BadEntryError(f"{metric} is of a property: state it in the property's own quality")


def _null(arguments: Mapping[str, Any], field: str | None) -> Iterator[dict[str, Any]]:
    _only("nullValues", arguments)
    yield {"metric": Metric.REQUIRED}


def _missing(arguments: Mapping[str, Any], field: str | None) -> Iterator[dict[str, Any]]:
    _only("missingValues", arguments, "missingValues")
    values = _values("missingValues", arguments)
    plain = [value for value in values if value is not None]
    yield {"metric": Metric.MISSING, "values": plain, "or_null": len(plain) < len(values)}


def _invalid(arguments: Mapping[str, Any], field: str | None) -> Iterator[dict[str, Any]]:
    """A null is no invalid value, whether it is listed or not: nullValues is for those."""
    _only("invalidValues", arguments, "validValues", "pattern")
    if not arguments.keys() & {"validValues", "pattern"}:
        raise BadEntryError("invalidValues needs arguments.validValues or arguments.pattern")
    if "validValues" in arguments:
        values = [value for value in _values("validValues", arguments) if value is not None]
        if not values:
            raise BadEntryError("arguments.validValues lists no value but null")
        yield {"metric": Metric.ENUM, "values": values}
    if "pattern" in arguments:
        if not isinstance(arguments["pattern"], str):
            raise BadEntryError("arguments.pattern is no text")
        yield {"metric": Metric.PATTERN, "pattern": arguments["pattern"]}


def _duplicate(arguments: Mapping[str, Any], field: str | None) -> Iterator[dict[str, Any]]:
    if field is not None:
        _only("duplicateValues of a property", arguments)
        yield {"metric": Metric.UNIQUE}
        return
    _only("duplicateValues", arguments, "properties")
    names = arguments.get("properties")
    if not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names):
        raise BadEntryError(
            "duplicateValues of a topic needs arguments.properties, a list of names; of one "
            "property it is stated in the property's own quality"
        )
    one = {"field": names[0]} if len(set(names)) == 1 else {"fields": names}
    yield {"metric": Metric.UNIQUE, **one}


def _rows(arguments: Mapping[str, Any], field: str | None) -> Iterator[dict[str, Any]]:
    _only("rowCount", arguments)
    yield {"metric": Metric.ROWS}


_READERS = {
    "nullValues": _null,
    "missingValues": _missing,
    "invalidValues": _invalid,
    "duplicateValues": _duplicate,
    "rowCount": _rows,
}


def _only(metric: str, arguments: Mapping[str, Any], *names: str) -> None:
    """What is passed over would be believed to be watched."""
    if strange := sorted(arguments.keys() - set(names)):
        takes = (
            f"takes {' and '.join(f'arguments.{name}' for name in names)}"
            if names
            else ("takes no arguments")
        )
        raise BadEntryError(f"{metric} {takes}, and not {', '.join(strange)[:100]}")


def _values(name: str, arguments: Mapping[str, Any]) -> list[Any]:
    values = arguments.get(name)
    if not isinstance(values, list) or not values:
        raise BadEntryError(f"arguments.{name} is no list of values")
    for value in values:
        if value is not None and not isinstance(value, bool | int | float | str):
            raise BadEntryError(f"arguments.{name} lists what is no text, number or flag")
    return values
