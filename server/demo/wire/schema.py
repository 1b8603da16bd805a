"""The schemas that a topic's producers register, under their subjects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.decoding.registered import SchemaKind
from server.demo.topic import Event, Naming, Topic, Writing
from server.demo.wire.avro import avro_schema, shared_records
from server.demo.wire.json_schema import json_schema
from server.demo.wire.protobuf import proto_file, proto_text

_KINDS: Mapping[Writing, SchemaKind] = {
    Writing.REGISTERED_AVRO: SchemaKind.AVRO,
    Writing.REGISTERED_PROTOBUF: SchemaKind.PROTOBUF,
    Writing.REGISTERED_JSON: SchemaKind.JSON_SCHEMA,
}

SchemaKey = tuple[str, int]
"""An event's name and the version of its schema."""


@dataclass(frozen=True, slots=True)
class SchemaText:
    """One version for the registry; `references` are shared schemas, each under its own name."""

    key: SchemaKey
    subject: str
    kind: SchemaKind
    text: str
    references: tuple[str, ...] = ()


def schemas_of(topic: Topic) -> Iterator[SchemaText]:
    """Every version of every event's schema, oldest first; nothing for unregistered writing."""
    if topic.writing.registered:
        for event in topic.events:
            for version in range(1, event.versions + 1):
                yield _schema(topic, event, version)


def shared_schemas_of(topic: Topic) -> Iterator[SchemaText]:
    """The Avro records that the topic's schemas refer to, each under a subject of its own name."""
    if topic.writing is Writing.REGISTERED_AVRO:
        for event in topic.events:
            for name, text in shared_records(event).items():
                yield SchemaText((name, 1), name, SchemaKind.AVRO, text)


def schema_text(topic: Topic, event: Event, version: int) -> str:
    """The text in the language of the topic's writing (Avro where it is raw or in containers)."""
    match topic.writing:
        case Writing.REGISTERED_PROTOBUF:
            return proto_text(proto_file(event, topic.namespace, version))
        case Writing.REGISTERED_JSON:
            return json_schema(event, version)
        case _:
            return avro_schema(event, topic.namespace, version)


def _schema(topic: Topic, event: Event, version: int) -> SchemaText:
    return SchemaText(
        key=(event.name, version),
        subject=_subject(topic, event),
        kind=_KINDS[topic.writing],
        text=schema_text(topic, event, version),
        references=tuple(schema.subject for schema in shared_schemas_of(topic)),
    )


def _subject(topic: Topic, event: Event) -> str:
    full_name = f"{topic.namespace}.{event.name}"
    match topic.naming:
        case Naming.TOPIC:
            return f"{topic.name}-value"
        case Naming.RECORD:
            return full_name
        case Naming.TOPIC_RECORD:
            return f"{topic.name}-{full_name}"
