"""Changes that an approver makes to a plan: `{"topic.partitions": 12}`, applied as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from core.field_changes import FieldChangeError, change_fields
from core.plan import Note, Plan, PlanKind

PATHS: Mapping[str, str] = {
    "topic.name": "its subject follows where it was named after the topic",
    "topic.partitions": "a number",
    "topic.replication": "a number",
    "topic.retention_ms": "milliseconds, -1 for ever",
    "topic.cleanup": "delete, compact or compact,delete",
    "topic.settings": "all further configs by Kafka's names",
    "schema_plan.subject": "a name",
    "schema_plan.compatibility": "a compatibility level of the registry",
    "schema_plan.format": "avro or json-schema",
    "schema_plan.value": "the whole schema",
    "schema_plan.key": "the path of a field, or null",
    "schema_plan.event_time": "the path of a field, or null",
    "schema_plan.sensitive": "paths of fields",
    "product.id": "a slug",
    "product.name": "text",
    "product.description": "text",
    "product.owner": "group:<namespace>/<name> or user:<namespace>/<name>",
    "product.domain": "text",
    "product.tags": "a list of texts",
    "rules": "all quality rules",
    "latency_ms": "milliseconds, or null",
    "throughput": "messages per second, or null",
    "inputs": "topics that it is made from",
}
"""What may be changed, and to what."""

MEMBERS: Mapping[str, str] = {
    "topic.settings.": "<Kafka's config name>: text, or null to take it out",
    "schema_plan.fields.": "<path of a field>: what changes of it, or null to take it out",
    "rules.": "<id of a rule>: what changes of it, or null to take it out",
}
"""What may be changed one by one: a prefix, then the name of one."""

WHOLES: Mapping[str, str] = {
    "topic.settings.": "topic.settings",
    "schema_plan.fields.": "schema_plan.value",
    "rules.": "rules",
}
"""The prefixes of members and what they are members of."""

NOT_OF_PROMOTIONS = ("topic.name", "topic.partitions", "topic.replication")
"""The topic of a promotion exists: nothing of it is changed but its settings."""

LONGEST = 400
"""Characters of a path."""

MOST = 200
"""Changes that are taken at once."""


class InvalidChangesError(ValueError):
    """The changes cannot be made; `problems` are pairs of a path and what is wrong there."""

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        self.problems = problems
        told = "; ".join(f"{path}: {what}" for path, what in problems[:5])
        super().__init__(f"The changes cannot be made: {told}")


def allowed_paths(kind: PlanKind) -> tuple[str, ...]:
    """The paths that may be changed, those of single members with a placeholder."""
    members = [f"{prefix}{told.partition(':')[0]}" for prefix, told in MEMBERS.items()]
    fixed = NOT_OF_PROMOTIONS if kind is PlanKind.PROMOTE else ()
    return tuple(path for path in (*PATHS, *members) if path not in fixed)


def change(plan: Plan, changes: Mapping[str, Any], by: str = "the approver") -> Plan:
    """The plan with all changes made, its cost no longer known; its notes say who made them.

    Raises InvalidChangesError: a path that cannot be changed, or values that make no plan.
    """
    _refuse_unknown(plan.kind, changes)
    document = plan.model_dump(mode="json")
    for path in changes:
        _set(document, path, changes[path])
    _follow(plan, document, changes)
    document["notes"] = [*_kept_notes(plan, changes), *_new_notes(changes, by)]
    document["cost"] = None
    try:
        changed = Plan.model_validate(document)
    except ValidationError as error:
        raise InvalidChangesError(_problems(error)) from error
    if same(plan, changed):
        raise InvalidChangesError((("changes", "they leave the plan as it is: approve it"),))
    return changed


def same(one: Plan, other: Plan) -> bool:
    """Whether both bring about the same, whatever is said about why and of what it costs.

    Nobody chooses the access: it follows from the owner.
    """
    plain: Mapping[str, Any] = {"notes": (), "cost": None, "risks": (), "access": ()}
    return one.model_copy(update=plain).hash == other.model_copy(update=plain).hash


def _refuse_unknown(kind: PlanKind, changes: Mapping[str, Any]) -> None:
    if not changes:
        raise InvalidChangesError((("changes", "none are given; name at least one path"),))
    if len(changes) > MOST:
        raise InvalidChangesError((("changes", f"more than {MOST} at once"),))
    allowed = allowed_paths(kind)
    unknown = [path for path in changes if path not in allowed and not _is_member(path)]
    if unknown:
        told = f"cannot be changed; what can be: {', '.join(allowed)}"
        raise InvalidChangesError(tuple((path[:200], told) for path in unknown[:5]))
    _refuse_twice(changes)


def _refuse_twice(changes: Mapping[str, Any]) -> None:
    """A whole and a member of it at once: nobody could say which comes first."""
    for prefix, whole in WHOLES.items():
        if whole in changes and any(path.startswith(prefix) for path in changes):
            raise InvalidChangesError(((whole, f"give all of it or {prefix}..., not both"),))


def _is_member(path: str) -> bool:
    return len(path) <= LONGEST and any(
        path.startswith(prefix) and path != prefix for prefix in MEMBERS
    )


def _set(document: dict[str, Any], path: str, value: Any) -> None:
    if path in PATHS:
        at, _, name = path.rpartition(".")
        (document[at] if at else document)[name] = value
        return
    prefix = next(prefix for prefix in MEMBERS if path.startswith(prefix))
    name = path.removeprefix(prefix)
    match prefix:
        case "topic.settings.":
            _set_config(document["topic"]["settings"], name, value)
        case "rules.":
            document["rules"] = _with_rule(document["rules"], name, value)
        case _:
            _set_field(document["schema_plan"], name, value)


def _set_config(settings: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        settings.pop(name, None)
    elif isinstance(value, bool | int | float):
        settings[name] = str(value).lower()
    else:
        settings[name] = value


def _with_rule(rules: list[dict[str, Any]], name: str, value: Any) -> list[dict[str, Any]]:
    """A rule changed, added, or taken out by null."""
    path = f"rules.{name}"
    if value is not None and not isinstance(value, Mapping):
        raise InvalidChangesError(((path, "give an object, or null to take the rule out"),))
    known = next((rule for rule in rules if rule["id"] == name), None)
    if value is None and known is None:
        ids = ", ".join(rule["id"] for rule in rules)
        raise InvalidChangesError(((path, f"there is no such rule; there are {ids}"),))
    if value is None:
        return [rule for rule in rules if rule is not known]
    fresh = {**(known or {"reason": "added by the approver"}), **value, "id": name}
    if known is None:
        return [*rules, fresh]
    return [fresh if rule is known else rule for rule in rules]


def _set_field(schema_plan: dict[str, Any], path: str, value: Any) -> None:
    try:
        schema_plan["value"] = change_fields(schema_plan["value"], path, value)
    except FieldChangeError as error:
        raise InvalidChangesError(((f"schema_plan.fields.{path}", str(error)),)) from error


def _follow(plan: Plan, document: dict[str, Any], changes: Mapping[str, Any]) -> None:
    """A subject that is named after the topic is renamed with it."""
    named_after = plan.schema_plan.subject == f"{plan.topic.name}-value"
    if "topic.name" in changes and named_after and "schema_plan.subject" not in changes:
        document["schema_plan"]["subject"] = f"{changes['topic.name']}-value"


def _kept_notes(plan: Plan, changes: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [note.model_dump(mode="json") for note in plan.notes if note.about not in changes]


def _new_notes(changes: Mapping[str, Any], by: str) -> list[dict[str, Any]]:
    because = f"changed by {by}"
    return [
        Note(about=path, because=because, given=True).model_dump(mode="json")
        for path in sorted(changes)
    ]


def _problems(error: ValidationError) -> tuple[tuple[str, str], ...]:
    return tuple(
        (".".join(map(str, each["loc"])) or "changes", each["msg"])
        for each in error.errors(include_url=False, include_input=False)[:20]
    )
