"""Apicurio Registry itself, which speaks Confluent's API; it keeps its schemas in Postgres."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import psycopg
from psycopg.conninfo import conninfo_to_dict

from server.embedded.child import Command
from server.embedded.errors import RegistryStorageError
from server.embedded.java import Java
from server.embedded.jvm import Jvm
from server.embedded.ports import LOOPBACK, Ports

_DATABASE_SCHEMA = "registry"


@dataclass(frozen=True, slots=True)
class Registry:
    """`program` is the unpacked archive; `database_url` the Postgres that keeps the schemas."""

    folder: Path
    program: Path
    java: Java
    ports: Ports
    database_url: str
    log: Path

    name = "Schema Registry"
    start_seconds = 90.0
    attempts = 2

    @property
    def address(self) -> str:
        return f"http://{LOOPBACK}:{self.ports.registry}/apis/ccompat/v7"

    def command(self) -> Command:
        jvm = Jvm(self.java, self.folder, heap_megabytes=384)
        mark = f"-Dheadwater.folder={self.folder}"
        return Command(
            arguments=jvm.arguments("-jar", str(self.program / "quarkus-run.jar"), flags=(mark,)),
            directory=self.folder,
            log=self.log,
            mark=mark,
            environment=self._environment(),
        )

    def _environment(self) -> dict[str, str]:
        return {
            "QUARKUS_HTTP_HOST": LOOPBACK,
            "QUARKUS_HTTP_PORT": str(self.ports.registry),
            "QUARKUS_HTTP_ACCESS_LOG_ENABLED": "false",
            # Its health and metrics listen apart, on all addresses unless told otherwise.
            "QUARKUS_MANAGEMENT_HOST": LOOPBACK,
            "QUARKUS_MANAGEMENT_PORT": str(self.ports.registry_management),
            "QUARKUS_LOG_LEVEL": "WARN",
            "APICURIO_LOG_LEVEL": "WARN",
            "APICURIO_STORAGE_SNAPSHOT_LOCATION": str(self.folder),
            "APICURIO_STORAGE_KIND": "sql",
            "APICURIO_STORAGE_SQL_KIND": "postgresql",
            "APICURIO_DATASOURCE_JDBC_INITIAL_SIZE": "2",
            "APICURIO_DATASOURCE_JDBC_MIN_SIZE": "2",
            "APICURIO_DATASOURCE_JDBC_MAX_SIZE": "10",
            **_datasource(self.database_url),
        }

    async def prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            async with await psycopg.AsyncConnection.connect(
                self.database_url, autocommit=True, connect_timeout=10
            ) as connection:
                await connection.execute(f"create schema if not exists {_DATABASE_SCHEMA}")
        except psycopg.Error as error:
            raise RegistryStorageError(str(error).strip()) from error

    async def answers(self) -> bool:
        return await answer_of(self.address) is None


def _datasource(database_url: str) -> dict[str, str]:
    parts = conninfo_to_dict(database_url)
    options = {"currentSchema": _DATABASE_SCHEMA}
    if parts.get("sslmode"):
        options["sslmode"] = str(parts["sslmode"])
    place = f"{parts.get('host') or 'localhost'}:{parts.get('port') or 5432}"
    database = quote(str(parts.get("dbname") or "postgres"))
    return {
        "APICURIO_DATASOURCE_URL": f"jdbc:postgresql://{place}/{database}?{urlencode(options)}",
        "APICURIO_DATASOURCE_USERNAME": str(parts.get("user") or ""),
        "APICURIO_DATASOURCE_PASSWORD": str(parts.get("password") or ""),
    }


async def answer_of(url: str, seconds: float = 5) -> str | None:
    """None when a registry answers at the URL, else what is wrong."""
    try:
        async with httpx.AsyncClient(timeout=seconds, trust_env=False) as client:
            response = await client.get(f"{url.rstrip('/')}/subjects")
            response.raise_for_status()
            return None if isinstance(response.json(), list) else "it is no schema registry"
    except httpx.HTTPStatusError as error:
        return f"HTTP {error.response.status_code}"
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return str(error) or type(error).__name__
