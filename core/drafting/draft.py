"""A whole draft from a description: pure, deterministic, the same for the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.drafting.composing import Composed, compose
from core.drafting.drafted import Draft, DraftContext
from core.drafting.marks import Trait
from core.drafting.promises import WEEK_MS, Promises
from core.drafting.reading import Reading, read
from core.drafting.rendering import paths, rules_of, schema_of, sensitive_paths
from core.drafting.sizing import Sized, Throughput, partitions_of, replication_of, throughput_of
from core.drafting.subject import GENERAL, Subject, slug, subject_of
from core.generation import GenerationRequest
from core.names import words
from core.plan import (
    FOREVER,
    CleanupPolicy,
    Compatibility,
    Note,
    ProductPlan,
    SchemaPlan,
    TopicPlan,
)
from core.quality.rule import Metric, QualityRule, Severity
from core.schema.model import Schema

REAL_TIME_MS = 10_000
LONG_MS = 90 * 86_400_000
"""Retention from which on readers must understand every earlier version, not only the last."""
_REFERENCE = re.compile(r"(group|user):[a-z0-9_-]+/[A-Za-z0-9._-]{1,63}")


def draft(request: GenerationRequest, context: DraftContext | None = None) -> Draft:
    """The plan's parts that the description decides. Never fails on any text."""
    return _Drafting(request, context or DraftContext()).done()


@dataclass(slots=True)
class _Drafting:
    request: GenerationRequest
    context: DraftContext

    def done(self) -> Draft:
        reading = read(self.request.description)
        subject = subject_of(self.request.product_name, self.request.description, reading)
        composed = compose(reading, subject, self.context)
        throughput = throughput_of(reading)
        topic, topic_notes = self._topic(reading.promises, throughput, subject, composed)
        sensitive = sensitive_paths(composed)
        tags = list(_tags(reading, subject, topic, bool(sensitive)))
        level, level_note = _compatibility(reading.promises, topic)
        rules = (*rules_of(composed), *_stream_rules(reading, composed))
        return Draft(
            product=self._product(subject, [name for name, _ in tags]),
            topic=topic,
            schema_plan=SchemaPlan(
                subject=f"{topic.name}-value",
                compatibility=level,
                value=self._schema(composed, subject),
                key=composed.key.name if composed.key else None,
                event_time=composed.event_time.name if composed.event_time else None,
                sensitive=tuple(path for path, _, _ in sensitive),
            ),
            rules=_distinct(rules),
            latency_ms=_latency(reading.promises),
            throughput=throughput and round(throughput.average, 6),
            inputs=self._inputs(),
            notes=(
                *topic_notes,
                level_note,
                *_notes(reading, composed, subject, sensitive),
                *_tag_notes(tags),
            ),
            risks=tuple(_risks(reading, composed, topic, sensitive)),
        )

    def _product(self, subject: Subject, tags: list[str]) -> ProductPlan:
        name = " ".join(self.request.product_name.split())
        return ProductPlan(
            id=(slug(name) or "product")[:100].strip("-"),
            name=name,
            description=self.request.description.strip() or name,
            owner=_owner(self.request.owner),
            domain=subject.domain.replace("_", "-"),
            tags=tuple(tags),
        )

    def _schema(self, composed: Composed, subject: Subject) -> Schema:
        title = "".join(word.capitalize() for word in words(self.request.product_name))
        legal = re.sub(r"[^A-Za-z0-9]", "", title) or "Product"
        name = legal if not legal[0].isdigit() else f"P{legal}"
        doc = " ".join(self.request.description.split())[:500]
        return schema_of(composed, name, subject.domain, doc)

    def _topic(
        self,
        promises: Promises,
        throughput: Throughput | None,
        subject: Subject,
        composed: Composed,
    ) -> tuple[TopicPlan, list[Note]]:
        naming = self.context.naming
        domain = "" if subject.domain == GENERAL else subject.domain
        name = naming.name(
            domain or slug(self.request.owner.rpartition("/")[2]), self.request.product_name
        )
        partitions = partitions_of(promises, throughput)
        replication = replication_of(promises, self.context.brokers, self.context.replication)
        cleanup, cleanup_note = _cleanup(promises, keyed=composed.key is not None)
        retention, retention_note = _retention(promises, cleanup)
        topic = TopicPlan(
            cluster=self.context.cluster, name=name, partitions=min(partitions.value, 10_000),
            replication=replication.value, retention_ms=retention, cleanup=cleanup,
            settings=_settings(replication),
        )  # fmt: skip
        notes = [
            Note(about="topic.name", because=f"the naming is {naming.why}"),
            Note(about="topic.partitions", because=partitions.because, given=partitions.given),
            Note(about="topic.replication", because=replication.because, given=replication.given),
            cleanup_note,
            retention_note,
        ]
        return topic, notes

    def _inputs(self) -> tuple[str, ...]:
        """Sources that the description calls by their names."""
        text = self.request.description.lower()
        return tuple(
            known.name
            for known in self.context.closest
            if re.search(rf"(?<![\w.-]){re.escape(known.name.lower())}(?![\w-])", text)
        )


