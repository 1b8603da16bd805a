"""What changed between two contracts, judged by what it means to consumers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.contract.annotations import annotation_diff
from core.contract.document import EVENT_TIME, MESSAGE_KEY, SUBJECT, OdcsDocument
from core.contract.promise import rule_diff, sla_diff
from core.contract.properties import schema_of
from core.schema.diff import Change, ChangeKind
from core.schema.diff import diff as schema_diff
from core.schema.model import Bounds, Field, Schema
from core.versioning import Bump, Difference, difference

_BUMPS: Mapping[ChangeKind, Bump] = {
    ChangeKind.ADDED: Bump.MINOR,
    ChangeKind.REMOVED: Bump.MAJOR,
    ChangeKind.RENAMED: Bump.MAJOR,
    ChangeKind.KIND: Bump.MAJOR,
    ChangeKind.OPTIONAL: Bump.MAJOR,
    ChangeKind.REQUIRED: Bump.MINOR,
    ChangeKind.LOGICAL: Bump.MAJOR,
}
_DECISIVE = (MESSAGE_KEY, EVENT_TIME, SUBJECT)
_JUDGED_OF_TOPICS = frozenset({"properties", "quality", "customProperties"})
_JUDGED = frozenset({"schema", "slaProperties", "version", "status", "apiVersion"})
"""Members that are compared by their meaning, or that no version is about."""


def contract_diff(
    before: OdcsDocument | None, after: OdcsDocument | None
) -> tuple[Difference, ...]:
    """Differences of fields, rules, service levels and the rest of the documents."""
    if before is None or after is None:
        return () if before is after else (_whole(after),)
    return (
        *_topics(before, after),
        *sla_diff(before, after),
        *_rest("contract", before.document, after.document, _JUDGED),
    )


def _whole(after: OdcsDocument | None) -> Difference:
    if after is None:
        return difference("contract: removed", Bump.MAJOR)
    return difference("contract: added", Bump.MINOR)


def _topics(before: OdcsDocument, after: OdcsDocument) -> Iterator[Difference]:
    was, now = dict(before.topic_objects()), dict(after.topic_objects())
    for topic in was.keys() - now.keys():
        yield difference(f"contract: {topic}: removed", Bump.MAJOR)
    for topic in now.keys() - was.keys():
        yield difference(f"contract: {topic}: added", Bump.MINOR)
    for topic in sorted(was.keys() & now.keys()):
        yield from _topic(topic, was[topic], now[topic])
    yield from _others(before, after)


def _topic(topic: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    if was == now:
        return
    yield from _fields(schema_of(was), schema_of(now))
    yield from rule_diff(was, now)
    yield from _decisive(was, now)
    yield from annotation_diff(was, now)
    yield from _rest(topic, was, now, _JUDGED_OF_TOPICS)


def _fields(was: Schema, now: Schema) -> Iterator[Difference]:
    for change in schema_diff(was, now):
        yield difference(change.line, _bump(change))
    before = dict(was.walk())
    for path, field in now.walk():
        if path in before and before[path].kinds == field.kinds:
            yield from _limits(path, before[path], field)


def _bump(change: Change) -> Bump:
    if change.kind is ChangeKind.ENUM:
        added_only = change.after.startswith("added ") and "removed " not in change.after
        return Bump.MINOR if added_only else Bump.MAJOR
    return _BUMPS[change.kind]


def _limits(path: str, was: Field, now: Field) -> Iterator[Difference]:
    """Narrower limits promise more; wider ones break what consumers rely on."""
    if was.bounds != now.bounds:
        bump = Bump.MINOR if _within(now.bounds, was.bounds) else Bump.MAJOR
        yield difference(f"{path}: limits {_told(was.bounds)} became {_told(now.bounds)}", bump)


def _within(inner: Bounds, outer: Bounds) -> bool:
    lows = ((inner.minimum, outer.minimum), (inner.min_length, outer.min_length))
    highs = ((inner.maximum, outer.maximum), (inner.max_length, outer.max_length))
    digits = (inner.precision, inner.scale) == (outer.precision, outer.scale)
    return (
        digits
        and outer.pattern in (None, inner.pattern)
        and all(low is None or (mine is not None and mine >= low) for mine, low in lows)
        and all(high is None or (mine is not None and mine <= high) for mine, high in highs)
    )


def _told(bounds: Bounds) -> str:
    told = {
        "at least": bounds.minimum,
        "at most": bounds.maximum,
        "from length": bounds.min_length,
        "to length": bounds.max_length,
        "like": bounds.pattern,
        "digits": bounds.precision,
        "scale": bounds.scale,
    }
    said = ", ".join(f"{word} {value}" for word, value in told.items() if value is not None)
    return said or "none"


def _decisive(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    """The key decides the partition, the subject what a consumer decodes with."""
    before, after = (_custom(each) for each in (was, now))
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old != new:
            bump = Bump.MAJOR if name in _DECISIVE else Bump.MINOR
            yield difference(f"{name}: {_value(old)} became {_value(new)}", bump)


def _custom(holder: Mapping[str, Any]) -> dict[str, Any]:
    return {str(each["property"]): each["value"] for each in holder.get("customProperties", ())}


def _value(value: Any) -> str:
    return "nothing" if value is None else str(value)[:80]


def _others(before: OdcsDocument, after: OdcsDocument) -> Iterator[Difference]:
    """Schema objects that are no topics are not ours to judge."""
    was, now = (_no_topics(each) for each in (before, after))
    if was != now:
        yield difference("contract: schema objects that are no topics changed", Bump.PATCH)


def _rest(
    name: str, was: Mapping[str, Any], now: Mapping[str, Any], left_out: frozenset[str]
) -> Iterator[Difference]:
    for member in [*was, *(each for each in now if each not in was)]:
        if member in left_out or was.get(member) == now.get(member):
            continue
        done = "added" if member not in was else "removed" if member not in now else "changed"
        yield difference(f"{name}: {member} {done}", Bump.PATCH)


def _no_topics(contract: OdcsDocument) -> list[Any]:
    topics = [each for _, each in contract.topic_objects()]
    return [each for each in contract.document.get("schema", ()) if each not in topics]
