"""What the invented descriptions say a draft must hold, checked one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from core.drafting.drafted import Draft
from core.names import parts_of
from core.quality.rule import Metric, QualityRule
from core.schema.model import Field, Kind, Logical

DAY_MS = 86_400_000
NUMBERS = {Kind.INTEGER, Kind.NUMBER}


@dataclass(frozen=True, slots=True)
class Described:
    """An invented description with its facts as the file has them."""

    name: str
    owner: str
    text: str
    facts: Mapping[str, Any]


def descriptions() -> list[Described]:
    rows = yaml.safe_load(Path(__file__).with_name("descriptions.yaml").read_text("utf-8"))
    return [
        Described(row.pop("name"), row.pop("owner"), row.pop("text"), row)
        for row in (dict(row) for row in rows)
    ]


def checked(described: Described, draft: Draft) -> Iterator[tuple[str, bool]]:
    """Every fact in words, and whether the draft holds it."""
    fields = dict(draft.schema_plan.value.walk())
    for name, kind in described.facts.get("fields", {}).items():
        yield f"field {name} {kind}", any(_is(fields[p], kind) for p in called(fields, name))
    yield from _ruled(described.facts, draft, fields)
    yield from _traits(described.facts, draft, fields)
    yield from _promised(described.facts, draft)


def called(fields: Mapping[str, Field], names: str) -> list[str]:
    """Paths whose last part holds one of the names as a run of its words."""
    return [path for path in fields if any(_holds(path, name) for name in names.split("|"))]


def _holds(path: str, name: str) -> bool:
    leaf, wanted = parts_of(path.replace("[]", "").rpartition(".")[2]), parts_of(name)
    return any(leaf[at : at + len(wanted)] == wanted for at in range(len(leaf)))


def _is(field: Field, kind: str) -> bool:
    if kind == "any":
        return True
    if kind == "timestamp":
        return field.logical is Logical.EPOCH_MILLIS
    if kind == "date":
        return field.logical is Logical.DATE
    if kind == "number":
        return bool(field.kinds & NUMBERS) or field.logical is Logical.DECIMAL
    return Kind(kind) in field.kinds and field.logical not in (Logical.EPOCH_MILLIS, Logical.DATE)


def _ruled(
    facts: Mapping[str, Any], draft: Draft, fields: Mapping[str, Field]
) -> Iterator[tuple[str, bool]]:
    def rules(metric: Metric, name: str) -> list[QualityRule]:
        paths = called(fields, name)
        return [r for r in draft.rules if r.metric is metric and r.field in paths]

    for name, (low, high) in facts.get("ranges", {}).items():
        found = rules(Metric.RANGE, name)
        yield (
            f"range {name} {low} {high}",
            any(
                (low is None or r.minimum == low) and (high is None or r.maximum == high)
                for r in found
            ),
        )
    for name in facts.get("no_minimum", ()):
        yield f"no minimum {name}", all(r.minimum is None for r in rules(Metric.RANGE, name))
    for name, values in facts.get("values", {}).items():
        wanted = {re.sub(r"\W|_", "", str(value)).lower() for value in values}
        yield (
            f"values {name}",
            any(
                {re.sub(r"\W|_", "", str(v)).lower() for v in r.values} == wanted
                for r in rules(Metric.ENUM, name)
            ),
        )
    for name, texts in facts.get("patterns", {}).items():
        patterns = [re.compile(r.pattern or "") for r in rules(Metric.PATTERN, name)]
        yield (
            f"pattern {name}",
            any(
                all(p.fullmatch(t) for t in texts["good"])
                and not any(p.fullmatch(t) for t in texts["bad"])
                for p in patterns
            ),
        )
    for name in facts.get("unique", ()):
        yield f"unique {name}", bool(rules(Metric.UNIQUE, name))
    for name in facts.get("required", ()):
        yield f"required {name}", bool(rules(Metric.REQUIRED, name))


def _traits(
    facts: Mapping[str, Any], draft: Draft, fields: Mapping[str, Field]
) -> Iterator[tuple[str, bool]]:
    for name in facts.get("sensitive", ()):
        paths = called(fields, name)
        yield f"sensitive {name}", any(path in draft.schema_plan.sensitive for path in paths)
    for name in facts.get("optional", ()):
        paths = called(fields, name)
        yield f"optional {name}", any(fields[path].optional for path in paths)
    for name in facts.get("absent", ()):
        yield f"absent {name}", all(path.rpartition(".")[2] != name for path in fields)
    if "key" in facts:
        key = draft.schema_plan.key
        yield (
            f"key {facts['key']}",
            key is not None and any(_holds(key, name) for name in facts["key"].split("|")),
        )


def _promised(facts: Mapping[str, Any], draft: Draft) -> Iterator[tuple[str, bool]]:
    if "retention_days" in facts:
        days, kept = facts["retention_days"], draft.topic.retention_ms
        near = kept == -1 if days == -1 else abs(kept / DAY_MS - days) <= 0.02 * days
        yield f"retention {days} days", near
    if "latency_ms" in facts:
        yield f"latency {facts['latency_ms']}", draft.latency_ms == facts["latency_ms"]
    if "timeliness_ms" in facts:
        delays = [r.max_delay_ms for r in draft.rules if r.metric is Metric.TIMELINESS]
        yield f"timeliness {facts['timeliness_ms']}", facts["timeliness_ms"] in delays
    if "partitions" in facts:
        low, high = facts["partitions"]
        yield f"partitions {low} to {high}", low <= draft.topic.partitions <= high
    if "not_cleanup" in facts:
        yield f"no {facts['not_cleanup']}", facts["not_cleanup"] not in draft.topic.cleanup.value
    if "cleanup" in facts:
        yield f"cleanup {facts['cleanup']}", facts["cleanup"] in draft.topic.cleanup.value