def _owner(owner: str) -> str:
    if _REFERENCE.fullmatch(owner.strip()):
        return owner.strip()
    return f"group:default/{slug(owner)[:63].strip('-') or 'unknown'}"


def _settings(replication: Sized) -> dict[str, str]:
    return {"min.insync.replicas": str(replication.value - 1)} if replication.value > 2 else {}


def _cleanup(promises: Promises, keyed: bool) -> tuple[CleanupPolicy, Note]:
    about = "topic.cleanup"
    if promises.compact and not promises.uncompacted and keyed:
        both = promises.retention is not None and promises.retention.value != FOREVER
        policy = CleanupPolicy.COMPACT_DELETE if both else CleanupPolicy.COMPACT
        return policy, Note(
            about=about, because=f'"{promises.compact}" asks for the latest of each key', given=True
        )
    why = "each message tells something of its own"
    if promises.uncompacted:
        why = f'"{promises.uncompacted}" asks for all of them'
    elif promises.compact:
        why = f'"{promises.compact}" asks for the latest of each key, but no field can be the key'
    return CleanupPolicy.DELETE, Note(about=about, because=why, given=bool(promises.uncompacted))


def _retention(promises: Promises, cleanup: CleanupPolicy) -> tuple[int, Note]:
    about = "topic.retention_ms"
    if promises.retention is not None:
        value = int(promises.retention.value)
        return value, Note(about=about, because=f'"{promises.retention.says}"', given=True)
    if cleanup is CleanupPolicy.COMPACT:
        return FOREVER, Note(about=about, because="the latest of each key stays for good")
    return WEEK_MS, Note(
        about=about, because="seven days, Kafka's own default, since the text says nothing"
    )


def _latency(promises: Promises) -> int | None:
    said = promises.latency or promises.timeliness
    return max(1, round(said.value)) if said else None


def _compatibility(promises: Promises, topic: TopicPlan) -> tuple[Compatibility, Note]:
    about = "schema_plan.compatibility"
    if promises.compatibility is not None:
        level, says = promises.compatibility
        return Compatibility(level), Note(about=about, because=f'"{says}"', given=True)
    if (
        topic.retention_ms == FOREVER
        or topic.retention_ms > LONG_MS
        or "compact" in topic.cleanup.value
    ):
        return Compatibility.BACKWARD_TRANSITIVE, Note(
            about=about,
            because="readers meet messages of every earlier version, since they are kept for long",
        )
    return Compatibility.BACKWARD, Note(
        about=about, because="readers can be moved first, and old messages are soon gone"
    )


def _stream_rules(reading: Reading, composed: Composed) -> Iterator[QualityRule]:
    promises = reading.promises
    said = promises.timeliness or promises.latency
    if said is not None and composed.event_time is not None:
        name = composed.event_time.name
        yield QualityRule(
            id=f"{name}-timeliness"[:100], metric=Metric.TIMELINESS, field=name,
            max_delay_ms=max(1, round(said.value)), reason=f'the description says "{said.says[:250]}"',
        )  # fmt: skip
    rhythm = promises.rhythm
    if rhythm is not None and rhythm.value >= 1_000:
        yield QualityRule(
            id="stream-freshness", metric=Metric.FRESHNESS, severity=Severity.WARNING,
            max_delay_ms=round(3 * rhythm.value), reason=f'with messages "{rhythm.says}", three missing ones in a row are a silence',
        )  # fmt: skip


