"""A watcher in a process of its own: counting is work for a processor, and slows no request down.

Reads one line of JSON from its standard input: where the servers are. Writes its progress, a line
of JSON each. Ends when its standard input does: it never outlives its parent.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import asdict
from typing import Any

import orjson

from core.decoding.column import Schemas
from core.decoding.decoded import SchemaRef
from server.log_lines import log_to_stderr
from server.settings import Settings
from server.workers.child import said, stopping
from tools.kafka.connection import KafkaConnection
from tools.registry.client import Registry
from tools.registry.errors import RegistryFailedError
from tools.watching.dead_letters import DeadLetters
from tools.watching.ledger import Ledger
from tools.watching.watcher import Watcher, WatchProgress

GROUP = "headwater.quality"
"""The consumer group of all watchers of a cluster; its name is followed by the cluster's."""


def task_of(settings: Settings, number: int) -> bytes:
    """What the process reads; secrets go this way, and not by the command line."""
    told = {
        "bootstrap_servers": settings.bootstrap_servers,
        "schema_registry": settings.schema_registry,
        "database_url": settings.database_url,
        "kafka_config": settings.kafka_config,
        "log_format": settings.log_format,
        "cluster": settings.cluster,
        "quality_history_hours": settings.quality_history_hours,
        "watcher_name": settings.watcher_name,
        "quality_dead_letters": settings.quality_dead_letters,
    }
    return orjson.dumps({"number": number, "settings": told}) + b"\n"


def main() -> int:
    told = orjson.loads(sys.stdin.buffer.readline())
    settings, number = Settings(**told["settings"]), told["number"]
    log_to_stderr(settings.log_format)
    stopped = stopping()
    with asyncio.Runner() as runner:
        registry = runner.run(_registry(settings))
        try:
            _watcher(settings, number, registry, runner).run(_tell, stopped.is_set)
        finally:
            if registry is not None:
                runner.run(registry.close())
    return 0


def _watcher(
    settings: Settings, number: int, registry: Registry | None, runner: asyncio.Runner
) -> Watcher:
    def schemas_of(refs: frozenset[SchemaRef]) -> Schemas:
        if registry is None:
            return dict.fromkeys(refs)
        try:
            return runner.run(registry.schemas(refs))
        except RegistryFailedError:
            return {}

    name, template = settings.watcher_name, settings.quality_dead_letters
    connection = KafkaConnection(str(settings.bootstrap_servers), settings.kafka_config)
    group = f"{GROUP}.{settings.cluster}"
    return Watcher(
        connection,
        Ledger(str(settings.database_url), settings.cluster),
        schemas_of,
        group=group,
        instance=None if name is None else f"{name}-{number}",
        history_seconds=3_600 * settings.quality_history_hours,
        dead_letters=None if template is None else DeadLetters(connection, template, group),
    )


async def _registry(settings: Settings) -> Registry | None:
    """Made within the loop that it belongs to."""
    return Registry(settings.schema_registry) if settings.schema_registry else None


def _tell(progress: WatchProgress) -> None:
    told: dict[str, Any] = asdict(progress)
    said(told)


if __name__ == "__main__":
    sys.exit(main())
