"""A plan as a form: what of it a person may change there, and what was changed."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from core.plan import FOREVER, CleanupPolicy, Compatibility, Plan, PlanKind
from core.plan_changes import NOT_OF_PROMOTIONS
from server.console.form import Form
from server.problems import ProblemError

_DAY_MS = 86_400_000


@dataclass(frozen=True)
class Choice:
    """One field of the form. `path` is its path in the plan; `kind` text, area, number, days, tags
    or select; `value` is as the form shows it."""

    path: str
    label: str
    kind: str
    value: str
    options: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class Draft:
    choices: tuple[Choice, ...]


def draft_of(plan: Plan) -> Draft:
    """What can be changed of this plan; of a promotion not what its topic has already."""
    fixed = NOT_OF_PROMOTIONS if plan.kind is PlanKind.PROMOTE else ()
    return Draft(tuple(each for each in _choices(plan) if each.path not in fixed))


def changes_of(form: Form, plan: Plan) -> dict[str, Any]:
    """What the form says otherwise than the plan, by path. Raises a problem for no numbers."""
    found: dict[str, Any] = {}
    for choice in draft_of(plan).choices:
        if choice.path in form.fields and form.text(choice.path) != choice.value:
            found[choice.path] = _value(choice, form.text(choice.path))
    for path in form.all("drop_field"):
        found[f"schema_plan.fields.{path}"] = None
    for rule in form.all("drop_rule"):
        found[f"rules.{rule}"] = None
    return found


def _choices(plan: Plan) -> tuple[Choice, ...]:
    product, topic = plan.product, plan.topic
    return (
        Choice("product.name", "Name", "text", product.name),
        Choice("product.owner", "Owner", "text", product.owner, hint="an entity reference"),
        Choice("product.domain", "Domain", "text", product.domain),
        Choice("product.tags", "Tags", "tags", ", ".join(product.tags), hint="with commas"),
        Choice("product.description", "Description", "area", product.description),
        Choice("topic.name", "Topic", "text", topic.name),
        Choice("topic.partitions", "Partitions", "number", str(topic.partitions)),
        Choice("topic.replication", "Replication", "number", str(topic.replication)),
        Choice(
            "topic.retention_ms",
            "Retention in days",
            "days",
            _days(topic.retention_ms),
            hint="-1 for ever",
        ),
        Choice("topic.cleanup", "Clean-up", "select", topic.cleanup.value, tuple(CleanupPolicy)),
        Choice(
            "schema_plan.compatibility",
            "Compatibility",
            "select",
            plan.schema_plan.compatibility.value,
            tuple(Compatibility),
        ),
    )


def _days(milliseconds: int) -> str:
    return "-1" if milliseconds == FOREVER else f"{milliseconds / _DAY_MS:g}"


def _value(choice: Choice, text: str) -> Any:
    match choice.kind:
        case "tags":
            return [tag for tag in (part.strip() for part in text.split(",")) if tag]
        case "number":
            return int(_number(choice, text))
        case "days":
            days = _number(choice, text)
            return FOREVER if days < 0 else int(days * _DAY_MS)
        case _:
            return text


def _number(choice: Choice, text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = float("nan")
    if not abs(found) < 1e9:
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "invalid-form",
            f"{choice.label} takes a number, not {text[:40]!r}. Go back and correct it.",
        )
    return found
