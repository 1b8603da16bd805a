"""Quality rules as a contract's quality entries (ODCS v3.1.0) and back.

https://bitol-io.github.io/open-data-contract-standard/v3.1.0/data-quality/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from core.contract.library import BadEntryError, library_rules, written
from core.quality.rule import Dimension, Metric, QualityRule, Severity

ENGINE = "headwater"

_WRITTEN: Mapping[Dimension, str] = {
    Dimension.COMPLETENESS: "completeness",
    Dimension.VALIDITY: "conformity",
    Dimension.UNIQUENESS: "uniqueness",
    Dimension.TIMELINESS: "timeliness",
    Dimension.CONSISTENCY: "consistency",
}
_READ = {
    "accuracy": Dimension.VALIDITY,
    "coverage": Dimension.COMPLETENESS,
    **{word: dimension for dimension, word in _WRITTEN.items()},
}
_MILD = frozenset({"warning", "warn", "info", "information", "notice", "low", "minor", "trivial"})
"""Severities, which the standard leaves open, that are no error."""
_HEAD = frozenset({"id", "reason", "field", "severity", "counts_as"})
"""What an entry says of a rule by its place and its members of every type."""


class NotWatchedError(ValueError):
    """The entry asks nothing of us: it is text, SQL, or for another engine."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`at` is its path in the document, such as `schema.0.properties.2.quality.1`; `field` the
    path of the field whose property has it, None for one of the topic."""

    at: str
    field: str | None
    said: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.said.get("id") or self.said.get("name") or "")


def quality_of(rule: QualityRule) -> dict[str, Any]:
    """By a metric of the standard where it has one that says the same, else for our own engine."""
    head = {
        "name": rule.id,
        "description": rule.reason,
        "dimension": _WRITTEN[rule.dimension],
        "severity": rule.severity.value,
    }
    told = rule.model_dump(mode="json", exclude_defaults=True, exclude=set(_HEAD))
    beside = written(rule, told)
    if beside is None:
        beside = {"type": "custom", "engine": ENGINE, "implementation": told}
    return head | beside


def read_entry(entry: Entry) -> tuple[QualityRule, ...]:
    """One rule, or two where valid values and a pattern are given at once.

    Raises NotWatchedError and BadEntryError.
    """
    said, kind = entry.said, entry.said.get("type", "library")
    if kind == "text":
        raise NotWatchedError("it is text for people")
    if kind == "sql":
        raise NotWatchedError("it is SQL, which runs on tables and not on a stream")
    if kind == "custom" and said.get("engine") != ENGINE:
        raise NotWatchedError(f"it is for the engine {said.get('engine')}")
    if kind == "library" and "metric" not in said:
        raise NotWatchedError("it names no metric")
    found = [_implemented(said)] if kind == "custom" else list(library_rules(said, entry.field))
    first = slug(entry.name or f"{entry.field or 'topic'}-{found[0]['metric']}")
    ids = [first, *(slug(f"{first[:80]}-{told['metric']}") for told in found[1:])]
    return tuple(_rule(entry, rule_id, told) for rule_id, told in zip(ids, found, strict=True))


def _rule(entry: Entry, rule_id: str, told: Mapping[str, Any]) -> QualityRule:
    said = entry.said
    given = {
        "id": rule_id,
        "field": entry.field,
        "severity": _severity(said),
        "counts_as": _READ.get(str(said.get("dimension"))),
        "reason": str(said.get("description") or "stated by the contract")[:300],
    }
    try:
        return QualityRule.model_validate({**given, **told})
    except ValidationError as error:
        raise BadEntryError(_flaws_of(error)) from error


def _severity(said: Mapping[str, Any]) -> Severity:
    mild = str(said.get("severity", "")).strip().lower() in _MILD
    return Severity.WARNING if mild else Severity.ERROR


def _flaws_of(error: ValidationError) -> str:
    """What is wrong, without the marks of its library."""
    told = []
    for flaw in error.errors()[:5]:
        at = ".".join(map(str, flaw["loc"]))
        said = flaw["msg"].removeprefix("Value error, ")
        told.append(f"{at}: {said[:1].lower()}{said[1:]}" if at else said)
    return "; ".join(dict.fromkeys(told))


def _implemented(said: Mapping[str, Any]) -> dict[str, Any]:
    implementation = said.get("implementation")
    if not isinstance(implementation, Mapping):
        raise BadEntryError(
            f"for the engine {ENGINE} the implementation is an object with a metric and what it "
            "needs, such as {metric: range, minimum: 0}, and no text"
        )
    if beside := sorted(_HEAD - {"severity", "counts_as"} & implementation.keys()):
        raise BadEntryError(
            f"the implementation says {', '.join(beside)}, which the entry's own name, description "
            "and place say"
        )
    if "metric" not in implementation:
        raise BadEntryError(f"the implementation names no metric; there are {_metrics()}")
    return dict(implementation)


def _metrics() -> str:
    return ", ".join(metric.value for metric in Metric)


_ID = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")


def slug(text: str) -> str:
    """A name as the id of a rule; an id stays what it is."""
    if _ID.fullmatch(text):
        return text
    plain = re.sub(r"[^a-z0-9_.-]+", "-", text.lower()).strip("-_.")
    return plain[:100] or "rule"
