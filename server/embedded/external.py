"""Checks that the servers given instead of embedded ones answer."""

from __future__ import annotations

from collections.abc import Mapping

from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import ProgrammingError

from server.embedded import kafka, postgres, registry
from server.embedded.errors import UnreachableError

_SECONDS = 10


async def require_kafka(servers: str, config: Mapping[str, str]) -> None:
    """Raises UnreachableError."""
    if not await kafka.broker_count(servers, dict(config), _SECONDS):
        reason = f"no broker in {_SECONDS} s"
        raise UnreachableError("Kafka", servers, "--bootstrap-servers", reason)


async def require_registry(url: str) -> None:
    """Raises UnreachableError."""
    if reason := await registry.answer_of(url, _SECONDS):
        raise UnreachableError("Schema Registry", url, "--schema-registry", reason)


async def require_postgres(url: str) -> None:
    """Raises UnreachableError, which shows the address without the password."""
    if reason := await postgres.answer_of(url, _SECONDS):
        raise UnreachableError("Postgres", _without_password(url), "--database-url", reason)


def _without_password(url: str) -> str:
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError:
        return "that address, which is no Postgres URL"
    return f"{parts.get('host') or 'localhost'}:{parts.get('port') or 5432}/{parts.get('dbname')}"