def _distinct(rules: tuple[QualityRule, ...]) -> tuple[QualityRule, ...]:
    return tuple({rule.id: rule for rule in rules}.values())


def _tags(
    reading: Reading, subject: Subject, topic: TopicPlan, sensitive: bool
) -> Iterator[tuple[str, str]]:
    if subject.domain != GENERAL:
        yield subject.domain.replace("_", "-"), f"its domain: {subject.because}"
    if subject.main is not None:
        yield slug(subject.main.name), f"it tells of a {subject.main.name}"
    latency = _latency(reading.promises)
    if latency is not None and latency <= REAL_TIME_MS:
        yield "real-time", f"consumers need it within {latency} ms"
    if sensitive:
        yield "confidential", "it has sensitive fields"
    if "compact" in topic.cleanup.value:
        yield "latest-state", "the topic keeps the latest of each key"


def _tag_notes(tags: list[tuple[str, str]]) -> Iterator[Note]:
    for name, because in tags:
        yield Note(about=f"product.tags.{name}", because=because)


def _notes(
    reading: Reading, composed: Composed, subject: Subject, sensitive: list[tuple[str, str, bool]]
) -> Iterator[Note]:
    yield Note(about="product.domain", because=subject.because)
    if composed.key is not None:
        because = f'"{composed.key_because}"' if composed.key_given else composed.key_because
        yield Note(
            about="schema_plan.key", because=because or "it comes first", given=composed.key_given
        )
    if composed.event_time is not None:
        given = composed.event_time.given
        yield Note(
            about="schema_plan.event_time",
            because="the text names it" if given else composed.event_time.because,
            given=given,
        )
    if reading.promises.latency is not None:
        yield Note(about="latency_ms", because=f'"{reading.promises.latency.says}"', given=True)
    elif reading.promises.timeliness is not None:
        yield Note(
            about="latency_ms",
            because=f'"{reading.promises.timeliness.says}": later it is of no use',
        )
    for path, sketch in paths(composed.sketches.fields):
        if not sketch.given and sketch.because:
            yield Note(about=f"schema_plan.value.{path}", because=sketch.because)
    for path, because, given in sensitive:
        yield Note(about=f"schema_plan.sensitive.{path}", because=because, given=given)
    for no in composed.ruled_out:
        yield Note(
            about="schema_plan.value",
            because=f'no field {"_".join(no.words)}: "{no.says}"',
            given=True,
        )


def _risks(
    reading: Reading, composed: Composed, topic: TopicPlan, sensitive: list[tuple[str, str, bool]]
) -> Iterator[str]:
    if sensitive:
        listed = ", ".join(path for path, _, _ in sensitive)
        yield f"Sensitive fields ({listed}): decide who may read the topic before it is filled."
    if sensitive and topic.retention_ms == FOREVER and topic.cleanup is CleanupPolicy.DELETE:
        yield "Personal data is kept without an end: a right to erasure cannot be met by retention."
    if composed.key is None:
        yield "No field identifies what a message is about: messages have no key, and no order among them holds."
    if composed.key is not None and "compact" in topic.cleanup.value and not composed.key_given:
        yield f"The topic keeps the latest of each {composed.key.name}, which was not named as the key: check it."
    unique = [s.name for s in composed.sketches if Trait.UNIQUE in s.traits]
    if unique and (reading.promises.uncompacted or "compact" in topic.cleanup.value):
        yield f"{unique[0]} is to be unique, but the topic carries several messages of one: the rule counts them as repeats."
    keys = [names for names, _ in reading.promises.keys if len(names) > 1]
    if keys:
        yield f"The key is said to be {' and '.join(keys[0])}; a message has one key, so the first of them is taken."
    given = [sketch for sketch in composed.sketches if sketch.given]
    if len(given) < 3:
        yield "The description names few fields; most of the schema is proposed and wants a look."
