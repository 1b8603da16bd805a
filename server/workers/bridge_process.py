"""A bridge in a process of its own, so that carrying slows no request down.

Reads one line of JSON from its standard input: where the servers are, and the consolidation. Writes
its progress, a line of JSON each. Ends when its standard input does: it never outlives its parent.
"""

from __future__ import annotations

import sys
from dataclasses import asdict

import orjson

from core.consolidation import Consolidation
from server.log_lines import log_to_stderr
from server.settings import Settings
from server.workers.bridging import NotProvisionedError, SchemaChangedError, open_bridge
from server.workers.child import said, stopping
from tools.bridge.bridge import BridgeFailedError
from tools.bridge.job import BridgeProgress
from tools.registry.errors import RegistryFailedError

FAILED = 3
"""The exit code where the last line says why."""

_EXPECTED = (BridgeFailedError, NotProvisionedError, SchemaChangedError, RegistryFailedError)


def task_of(settings: Settings, made: Consolidation) -> bytes:
    """What the process reads; secrets of Kafka's go this way, and not by the command line."""
    told = {
        "bootstrap_servers": settings.bootstrap_servers,
        "schema_registry": settings.schema_registry,
        "kafka_config": settings.kafka_config,
        "log_format": settings.log_format,
        "consolidation": made.model_dump(mode="json"),
    }
    return orjson.dumps(told) + b"\n"


def main() -> int:
    told = orjson.loads(sys.stdin.buffer.readline())
    made = Consolidation.model_validate(told.pop("consolidation"))
    settings = Settings(**told)
    log_to_stderr(settings.log_format)
    stopped = stopping()
    try:
        with open_bridge(settings, made, worker=0) as bridge:
            bridge.run(_tell, stopped.is_set)
    except _EXPECTED as error:
        said({"error": str(error)})
        return FAILED
    return 0


def _tell(progress: BridgeProgress) -> None:
    said(asdict(progress))


if __name__ == "__main__":
    sys.exit(main())
