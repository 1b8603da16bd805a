"""One sampled topic against what the catalog knows of it: pure work for a thread."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.decoding.column import Schemas
from core.decoding.decoded import DecodedBatch, FailureReason, SchemaRef
from core.decoding.message import Message
from core.decoding.payload import decode
from core.evolution import settle
from core.inference.codec import ProfileUnreadableError
from core.inference.topic import TopicProfile
from core.ownership import OwnerEvidence, OwnerRules, guess_owner, team_of_group
from core.report import SampleReport, schema_label
from core.schema.diff import diff
from core.schema.fingerprint import fingerprint
from core.schema.model import Schema
from core.source import Owner, SourceChangeKind, SourceStatus
from tools.db.finding import (
    Changes,
    FailedTopic,
    Finding,
    Known,
    Offsets,
    Placement,
    Producer,
    Stored,
)
from tools.discovery.sample_report import report_of
from tools.discovery.view import View, view_of
from tools.kafka.sampler import TopicSample

_NEARLY_ALL = 0.9

_APPLICATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
"""Anything else in a header is no name to be kept."""

MAX_LINES = 200
"""Lines of a field diff that are kept; a wider change says how many more there were."""


MAX_UNKNOWN = 50
"""Unknown schemas of a topic that later scans ask the registry for."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """A topic's sample with all that is needed to study it.

    `schemas` answers the references in the messages, `newest` the schema that was in view before;
    a reference that is missing in `schemas` could not be looked up.
    """

    placement: Placement
    sample: TopicSample
    references: frozenset[SchemaRef]
    schemas: Schemas
    newest: Schemas
    stored: Stored | None


def study(sampled: Sampled, rules: OwnerRules) -> Finding | FailedTopic:
    """Decode, profile and infer, and compare with the stored version."""
    if unanswered := sampled.references - sampled.schemas.keys():
        return failed(
            sampled.placement,
            f"the schema registry did not answer for {len(unanswered)} schemas; the next scan "
            "reads the topic again",
            sampled.stored,
        )
    batch = decode(sampled.sample.messages, sampled.schemas)
    profile = TopicProfile.of(batch)
    view = view_of(sampled.placement.name, profile, _types(batch), sampled.schemas, sampled.newest)
    inferred, kinds = (view.inferred, view.kinds) if view else (None, ())
    report = report_of(batch, inferred, kinds).model_copy(
        update={
            "oversized": sampled.sample.oversized,
            "unknown_schemas": _unknown_schemas(sampled, batch),
            "error": sampled.sample.error,
            "seconds": round(sampled.sample.seconds, 3),
        }
    )
    return _finding(sampled, profile, view, report, rules)


def _unknown_schemas(sampled: Sampled, batch: DecodedBatch) -> tuple[str, ...]:
    """What the registry lacks of the schemas that undecoded messages name."""
    if not any(failure.reason is FailureReason.UNKNOWN_SCHEMA for failure in batch.failures):
        return ()
    schemas = ((ref, sampled.schemas[ref]) for ref in sampled.references)
    lacking = (schema_label(ref) for ref, found in schemas if found is None or found.problem)
    return tuple(sorted(lacking)[:MAX_UNKNOWN])


def _types(batch: DecodedBatch) -> dict[SchemaRef, str]:
    """The commonest message type of each Protobuf schema."""
    ranked = sorted(batch.values, key=lambda group: len(group.values))
    return {g.schema: g.type_name for g in ranked if g.schema and g.type_name}


def failed(placement: Placement, error: str, stored: Stored | None) -> FailedTopic:
    """A topic that could not be read or understood."""
    return FailedTopic(placement, error[:500], presence(stored))


def _finding(
    sampled: Sampled,
    profile: TopicProfile,
    view: View | None,
    report: SampleReport,
    rules: OwnerRules,
) -> Finding:
    stored = sampled.stored
    schema = _schema(view, stored)
    print_ = fingerprint(schema) if schema is not None else None
    new_version = schema is not None and (stored is None or print_ != stored.fingerprint)
    subject = _subject(view, stored)
    signatures = _signatures(sampled.sample.messages, rules.headers)
    return Finding(
        placement=sampled.placement,
        offsets=sampled.sample.offsets,
        format=_format(profile, stored),
        schema=schema,
        fingerprint=print_,
        version=(stored.version if stored else 0) + new_version,
        new_version=new_version,
        registered=bool(view.registered if view else stored and stored.registered),
        subject=subject,
        schema_id=_schema_id(view, stored),
        profile=_kept_profile(sampled, profile, new_version).to_bytes(
            view.inferred.tree if view else None
        ),
        report=report,
        description=stored.description if stored and not new_version else None,
        owner=_owner(sampled, schema, subject, signatures, rules),
        changes=(*presence(stored), *_changes(stored, schema, new_version)),
        producer=producer_of(signatures, rules),
    )


def _schema(view: View | None, stored: Stored | None) -> Schema | None:
    """What was read now in the light of what was known; a topic run empty keeps its schema."""
    if view is None:
        return stored.schema if stored else None
    if stored is None or stored.schema is None or stored.registered != bool(view.registered):
        return view.schema
    if view.registered is not None and not view.several:
        return view.schema
    return settle(stored.schema, view.schema)


def _subject(view: View | None, stored: Stored | None) -> str | None:
    if view is None:
        return stored.subject if stored else None
    return view.registered.subject if view.registered else None


def _schema_id(view: View | None, stored: Stored | None) -> int | None:
    if view is None:
        return stored.schema_id if stored else None
    return view.registered.ref.id if view.registered else None


def _format(profile: TopicProfile, stored: Stored | None) -> str:
    if profile.dominant_format is not None:
        return profile.dominant_format
    if profile.failures:
        return "unknown"
    return stored.format if stored else "empty"


def _kept_profile(sampled: Sampled, profile: TopicProfile, new_version: bool) -> TopicProfile:
    """The stored profile with the messages that have arrived since, each counted once; a new
    version starts from its own sample."""
    stored = sampled.stored
    if stored is None or stored.profile is None or new_version:
        return profile
    try:
        earlier = TopicProfile.from_bytes(stored.profile)
    except ProfileUnreadableError:
        return profile
    fresh = [message for message in sampled.sample.messages if _is_fresh(message, stored.offsets)]
    return earlier + TopicProfile.of(decode(fresh, sampled.schemas))


def _is_fresh(message: Message, offsets: Offsets) -> bool:
    _, high = offsets.get(message.partition, (0, 0))
    return message.offset >= high


def _owner(
    sampled: Sampled,
    schema: Schema | None,
    subject: str | None,
    signatures: Mapping[str, str],
    rules: OwnerRules,
) -> Owner | None:
    """The owner as guessed now; a sample without messages does not take an earlier guess away."""
    evidence = OwnerEvidence(
        topic=sampled.placement.name,
        subject=subject,
        properties=schema.extra if schema else {},
        config=sampled.placement.config or {},
        headers=signatures,
    )
    known = sampled.stored.owner if sampled.stored and not sampled.sample.messages else None
    return guess_owner(evidence, rules) or known


def producer_of(signatures: Mapping[str, str], rules: OwnerRules) -> Producer | None:
    """Who signs the messages of a sample, where what is signed looks like an application's name."""
    for header in rules.producer_headers:
        name = signatures.get(header, "")
        if _APPLICATION.fullmatch(name):
            return Producer(name, team_of_group(name, rules), header)
    return None


