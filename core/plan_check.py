"""A plan is checked by code before anyone sees it: every problem in words that help to mend it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping

import fastavro
import jsonschema_rs

from core.plan import CleanupPolicy, Plan, PlanKind
from core.plan_examples import check_examples
from core.plan_facts import PlanFacts, capacity, clashes, impossible_access
from core.quality.fit import is_time, misfit
from core.schema import avro_writer, json_schema
from core.schema.model import Field, Kind, Schema

MOST_FIELDS = 500
SHOWN = 20
"""Problems that are told at once."""

_LEGAL_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_CONFIG = re.compile(r"[a-z][a-z0-9.]{1,80}")
_SUBJECT = re.compile(r"[^\s\x00-\x1f/\\]{1,255}")
_STRUCTURES = frozenset({Kind.OBJECT, Kind.ARRAY, Kind.MAP})

Fields = Mapping[str, Field]


def problems(plan: Plan, facts: PlanFacts | None = None) -> tuple[str, ...]:
    """Why the plan cannot be carried out as it is; empty where it can.

    Each begins with the part of the plan that it is about. Without `facts` nothing is said on what
    exists already.
    """
    fields = dict(plan.schema_plan.value.walk())
    found = [
        *_names(plan),
        *_schema(plan, fields),
        *_references(plan, fields),
        *_rules(plan, fields),
    ]
    if facts is not None:
        found += [
            *clashes(plan, facts),
            *capacity(plan, facts),
            *impossible_access(plan, facts),
        ]
    if not found:
        found += check_examples(plan)
    return tuple(found[:SHOWN])


def _names(plan: Plan) -> Iterator[str]:
    name, subject = plan.topic.name, plan.schema_plan.subject
    if name in (".", ".."):
        yield f"topic.name: {name!r} is no legal name"
    if name.startswith("__") and plan.kind is PlanKind.CREATE:
        yield f"topic.name: {name!r} begins as Kafka's internal topics do"
    if not _SUBJECT.fullmatch(subject):
        yield f"schema_plan.subject: {subject[:60]!r} is no legal subject (no spaces, no slashes)"
    for setting in plan.topic.settings:
        if not _CONFIG.fullmatch(setting):
            yield f"topic.settings: {setting[:60]!r} is no name of a Kafka topic config"
        if setting in ("retention.ms", "cleanup.policy"):
            yield f"topic.settings: {setting} is set by the topic's own {_own(setting)}"


def _own(setting: str) -> str:
    return "retention_ms" if setting == "retention.ms" else "cleanup"


def _schema(plan: Plan, fields: Fields) -> Iterator[str]:
    schema = plan.schema_plan.value
    if schema.root.kinds - {Kind.NULL} != {Kind.OBJECT}:
        yield "schema_plan.value: the value must be an object with fields"
        return
    if not fields:
        yield "schema_plan.value: it has no fields"
    if len(fields) > MOST_FIELDS:
        yield f"schema_plan.value: {len(fields)} fields are more than {MOST_FIELDS}"
    yield from _siblings("", schema.root)
    if plan.kind is PlanKind.CREATE:
        yield from _field_names(fields)
    for path, place in fields.items():
        yield from _place(path, place)
    yield from _parses(schema)


def _siblings(path: str, parent: Field) -> Iterator[str]:
    counts = Counter(child.name for child in parent.children)
    for name, times in counts.items():
        if times > 1:
            yield f"schema_plan.value: {times} fields are called {name!r} in {path or 'the root'}"
    for child in parent.children:
        yield from _siblings(f"{path}.{child.name}".lstrip("."), child)


def _field_names(fields: Fields) -> Iterator[str]:
    for path, place in fields.items():
        if place.name not in ("[]", "*") and not _LEGAL_FIELD.fullmatch(place.name):
            yield (
                f"schema_plan.value: {path!r} is no legal field name; use letters, digits and _, "
                "not beginning with a digit"
            )


def _place(path: str, place: Field) -> Iterator[str]:
    if place.enum is not None and (not place.enum or len(set(place.enum)) < len(place.enum)):
        yield f"schema_plan.value: the enum of {path} is empty or names a value twice"
    low, high = place.bounds.minimum, place.bounds.maximum
    if low is not None and high is not None and low > high:
        yield f"schema_plan.value: {path} has a minimum above its maximum"
    if Kind.OBJECT in place.kinds and not place.children:
        yield f"schema_plan.value: {path} is an object without fields"


def _parses(schema: Schema) -> Iterator[str]:
    try:
        fastavro.parse_schema(json.loads(json.dumps(avro_writer.write(schema))))
    except Exception as error:
        yield f"schema_plan.value: it is no Avro schema: {str(error)[:200]}"
    try:
        jsonschema_rs.meta.validate(json_schema.write(schema))
    except ValueError as error:
        yield f"schema_plan.value: it is no JSON Schema: {str(error)[:200]}"


def _references(plan: Plan, fields: Fields) -> Iterator[str]:
    written, cleanup = plan.schema_plan, plan.topic.cleanup
    for part, path in (("key", written.key), ("event_time", written.event_time)):
        if path is not None and path not in fields:
            yield f"schema_plan.{part}: {path!r} is no field; there are {_named(fields)}"
    for path in written.sensitive:
        if path not in fields:
            yield f"schema_plan.sensitive: {path!r} is no field; there are {_named(fields)}"
    key, time = fields.get(written.key or ""), fields.get(written.event_time or "")
    if key is not None and (key.optional or key.kinds & _STRUCTURES):
        yield f"schema_plan.key: {written.key} must be a plain value that is always there"
    if time is not None and not is_time(time):
        yield f"schema_plan.event_time: {written.event_time} is no time (date-time, date or epoch)"
    compacted = cleanup is not CleanupPolicy.DELETE and plan.kind is PlanKind.CREATE
    if written.key is None and compacted:
        yield f"topic.cleanup: {cleanup.value} needs a key, and schema_plan.key names none"


def _rules(plan: Plan, fields: Fields) -> Iterator[str]:
    for rule_id, times in Counter(rule.id for rule in plan.rules).items():
        if times > 1:
            yield f"rules: {times} rules have the id {rule_id}"
    for rule in plan.rules:
        if rule.hidden:
            yield f"rules: {rule.id} is hidden; a rule says what it allows"
        elif wrong := misfit(rule, fields):
            yield f"rules: {wrong}"


def _named(fields: Fields) -> str:
    return ", ".join(list(fields)[:40])
