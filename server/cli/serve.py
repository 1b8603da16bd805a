"""`headwater serve`: the services alone, against servers that run elsewhere."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from server.api import ApiName
from server.app import serve as serve_apis
from server.auth import OPEN_WARNING, is_loopback
from server.cli.options import GeneratorPort, Port, ProductsPort
from server.cli.termination import run_until_stopped
from server.log_lines import log_to_stderr
from server.settings import Settings, load_settings


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)


def serve(
    bootstrap_servers: Annotated[str | None, typer.Option(help="Kafka: host:port,...")] = None,
    schema_registry: Annotated[
        str | None, typer.Option(help="URL of a Confluent-compatible Schema Registry.")
    ] = None,
    database_url: Annotated[
        str | None, typer.Option(help="Postgres with pgvector: postgresql://...")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Port = None,
    generator_port: GeneratorPort = None,
    products_port: ProductsPort = None,
    only: Annotated[
        list[ApiName] | None, typer.Option(help="Serve this API alone; may be repeated.")
    ] = None,
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
    run_until_stopped(_serving(settings, only or list(ApiName)))


async def _serving(settings: Settings, only: list[ApiName]) -> None:
    if not is_loopback(settings.host):
        warning = OPEN_WARNING.format(host=settings.host)
        Console(stderr=True).print(f"Warning: {warning}", style="yellow", markup=False)
    await serve_apis(settings, only)
