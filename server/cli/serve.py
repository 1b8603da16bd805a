"""`headwater serve`: the services alone, against servers that run elsewhere."""

from __future__ import annotations

from typing import Annotated

import typer

from server.api import ApiName
from server.app import serve as serve_apis
from server.cli.options import (
    BootstrapServers,
    DatabaseUrl,
    GeneratorPort,
    Port,
    ProductsPort,
    SchemaRegistry,
)
from server.cli.termination import run_until_stopped
from server.log_lines import log_to_stderr
from server.settings import load_settings
from server.workers.roles import Worker


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)


def serve(
    bootstrap_servers: BootstrapServers = None,
    schema_registry: SchemaRegistry = None,
    database_url: DatabaseUrl = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Port = None,
    generator_port: GeneratorPort = None,
    products_port: ProductsPort = None,
    only: Annotated[
        list[ApiName] | None, typer.Option(help="Serve this API alone; may be repeated.")
    ] = None,
    workers: Annotated[
        bool, typer.Option(help="Do the background work too, or leave it to `headwater work`.")
    ] = True,
) -> None:
    """Serve the three APIs and run the workers, with Kafka and Postgres elsewhere.

    `headwater up` starts those too. Exit codes: 1 an error, 143 ended by SIGTERM, 130 by Ctrl-C.
    """
    settings = load_settings(
        bootstrap_servers=bootstrap_servers,
        schema_registry=schema_registry,
        database_url=database_url,
        host=host,
        catalog_port=port,
        generator_port=generator_port,
        products_port=products_port,
    )
    log_to_stderr(settings.log_format)
    work = list(Worker) if workers else []
    run_until_stopped(serve_apis(settings, only or list(ApiName), work))
