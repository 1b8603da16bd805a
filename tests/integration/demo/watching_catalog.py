"""A stand-in for a catalog with a watcher behind it: one rule (a field is never null), real alerts.

It reads the topic from Kafka, opens an alert at the first record that breaks the rule, and resolves
it when none did for a while; `GET /alerts?source=` tells of it as the catalog does.
"""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from confluent_kafka import Consumer, TopicPartition

_QUIET_SECONDS = 1.5


class WatchingCatalog:
    """Use as a context manager; `port` is where it listens."""

    def __init__(self, servers: str, topic: str, partitions: int, field: str) -> None:
        self._topic, self._field = topic, field
        self._alert: dict[str, Any] | None = None
        self._broken_at = 0.0
        self._stopped = threading.Event()
        self._consumer = Consumer({"bootstrap.servers": servers, "group.id": "none"})
        self._consumer.assign([TopicPartition(topic, n, -1) for n in range(partitions)])
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._threads = [
            threading.Thread(target=self._server.serve_forever),
            threading.Thread(target=self._watch),
        ]

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> WatchingCatalog:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._stopped.set()
        self._server.shutdown()
        for thread in self._threads:
            thread.join()
        self._server.server_close()
        self._consumer.close()

    def _watch(self) -> None:
        while not self._stopped.is_set():
            for message in self._consumer.consume(500, 0.1):
                value = message.value()
                if value and json.loads(value[5:])[self._field] is None:
                    self._breaks()
            if self._alert and time.monotonic() - self._broken_at > _QUIET_SECONDS:
                self._alert = self._alert | {"status": "resolved"}

    def _breaks(self) -> None:
        self._broken_at = time.monotonic()
        self._alert = self._alert or {
            "id": 1,
            "source": self._topic,
            "status": "open",
            "opened_at": datetime.now(UTC).isoformat(),
            "findings": [
                {
                    "metric": "null_rate",
                    "field": self._field,
                    "since": datetime.now(UTC).isoformat(),
                }
            ],
        }

    def _alerts(self, source: str) -> list[dict[str, Any]]:
        return [self._alert] if self._alert and source == self._topic else []

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        catalog = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = urlsplit(self.path)
                source = parse_qs(asked.query)["source"][0]
                found = {"items": catalog._alerts(source), "next_cursor": None}
                self.send_response(200 if asked.path == "/alerts" else 404)
                self.send_header("content-type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(found).encode())

            def log_message(self, *arguments: object) -> None:
                pass

        return Handler
