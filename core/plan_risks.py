"""What an approver should think of before a plan is carried out, each from the plan's own facts."""

from __future__ import annotations

from collections.abc import Iterator

from core.grant_diff import grant_risks
from core.plan import FOREVER, CleanupPolicy, Compatibility, Plan, PlanKind
from core.plan_diff import Existing, ExistingSubject, ExistingTopic, Silence, as_registered
from core.schema.diff import ChangeKind, diff
from core.spans import span_of

_BREAKING = (ChangeKind.REMOVED, ChangeKind.RENAMED, ChangeKind.KIND, ChangeKind.REQUIRED)


def risks_of(plan: Plan, existing: Existing) -> tuple[str, ...]:
    """The draft's own risks, and those that come from the plan beside what exists."""
    found = _of_kind(plan, existing)
    return tuple(dict.fromkeys((*plan.risks, *found, *_of_silence(existing))))


def _of_kind(plan: Plan, existing: Existing) -> Iterator[str]:
    if plan.kind is PlanKind.ACCESS:
        yield from grant_risks(plan, existing)
        return
    yield from (*_of_plan(plan), *_of_topic(plan, existing), *_of_subject(plan, existing))


def _of_plan(plan: Plan) -> Iterator[str]:
    sensitive = ", ".join(plan.schema_plan.sensitive)
    if sensitive:
        kept = span_of(plan.topic.retention_ms)
        yield f"Holds confidential or personal data ({sensitive}), kept {_for(kept)}."
    if plan.topic.retention_ms == FOREVER and plan.topic.cleanup is CleanupPolicy.DELETE:
        yield "Nothing is ever deleted: storage and its cost grow without end."
    if plan.topic.replication == 1:
        yield "One replica: the topic is away, and may be lost, with its one broker."
    if plan.topic.cleanup is not CleanupPolicy.DELETE and plan.schema_plan.key is None:
        yield "Compaction keeps the newest message of each key, and no key is named."
    if plan.schema_plan.compatibility is Compatibility.NONE:
        yield "No compatibility level: any schema may follow, and consumers may break."


def _for(kept: str) -> str:
    return kept if kept.startswith("for") else f"for {kept}"


def _of_topic(plan: Plan, existing: Existing) -> Iterator[str]:
    found, wanted = existing.topic, plan.topic
    if not isinstance(found, ExistingTopic):
        if found is None and plan.kind is PlanKind.PROMOTE:
            yield f"The topic {wanted.name} is gone: there is nothing to promote."
        return
    if plan.kind is PlanKind.CREATE:
        yield f"A topic {wanted.name} exists already, and this plan wants to create it."
    if wanted.partitions > found.partitions:
        yield "More partitions: keys move, so the order of a key's messages is lost once."
    if wanted.partitions < found.partitions:
        yield f"Kafka cannot take partitions away: there are {found.partitions}."
    if _kept(found) is not None and _shorter(wanted.retention_ms, _kept(found)):
        yield f"Retention is shortened to {span_of(wanted.retention_ms)}: older messages go."


def _kept(found: ExistingTopic) -> int | None:
    text = found.configs.get("retention.ms", "")
    return int(text) if text.lstrip("-").isdigit() else None


def _shorter(wanted: int, found: int | None) -> bool:
    if found is None or wanted == FOREVER:
        return False
    return found == FOREVER or wanted < found


def _of_subject(plan: Plan, existing: Existing) -> Iterator[str]:
    found = existing.subject
    if not isinstance(found, ExistingSubject) or found.value is None:
        return
    changes = diff(found.value, as_registered(plan.schema_plan))
    breaking = [change.path for change in changes if change.kind in _BREAKING]
    if breaking:
        told = ", ".join(breaking[:5])
        yield f"Readers of version {found.version} may break over {told}."


def _of_silence(existing: Existing) -> Iterator[str]:
    asked = (existing.topic, existing.subject, existing.product, existing.permissions)
    for found in asked:
        if isinstance(found, Silence):
            yield f"What exists is not fully known: {found.why}"
