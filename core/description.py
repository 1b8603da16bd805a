"""One sentence on a source, written by rules out of its names and what was measured.

Names are untrusted: only their words are taken, a few of them, and never a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from core.report import SampleReport
from core.schema.model import ITEMS, VALUES, Field, Schema
from core.source import Description

MAX_FIELDS = 8
MAX_LENGTH = 400
_MAX_NAME = 48

_WORD = re.compile(r"[vV]\d{1,4}(?![^\W_])|\d+|[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_VERSION = re.compile(r"v\d{1,4}|\d{1,3}")
_SENTENCE = re.compile(r"(.+?[.!?])(?:\s|$)", re.DOTALL)

_ENVIRONMENTS = frozenset({"prod", "production", "stg", "staging", "dev", "uat", "qa", "public"})

_MEANINGS = {
    "acct": "account", "addr": "address", "amt": "amount", "avg": "average", "cat": "category",
    "cfg": "configuration", "cnt": "count", "ctry": "country", "curr": "currency",
    "cust": "customer", "desc": "description", "dept": "department", "dlq": "dead letters",
    "dob": "date of birth", "emp": "employee", "evt": "event", "evts": "events",
    "inv": "invoice", "loc": "location", "mgr": "manager", "ml": "machine learning",
    "msg": "message", "msgs": "messages", "nbr": "number", "num": "number", "ord": "order",
    "org": "organisation", "pct": "percent", "pmt": "payment", "po": "purchase order",
    "prd": "product", "prod": "product", "qty": "quantity", "ref": "reference",
    "shpmt": "shipment", "sku": "stock keeping unit", "supp": "supplier", "tel": "telephone",
    "trx": "transaction", "ts": "timestamp", "tx": "transaction", "txn": "transaction",
    "usr": "user", "vnd": "vendor", "wh": "warehouse",
}  # fmt: skip
"""Abbreviations that fields and topics use, spelled out."""

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


def words_of(name: str) -> tuple[str, ...]:
    """The words of a `snake_case`, `kebab-case`, `dotted.name` or `camelCase` name, lower case."""
    runs = _WORD.findall(name[: _MAX_NAME * 4])
    return tuple(word.lower() for run in runs for word in _CAMEL.split(run))


def spell(name: str) -> str:
    """A name as words with common abbreviations spelled out: `custAddr` -> `customer address`."""
    words = words_of(name)
    return " ".join(_MEANINGS.get(word, word) for word in words)[:_MAX_NAME].strip()


def title_of(topic: str) -> str:
    """What a topic is called in words; environment and version words at the ends are dropped."""
    words = list(words_of(topic))
    while len(words) > 1 and words[0] in _ENVIRONMENTS:
        words = words[1:]
    while len(words) > 1 and _VERSION.fullmatch(words[-1]):
        words = words[:-1]
    spelled = " ".join(_MEANINGS.get(word, word) for word in words)[: _MAX_NAME * 2].strip()
    return spelled[:1].upper() + spelled[1:] if spelled else "A topic"


def describe(topic: str, schema: Schema | None, report: SampleReport) -> Description:
    """The registered schema's own first sentence where it has one, else a sentence by rules."""
    if schema is not None and (doc := _plain(schema.doc or schema.root.doc)):
        sentence = _SENTENCE.match(doc)
        return Description(text=_cut(sentence.group(1) if sentence else doc), by="registry")
    parts = [f"{title_of(topic)}: {_form(report)}", *_details(schema, report)]
    return Description(text=_cut(" ".join(parts)) + ".", by="rules")


def _form(report: SampleReport) -> str:
    if not report.values:
        return "no readable messages" if report.failures else "no messages yet"
    dominant = max(report.values, key=lambda count: count.messages)
    return _FORMAT_NAMES.get(dominant.format, "messages")


def _details(schema: Schema | None, report: SampleReport) -> Iterator[str]:
    if key := _names(report.key_fields, 3):
        yield f"keyed by {key}"
    by_share = sorted(report.event_kinds, key=lambda kind: -kind.share)
    if kinds := _names((kind.name for kind in by_share), 5):
        yield f"of the kinds {kinds}"
    if schema is None:
        return
    telling = _telling_fields(schema)
    if fields := _names(telling, MAX_FIELDS):
        rest = len(dict.fromkeys(telling)) - MAX_FIELDS
        yield f"with {fields}" + (f" and {rest} more fields" if rest > 1 else "")


def _telling_fields(schema: Schema) -> list[str]:
    """Names of leaves and groups near the root that tell what a message is about."""
    children = _unwrapped(schema.root)
    names = [child.name for child in children if child.name not in (ITEMS, VALUES)]
    telling = [name for name in names if "_".join(words_of(name)) not in _ENVELOPE]
    return telling or names


def _unwrapped(parent: Field) -> Sequence[Field]:
    """The fields of an envelope's payload where there is one, else the fields themselves."""
    for child in parent.children:
        if child.name in ("data", "payload", "body", "after", ITEMS) and child.children:
            return _unwrapped(child)
    return parent.children


def _names(names: Iterable[str], most: int) -> str:
    spelled = list(dict.fromkeys(text for name in names if (text := spell(name))))[:most]
    return ", ".join(spelled)


def _plain(text: str) -> str:
    """Text of others without control characters and runs of blanks."""
    printable = "".join(char if char.isprintable() else " " for char in text[: MAX_LENGTH * 4])
    return " ".join(printable.split())


def _cut(text: str) -> str:
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1].rsplit(" ", 1)[0] + "…"
