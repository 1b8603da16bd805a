"""One sentence on a source, written by rules out of its names and what was measured.

Names are untrusted: only their words are taken, a few of them, and never a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from core.listing import joined
from core.names import words
from core.report import EventKindCount, SampleReport
from core.schema.model import ITEMS, VALUES, Field, Schema
from core.source import Description
from core.spelling import spell, title_of

MAX_FIELDS = 8
MAX_KINDS = 5
MAX_LENGTH = 400

_SENTENCE = re.compile(r"(.+?[.!?])(?:\s|$)", re.DOTALL)
_COLUMN = re.compile(r"column_?\d+")

_KIND_WORDS = 4
_KIND_LETTERS = 3
"""Kinds of more words, or of fewer letters (the `u` of a change log), tell a reader nothing."""

_ENVELOPE = frozenset(
    {
        "id", "uuid", "guid", "key", "type", "version", "timestamp", "ts", "time", "datetime",
        "created", "updated", "created_at", "updated_at", "event_id", "event_type", "event_time",
        "event_version", "message_id", "schema_version", "source", "metadata", "meta", "headers",
        "trace_id", "correlation_id", "specversion", "data", "payload",
    }
)  # fmt: skip
"""Fields that nearly every message has: they tell nothing of what it is about."""

_FORMAT_NAMES = {
    "json": "JSON records", "avro": "Avro records", "avro-container": "Avro container files",
    "protobuf": "Protobuf records", "json-schema": "JSON records", "msgpack": "MessagePack records",
    "cbor": "CBOR records", "csv": "rows of comma-separated text", "text": "lines of text",
    "binary": "binary messages",
}  # fmt: skip


def describe(topic: str, schema: Schema | None, report: SampleReport) -> Description:
    """The registered schema's own first sentence where it has one, else a sentence by rules."""
    if schema is not None and (doc := _plain(schema.doc or schema.root.doc)):
        sentence = _SENTENCE.match(doc)
        return Description(text=_cut(sentence.group(1) if sentence else doc), by="registry")
    return Description(text=_cut(title_of(topic) + _contents(schema, report)) + ".", by="rules")


def _contents(schema: Schema | None, report: SampleReport) -> str:
    """What follows the title: the format, the key, the fields and the kinds of events."""
    if not report.values:
        return ", none of it readable" if report.failures else ", with no messages so far"
    dominant = max(report.values, key=lambda count: count.messages)
    keys = _spelled(report.key_fields)[:3]
    keyed = f" keyed by {joined(keys)}" if keys else ""
    fields = _fields(schema, report) if schema is not None else ""
    form = _FORMAT_NAMES.get(dominant.format, "messages")
    return f" as {form}{keyed}{fields}{_events(report.event_kinds)}"


def _fields(schema: Schema, report: SampleReport) -> str:
    """Fields that tell what the messages are about; those that were told already are left out."""
    told = {*report.key_fields, *(kind.told_by for kind in report.event_kinds)}
    names = list(_telling_fields(schema, told))
    if names and all(map(_COLUMN.fullmatch, names)):
        return f" with {len(names)} columns without names"
    spelled = _spelled(names)
    rest = len(spelled) - MAX_FIELDS
    if rest > 1:
        spelled = [*spelled[:MAX_FIELDS], f"{rest} more fields"]
    return f", with {joined(spelled)}" if spelled else ""


def _telling_fields(schema: Schema, told: set[str]) -> Iterator[str]:
    """Names of leaves and groups near the root that tell what a message is about."""
    names = [c.name for c in _unwrapped(schema.root) if c.name not in (ITEMS, VALUES)]
    telling = [name for name in names if name not in told and not _is_envelope(name)]
    yield from telling or (name for name in names if name not in told)


def _is_envelope(name: str) -> bool:
    spoken = words(name)
    return "_".join(spoken) in _ENVELOPE or len("".join(spoken)) < 2


def _unwrapped(parent: Field) -> Sequence[Field]:
    """The fields of an envelope's payload where there is one, else the fields themselves."""
    for child in parent.children:
        if child.name in ("data", "payload", "body", "after", ITEMS) and child.children:
            return _unwrapped(child)
    return parent.children


def _events(kinds: Sequence[EventKindCount]) -> str:
    """The commonest kinds, where their names say something; what all begin with is said once."""
    spelled = _spelled(kind.name for kind in sorted(kinds, key=lambda kind: -kind.share))
    if len(spelled) < 2 or not all(map(_tells, spelled)):
        return ""
    first = [kind.split(" ", 1) for kind in spelled]
    if all(len(kind) == 2 and kind[0] == first[0][0] for kind in first):
        spelled = [spelled[0], *(kind[1] for kind in first[1:])]
    rest = len(spelled) - MAX_KINDS
    if rest > 1:
        spelled = [*spelled[:MAX_KINDS], f"{rest} more"]
    return f"; events: {joined(spelled)}"


def _tells(kind: str) -> bool:
    return len(kind) >= _KIND_LETTERS and len(kind.split()) <= _KIND_WORDS


def _spelled(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for name in names if (text := spell(name))))


def _plain(text: str) -> str:
    """Text of others without control characters and runs of blanks."""
    printable = "".join(char if char.isprintable() else " " for char in text[: MAX_LENGTH * 4])
    return " ".join(printable.split())


def _cut(text: str) -> str:
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1].rsplit(" ", 1)[0] + "…"
