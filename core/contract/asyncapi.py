"""A product as an AsyncAPI 3.1.0 document with Kafka bindings 0.5.0: it sends to its topics."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.contract.port import Endpoint, PortView
from core.product import DataProduct
from core.schema import avro_writer, json_schema_writer
from core.schema.model import Schema

VERSION = "3.1.0"
BINDING = {"bindingVersion": "0.5.0"}

AVRO = "application/vnd.apache.avro;version=1.9.0"
JSON_SCHEMA = "application/schema+json;version=draft-07"

_CONTENT = {"avro": "application/vnd.apache.avro", "protobuf": "application/vnd.google.protobuf"}
_NUMBERS = frozenset({"retention.ms", "retention.bytes", "delete.retention.ms"}) | {
    "max.message.bytes"
}
_UNFIT = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True, slots=True)
class Application:
    """Who sends: a product, or whoever produces to a topic that belongs to none. `id` is a URN."""

    id: str
    title: str
    version: str
    description: str
    contact: str | None
    tags: tuple[str, ...] = ()


def asyncapi_of(
    product: DataProduct, ports: Sequence[PortView], endpoint: Endpoint
) -> dict[str, Any]:
    """The application is the product: its operations send, and a consumer receives."""
    application = Application(
        id=f"urn:headwater:product:{product.id}",
        title=product.name,
        version=product.version,
        description=product.description,
        contact=product.owner,
        tags=product.tags,
    )
    return asyncapi_from(application, ports, endpoint)


def asyncapi_from(
    application: Application, ports: Sequence[PortView], endpoint: Endpoint
) -> dict[str, Any]:
    """The document of an application that sends to these topics."""
    servers = _servers(endpoint, ports)
    return {
        "asyncapi": VERSION,
        "id": application.id,
        "info": _info(application),
        "servers": servers,
        "channels": {_key(view): _channel(view, list(servers)) for view in ports},
        "operations": {f"send-{_key(view)}": _operation(view) for view in ports},
        "components": {"messages": {_key(view): _message(view) for view in ports}},
    }


def _info(application: Application) -> dict[str, Any]:
    info: dict[str, Any] = {
        "title": application.title,
        "version": application.version,
        "description": application.description,
    }
    if application.contact:
        info["contact"] = {"name": application.contact}
    if application.tags:
        info["tags"] = [{"name": tag} for tag in dict.fromkeys(application.tags)]
    return info


def _servers(endpoint: Endpoint, ports: Sequence[PortView]) -> dict[str, Any]:
    """A server for each broker that is named, since a server has one host."""
    hosts = [host.strip() for host in endpoint.bootstrap_servers.split(",") if host.strip()]
    secure = "SSL" in endpoint.settings.get("security.protocol", "").upper()
    server: dict[str, Any] = {"protocol": "kafka-secure" if secure else "kafka"}
    if endpoint.registry is not None and any(view.registered for view in ports):
        told = {"schemaRegistryUrl": endpoint.registry, "schemaRegistryVendor": "confluent"}
        server["bindings"] = {"kafka": told | BINDING}
    name = _UNFIT.sub("-", endpoint.cluster) or "kafka"
    names = [name if n == 1 else f"{name}-{n}" for n in range(1, len(hosts) + 1)]
    return {name: {"host": host} | server for name, host in zip(names, hosts, strict=True)}


def _key(view: PortView) -> str:
    return _UNFIT.sub("-", view.topic)


def _channel(view: PortView, servers: Sequence[str]) -> dict[str, Any]:
    told: dict[str, Any] = {"topic": view.topic}
    told |= {"partitions": view.partitions} if view.partitions else {}
    told |= {"replicas": view.replication} if view.replication else {}
    if configs := _configs(view.configs):
        told["topicConfiguration"] = configs
    return {
        "address": view.topic,
        "servers": [{"$ref": f"#/servers/{name}"} for name in servers],
        "messages": {_key(view): {"$ref": f"#/components/messages/{_key(view)}"}},
        "bindings": {"kafka": told | BINDING},
    }


def _configs(configs: Mapping[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in configs.items():
        if name == "cleanup.policy":
            told[name] = [part.strip() for part in value.split(",")]
        elif name in _NUMBERS and re.fullmatch(r"-?\d+", value):
            told[name] = int(value)
        elif name not in _NUMBERS:
            told[name] = value
    return told


def _operation(view: PortView) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{_key(view)}"},
        "messages": [{"$ref": f"#/channels/{_key(view)}/messages/{_key(view)}"}],
        "bindings": {"kafka": dict(BINDING)},
    }


def _message(view: PortView) -> dict[str, Any]:
    bindings: dict[str, Any] = {"key": {"type": "string"}} if view.key else {}
    if view.registered:
        bindings |= {"schemaIdLocation": "payload", "schemaIdPayloadEncoding": "confluent"}
    message: dict[str, Any] = {
        "name": view.schema.name if view.schema and view.schema.name else view.topic,
        "contentType": _CONTENT.get(view.format, "application/json"),
        "bindings": {"kafka": bindings | BINDING},
    }
    if view.schema is not None:
        message["payload"] = _payload(view, view.schema)
    return message


def _payload(view: PortView, schema: Schema) -> dict[str, Any]:
    if view.format == "avro":
        return {"schemaFormat": AVRO, "schema": avro_writer.write(schema)}
    written = json_schema_writer.write(schema)
    written.pop("$schema")
    return {"schemaFormat": JSON_SCHEMA, "schema": written}
