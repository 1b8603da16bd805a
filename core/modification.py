"""How a modified plan differs from the drafted one, in readable lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from core.plan import Plan
from core.plan_changes import GRANT_PATHS, PATHS
from core.schema.diff import diff

_APART = ("schema_plan.value", "rules")


def modification(before: Plan, after: Plan) -> tuple[str, ...]:
    """A line for each path that differs; of a schema and of rules, for each of their members."""
    told = (_paths, _access, _schema, _rules)
    return tuple(line for lines in told for line in lines(before, after))


def _paths(before: Plan, after: Plan) -> Iterator[str]:
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    for path in (*PATHS, *GRANT_PATHS):
        was, now = _at(old, path), _at(new, path)
        if path not in _APART and was != now:
            yield f"{path}: {_told(was)} -> {_told(now)}"


def _access(before: Plan, after: Plan) -> Iterator[str]:
    """It follows a changed owner."""
    if before.access != after.access:
        old, new = ("; ".join(each.line for each in plan.access) for plan in (before, after))
        yield f"access: {old or 'none'} -> {new or 'none'}"


def _at(document: dict[str, Any], path: str) -> Any:
    found: Any = document
    for part in path.split("."):
        found = None if found is None else found[part]
    return found


def _schema(before: Plan, after: Plan) -> Iterator[str]:
    old, new = before.schema_plan.value, after.schema_plan.value
    changes = diff(old, new)
    yield from (f"schema: {change.line}" for change in changes)
    if old != new and not changes:
        yield "schema: descriptions, limits or tags changed"


def _rules(before: Plan, after: Plan) -> Iterator[str]:
    old = {rule.id: rule for rule in before.rules}
    new = {rule.id: rule for rule in after.rules}
    yield from (f"rules.{name}: removed" for name in old if name not in new)
    yield from (f"rules.{name}: added" for name in new if name not in old)
    for name in (name for name in new if name in old):
        was = old[name].model_dump(mode="json")
        now = new[name].model_dump(mode="json")
        for member in (member for member in now if was[member] != now[member]):
            yield f"rules.{name}.{member}: {_told(was[member])} -> {_told(now[member])}"


def _told(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
