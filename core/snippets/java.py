"""Snippets in Java, for kafka-clients with Confluent's serializers."""

from __future__ import annotations

import json

from core.snippets.snippet import Language, Role, Snippet
from core.snippets.subject import AVRO, JSON_SCHEMA, About
from core.snippets.template import fill

CLIENTS = "org.apache.kafka:kafka-clients:4.3.1"
SERDES = {
    AVRO: "io.confluent:kafka-avro-serializer:8.1.0",
    JSON_SCHEMA: "io.confluent:kafka-json-schema-serializer:8.1.0",
}
_STRING = "org.apache.kafka.common.serialization.String"
_BYTES = "org.apache.kafka.common.serialization.ByteArray"
_CLASSES = {
    AVRO: "io.confluent.kafka.serializers.KafkaAvro",
    JSON_SCHEMA: "io.confluent.kafka.serializers.json.KafkaJsonSchema",
}
_TYPES = {AVRO: "GenericRecord", JSON_SCHEMA: "JsonNode", "json": "String"}

_AVRO_RECORD = """        var registry = new CachedSchemaRegistryClient({url}, 10);
        var latest = registry.getLatestSchemaMetadata({subject}).getSchema();
        var schema = new Schema.Parser().parse(latest);
        var decoder = DecoderFactory.get().jsonDecoder(schema, json);
        var record = new GenericDatumReader<GenericRecord>(schema).read(null, decoder);"""

_JSON_RECORD = """        var registry = new CachedSchemaRegistryClient({url}, 10,
                List.of(new JsonSchemaProvider()), null);
        var latest = registry.getLatestSchemaMetadata({subject}).getSchema();
        var node = new ObjectMapper().readTree(json);
        var record = JsonSchemaUtils.envelope(new JsonSchema(latest), node);"""

_PRODUCER_IMPORTS = {
    AVRO: (
        "io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient",
        "org.apache.avro.Schema",
        "org.apache.avro.generic.GenericDatumReader",
        "org.apache.avro.generic.GenericRecord",
        "org.apache.avro.io.DecoderFactory",
    ),
    JSON_SCHEMA: (
        "com.fasterxml.jackson.databind.JsonNode",
        "com.fasterxml.jackson.databind.ObjectMapper",
        "com.fasterxml.jackson.databind.node.ObjectNode",
        "io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient",
        "io.confluent.kafka.schemaregistry.json.JsonSchema",
        "io.confluent.kafka.schemaregistry.json.JsonSchemaProvider",
        "io.confluent.kafka.schemaregistry.json.JsonSchemaUtils",
        "java.util.List",
    ),
}
_CONSUMER_IMPORTS = {
    AVRO: ("org.apache.avro.generic.GenericRecord",),
    JSON_SCHEMA: ("com.fasterxml.jackson.databind.JsonNode",),
}
_LOGIN = 'settings.put("sasl.jaas.config", System.getenv("KAFKA_JAAS_CONFIG"));'


def java_snippets(about: About) -> list[Snippet]:
    made = [_consumer(about)]
    return [_producer(about), *made] if about.writable else made


def _producer(about: About) -> Snippet:
    code = fill(
        "Produce.java.txt",
        topic=about.topic,
        imports=_imports(
            "java.util.Properties",
            "org.apache.kafka.clients.producer.KafkaProducer",
            "org.apache.kafka.clients.producer.ProducerRecord",
            *_PRODUCER_IMPORTS.get(about.format, ()),
        ),
        settings=_settings(about, "serializer", {"acks": "all", "enable.idempotence": "true"}),
        json=_block(about),
        record=_record(about),
        type="ObjectNode" if about.format == JSON_SCHEMA else _TYPES.get(about.format, "byte[]"),
        key=_key(about),
    )
    return _snippet(about, Role.PRODUCER, "Produce.java", code)


def _consumer(about: About) -> Snippet:
    more = {"group.id": about.group, "auto.offset.reset": "earliest"}
    code = fill(
        "Consume.java.txt",
        topic=about.topic,
        imports=_imports(
            "java.time.Duration",
            "java.util.List",
            "java.util.Properties",
            "org.apache.kafka.clients.consumer.KafkaConsumer",
            *_CONSUMER_IMPORTS.get(about.format, ()),
        ),
        settings=_settings(about, "deserializer", more),
        type=_TYPES.get(about.format, "byte[]"),
    )
    return _snippet(about, Role.CONSUMER, "Consume.java", code)


def _snippet(about: About, role: Role, filename: str, code: str) -> Snippet:
    verb = "Produce to" if role is Role.PRODUCER else "Consume"
    serde = [SERDES[about.format]] if about.registry and about.format in SERDES else []
    note = ["(from Confluent's own Maven repository)"] if serde else []
    return Snippet(
        topic=about.topic,
        language=Language.JAVA,
        role=role,
        title=f"{verb} {about.topic} in Java",
        filename=filename,
        requires=" ".join(["Java 17 or newer, Maven:", CLIENTS, *serde, *note]),
        code=code,
    )


def _imports(*names: str) -> str:
    return "\n".join(f"import {name};" for name in sorted(set(names)))


def _settings(about: About, direction: str, more: dict[str, str]) -> str:
    kind = direction.capitalize()
    value = f"{_CLASSES[about.format]}{kind}" if about.format in _CLASSES else None
    if value is None:
        value = f"{_STRING if about.format == 'json' else _BYTES}{kind}"
    told = {"bootstrap.servers": about.endpoint.bootstrap_servers, **about.endpoint.settings}
    told |= {f"key.{direction}": f"{_STRING}{kind}", f"value.{direction}": value, **more}
    if about.registry and about.format in SERDES:
        told["schema.registry.url"] = about.registry
        if direction == "serializer":
            told |= {"auto.register.schemas": "false", "use.latest.version": "true"}
    lines = [_put(name, value) for name, value in told.items()]
    if "SASL" in told.get("security.protocol", "").upper():
        lines.append(
            '        settings.put("sasl.jaas.config", System.getenv("KAFKA_JAAS_CONFIG"));'
        )
    return "\n".join(lines)


def _put(name: str, value: str) -> str:
    return f"        settings.put({_text(name)}, {_text(value)});"


def _block(about: About) -> str:
    """JSON in a text block: backslashes doubled, and no three quotes in a row."""
    text = about.avro_json if about.format == AVRO else _json(about)
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return "\n".join(f"                {line}" for line in escaped.splitlines())


def _json(about: About) -> str:
    return json.dumps(about.record, ensure_ascii=False, indent=2)


def _record(about: About) -> str:
    url, subject = _text(about.registry or ""), _text(about.view.subject or "")
    match about.format:
        case "avro":
            return _AVRO_RECORD.format(url=url, subject=subject)
        case "json-schema":
            return _JSON_RECORD.format(url=url, subject=subject)
    return "        var record = json.strip();"


def _key(about: About) -> str:
    value = about.record
    for step in about.key_path:
        value = value.get(step) if isinstance(value, dict) else None
    return "null" if value is None or not about.key_path else _text(str(value))


def _text(text: str) -> str:
    return json.dumps(text)
