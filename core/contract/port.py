"""An output port as consumers meet it: its topic with schema, key and settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.contract.document import (
    COMPATIBILITY,
    EVENT_TIME,
    FORMAT,
    MESSAGE_KEY,
    SUBJECT,
    OdcsDocument,
)
from core.contract.entries import rules_of
from core.contract.properties import schema_of
from core.product import OutputPort
from core.quality.rule import QualityRule
from core.schema.model import Schema


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a cluster is reached: `host:port,...`, its Schema Registry, its client settings.

    `settings` are librdkafka's without secrets, such as `security.protocol`.
    """

    cluster: str
    bootstrap_servers: str
    registry: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PortView:
    """What is known of a port; `format` is avro, json-schema (both registered), json or another."""

    port: OutputPort
    schema: Schema | None = None
    format: str = "json"
    subject: str | None = None
    compatibility: str | None = None
    key: str | None = None
    event_time: str | None = None
    rules: tuple[QualityRule, ...] = ()
    partitions: int | None = None
    replication: int | None = None
    configs: Mapping[str, str] = field(default_factory=dict)

    @property
    def topic(self) -> str:
        return self.port.topic

    @property
    def registered(self) -> bool:
        return self.subject is not None


def promised(contract: OdcsDocument, port: OutputPort) -> PortView | None:
    """The port as a contract describes it, or None where it says nothing of the topic."""
    found = contract.topic_object(port.topic)
    if found is None:
        return None
    configs = contract.custom("topicConfig", port.topic)
    return PortView(
        port=port,
        schema=schema_of(found) if "properties" in found else None,
        format=_text(contract, FORMAT, port) or "json",
        subject=_text(contract, SUBJECT, port),
        compatibility=_text(contract, COMPATIBILITY, port),
        key=_text(contract, MESSAGE_KEY, port),
        event_time=_text(contract, EVENT_TIME, port),
        rules=rules_of(found),
        partitions=_number(contract, "partitions", port),
        replication=_number(contract, "replicationFactor", port),
        configs={str(k): str(v) for k, v in configs.items()} if isinstance(configs, dict) else {},
    )


def _text(contract: OdcsDocument, name: str, port: OutputPort) -> str | None:
    value = contract.custom(name, port.topic)
    return value if isinstance(value, str) and value else None


def _number(contract: OdcsDocument, name: str, port: OutputPort) -> int | None:
    value = contract.custom(name, port.topic)
    positive = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return value if positive else None