def _signatures(messages: Sequence[Message], names: Sequence[str]) -> dict[str, str]:
    """The values of these headers that (nearly) every message carries."""
    seen = Counter(
        (name, value)
        for message in messages
        for name, value in message.headers
        if name in names and value
    )
    enough = _NEARLY_ALL * len(messages)
    return {
        name: value.decode("utf-8", "replace")
        for (name, value), count in seen.items()
        if count >= enough
    }


def presence(stored: Stored | Known | None) -> Changes:
    """Whether a topic that is there now is new or has come back."""
    if stored is None:
        return ((SourceChangeKind.NEW, ()),)
    returned = stored.status is SourceStatus.VANISHED
    return ((SourceChangeKind.RETURNED, ()),) if returned else ()


def _changes(stored: Stored | None, schema: Schema | None, new_version: bool) -> Changes:
    if stored is None or schema is None or not new_version:
        return ()
    if stored.schema is None:
        fields = sum(1 for _ in schema.walk())
        return ((SourceChangeKind.CHANGED, (f"first readable messages: {fields} fields",)),)
    lines = tuple(change.line for change in diff(stored.schema, schema))
    if len(lines) > MAX_LINES:
        lines = (*lines[:MAX_LINES], f"and {len(lines) - MAX_LINES} more changes")
    return ((SourceChangeKind.CHANGED, lines),)
