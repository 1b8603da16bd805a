"""Where the servers are: given, set, or those of a `headwater up` that runs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from server.embedded import external
from server.embedded.errors import UnreachableError
from server.embedded.ports import LOOPBACK, Ports
from server.embedded.postgres import DATABASE
from server.settings import Settings


class StackNotRunningError(Exception):
    """No address was given, and no local stack runs either."""

    def __init__(self, data_dir: Path, cause: str) -> None:
        super().__init__(
            f"No Headwater runs in {data_dir} ({cause}). Start `headwater up`, name the folder of "
            "a running one with --data-dir, or give the servers with --bootstrap-servers, "
            "--schema-registry and --database-url."
        )


async def reachable_endpoints(settings: Settings, *, database: bool) -> Settings:
    """The settings with all addresses, each of which has answered.

    `database` tells whether Postgres is needed. Raises StackNotRunningError where an address that
    was found in the data folder is silent, UnreachableError where one that was given is.
    """
    found = _running(settings, database)
    try:
        await external.require_kafka(str(found.bootstrap_servers), found.kafka_config)
        await external.require_registry(str(found.schema_registry))
        if database:
            await external.require_postgres(str(found.database_url))
    except UnreachableError as error:
        if found == settings:
            raise
        raise StackNotRunningError(settings.data_dir, str(error).split(". ")[0]) from error
    return found


def _running(settings: Settings, database: bool) -> Settings:
    needed = [settings.bootstrap_servers, settings.schema_registry]
    if all(needed) and (settings.database_url or not database):
        return settings
    try:
        local = _local_addresses(settings.data_dir)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StackNotRunningError(settings.data_dir, "it holds no stack") from error
    given = {name: getattr(settings, name) or address for name, address in local.items()}
    return settings.model_copy(update=given)


def _local_addresses(data_dir: Path) -> dict[str, str]:
    """What the embedded stack keeps of itself in its data folder."""
    ports = replace(Ports(), **json.loads((data_dir / "ports.json").read_text()))
    password = quote(json.loads((data_dir / "postgres.json").read_text())["password"], safe="")
    return {
        "bootstrap_servers": f"{LOOPBACK}:{ports.kafka}",
        "schema_registry": f"http://{LOOPBACK}:{ports.registry}/apis/ccompat/v7",
        "database_url": f"postgresql://{DATABASE}:{password}@{LOOPBACK}:{ports.postgres}/{DATABASE}",
    }
