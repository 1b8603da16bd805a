"""Snippets in Python, for confluent-kafka with its serializers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from core.schema.model import Logical
from core.snippets.snippet import Language, Role, Snippet
from core.snippets.subject import AVRO, JSON, JSON_SCHEMA, About
from core.snippets.template import fill

_EXTRAS = {AVRO: "[avro,schemaregistry]", JSON_SCHEMA: "[json,schemaregistry]"}
_NOW = {
    Logical.EPOCH_SECONDS: "int(time.time())",
    Logical.EPOCH_MILLIS: "int(time.time() * 1000)",
    Logical.EPOCH_MICROS: "int(time.time() * 1_000_000)",
    Logical.DATE_TIME: 'time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())',
}


class _Code:
    """Code that stands in a literal as it is."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def python_snippets(about: About) -> list[Snippet]:
    made = [_consumer(about)]
    return [_producer(about), *made] if about.writable else made


def _producer(about: About) -> Snippet:
    record = _record(about)
    code = fill(
        "producer.py.txt",
        topic=about.topic,
        imports=_imports(about, "Producer", record),
        registry=_registry(about),
        record=record,
        settings=_settings(about, {"acks": "all", "enable.idempotence": True}),
        serializer=_serializer(about),
        key=_key(about),
        value=_serialized(about),
    )
    return _snippet(about, Role.PRODUCER, "produce.py", code)


def _consumer(about: About) -> Snippet:
    more = {"group.id": about.group, "auto.offset.reset": "earliest"}
    code = fill(
        "consumer.py.txt",
        topic=about.topic,
        imports=_imports(about, "Consumer", ""),
        registry=_registry(about),
        settings=_settings(about, more),
        deserializer=_deserializer(about),
        value=_deserialized(about),
    )
    return _snippet(about, Role.CONSUMER, "consume.py", code)


def _snippet(about: About, role: Role, filename: str, code: str) -> Snippet:
    verb = "Produce to" if role is Role.PRODUCER else "Consume"
    extras = _EXTRAS.get(about.format, "") if about.registry else ""
    return Snippet(
        topic=about.topic,
        language=Language.PYTHON,
        role=role,
        title=f"{verb} {about.topic} in Python",
        filename=filename,
        requires=f"pip install 'confluent-kafka{extras}'",
        code=code,
    )


def _imports(about: About, client: str, record: str) -> str:
    serde = "Serializer" if client == "Producer" else "Deserializer"
    plain = ["import datetime"] if "datetime." in record else []
    plain += ["import json"] if _is_json(about) else []
    plain += ["import os"] if _secured(about) else []
    plain += ["import time"] if "time.time()" in record or "time.gmtime()" in record else []
    plain += ["from decimal import Decimal"] if "Decimal(" in record else []
    own = [f"from confluent_kafka import {client}"]
    if about.registry and about.format in _EXTRAS:
        module, name = ("avro", "Avro") if about.format == AVRO else ("json_schema", "JSON")
        own += [
            "from confluent_kafka.schema_registry import SchemaRegistryClient",
            f"from confluent_kafka.schema_registry.{module} import {name}{serde}",
            "from confluent_kafka.serialization import MessageField, SerializationContext",
        ]
    return "\n".join([*plain, *([""] if plain else []), *own])


def _is_json(about: About) -> bool:
    return about.format == JSON


def _registry(about: About) -> str:
    if not about.registry or about.format not in _EXTRAS:
        return ""
    return f'registry = SchemaRegistryClient({{"url": {_text(about.registry)}}})'


def _record(about: About) -> str:
    value = about.avro_record if about.format == AVRO else about.record
    if about.time_field is not None and isinstance(value, dict):
        name, place = about.time_field
        if name in value and place.logical is not None:
            value = {**value, name: _Code(_NOW[place.logical])}
    return _written(value, "")


def _written(value: Any, indent: str) -> str:
    """A literal with a line for each member."""
    inner = f"{indent}    "
    if isinstance(value, dict) and value:
        lines = [f"{inner}{_text(k)}: {_written(v, inner)},\n" for k, v in value.items()]
        return f"{{\n{''.join(lines)}{indent}}}"
    if isinstance(value, list) and value:
        lines = [f"{inner}{_written(item, inner)},\n" for item in value]
        return f"[\n{''.join(lines)}{indent}]"
    return _literal(value)


def _settings(about: About, more: Mapping[str, Any]) -> str:
    endpoint = about.endpoint
    told = {"bootstrap.servers": endpoint.bootstrap_servers, **endpoint.settings, **more}
    lines = [f"    {_text(name)}: {_literal(value)}," for name, value in told.items()]
    if _secured(about):
        lines.append('    "sasl.username": os.environ["KAFKA_USERNAME"],')
        lines.append('    "sasl.password": os.environ["KAFKA_PASSWORD"],')
    return "\n".join(["{", *lines, "}"])


def _secured(about: About) -> bool:
    return "SASL" in about.endpoint.settings.get("security.protocol", "").upper()


def _subject(about: About) -> str:
    """Where the subject is not named after the topic, the serializer must be told."""
    if about.view.subject == f"{about.topic}-value":
        return ""
    subject = _text(about.view.subject or "")
    return f'    "subject.name.strategy": lambda context, record_name: {subject},\n'


def _serializer(about: About) -> str:
    if not about.registry or about.format not in _EXTRAS:
        return ""
    registered = (
        f'{{\n    "auto.register.schemas": False,\n    "use.latest.version": True,\n'
        f"{_subject(about)}}}"
    )
    if about.format == AVRO:
        return f"serialize = AvroSerializer(registry, conf={registered})"
    return f"serialize = JSONSerializer(None, registry, conf={registered})"


def _deserializer(about: About) -> str:
    if not about.registry or about.format not in _EXTRAS:
        return ""
    if about.format == AVRO:
        return "deserialize = AvroDeserializer(registry)"
    return "deserialize = JSONDeserializer(None, schema_registry_client=registry)"


def _serialized(about: About) -> str:
    if about.registry and about.format in _EXTRAS:
        return "serialize(record, SerializationContext(TOPIC, MessageField.VALUE))"
    return "json.dumps(record).encode()"


def _deserialized(about: About) -> str:
    if about.registry and about.format in _EXTRAS:
        return "deserialize(message.value(), SerializationContext(TOPIC, MessageField.VALUE))"
    return "json.loads(message.value())" if _is_json(about) else "message.value()"


def _key(about: About) -> str:
    if not about.key_path:
        return ""
    path = "".join(f"[{_text(step)}]" for step in about.key_path)
    return f"\n    key=str(record{path}),"


def _text(text: str) -> str:
    return json.dumps(str(text), ensure_ascii=False)


def _literal(value: Any) -> str:
    return _text(value) if isinstance(value, str) else repr(value)
