"""How to reach a cluster: the librdkafka settings that every client starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from confluent_kafka import KafkaError

CLIENT_ID = "headwater"

ConfigValue = str | int | float | bool


@dataclass(slots=True)
class LastError:
    """The latest complaint of a client's connections: time-outs alone do not say why."""

    text: str | None = None

    def note(self, error: KafkaError) -> None:
        self.text = error.str()


@dataclass(frozen=True, slots=True)
class KafkaConnection:
    """`extra` are librdkafka settings (security.protocol, sasl.* ...) and win over ours."""

    bootstrap_servers: str
    extra: Mapping[str, str] = field(default_factory=dict)

    def config(
        self, last_error: LastError, own: Mapping[str, ConfigValue] | None = None
    ) -> dict[str, Any]:
        """Settings of one client; librdkafka's own log is silent, errors go to `last_error`."""
        return {
            "bootstrap.servers": self.bootstrap_servers,
            "client.id": CLIENT_ID,
            "log_level": 0,
            "allow.auto.create.topics": False,
            "socket.connection.setup.timeout.ms": 5_000,
            "reconnect.backoff.max.ms": 1_000,
            "error_cb": last_error.note,
            **(own or {}),
            **self.extra,
        }
