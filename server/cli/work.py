"""`headwater work`: the background work alone, in as many processes as it takes."""

from __future__ import annotations

from typing import Annotated

import typer

from server.cli.options import BootstrapServers, DatabaseUrl, SchemaRegistry
from server.cli.termination import run_until_stopped
from server.log_lines import log_to_stderr
from server.settings import load_settings
from server.workers.roles import Worker


def register(app: typer.Typer) -> None:
    app.command("work")(work)


def work(
    workers: Annotated[
        list[Worker] | None, typer.Argument(help="What to work on (default: everything).")
    ] = None,
    bootstrap_servers: BootstrapServers = None,
    schema_registry: SchemaRegistry = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Do background work without serving an API: `headwater serve --no-workers` serves without it.

    Any number of processes may do the same work. Exit codes: 1 an error, 143 ended by SIGTERM, 130
    by Ctrl-C.
    """
    from server.app import work as run

    settings = load_settings(
        bootstrap_servers=bootstrap_servers,
        schema_registry=schema_registry,
        database_url=database_url,
    )
    log_to_stderr(settings.log_format)
    run_until_stopped(run(settings, workers or list(Worker)))
