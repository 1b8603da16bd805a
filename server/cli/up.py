"""`headwater up`: everything on this machine with one command."""

from __future__ import annotations

import asyncio
import shutil
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from core.scan import ScanRun
from server.cli.address import address_of, generator_address, products_address
from server.cli.config import without_password
from server.cli.first_scan import await_ready, first_scan
from server.cli.log import log_to
from server.cli.options import GeneratorPort, Port, ProductsPort
from server.cli.terminal import progress_on
from server.cli.termination import run_until_stopped
from server.embedded.ports import require_free
from server.embedded.progress import Progress
from server.embedded.stack import EmbeddedStack
from server.settings import Settings, load_settings
from tools.db.migrate import migrate

_POLL_SECONDS = 0.05
_WISH = "a fraud score between 0 and 1 for each card payment, within 100 ms, kept 7 years"
_EXAMPLE = (
    """curl -s {catalog}/search -H 'content-type: application/json' -d '{{"query": "supplier"}}'"""
)


def register(app: typer.Typer) -> None:
    app.command("up")(up)


def up(
    data_dir: Annotated[
        Path | None, typer.Option(help="Where the data is kept (default: .headwater).")
    ] = None,
    bootstrap_servers: Annotated[
        str | None, typer.Option(help="A real Kafka instead of the embedded one.")
    ] = None,
    schema_registry: Annotated[
        str | None, typer.Option(help="URL of a real, Confluent-compatible Schema Registry.")
    ] = None,
    database_url: Annotated[
        str | None, typer.Option(help="A real Postgres with pgvector: postgresql://...")
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Produce a fleet of demonstration topics first.")
    ] = False,
    port: Port = None,
    generator_port: GeneratorPort = None,
    products_port: ProductsPort = None,
    kafka_port: Annotated[int | None, typer.Option(help="Port of the embedded Kafka.")] = None,
    registry_port: Annotated[
        int | None, typer.Option(help="Port of the embedded Schema Registry.")
    ] = None,
    postgres_port: Annotated[
        int | None, typer.Option(help="Port of the embedded Postgres.")
    ] = None,
) -> None:
    """Start Kafka, a Schema Registry, Postgres and Headwater; stop them all with Ctrl-C."""
    settings = load_settings(
        data_dir=data_dir,
        bootstrap_servers=bootstrap_servers,
        schema_registry=schema_registry,
        database_url=database_url,
        catalog_port=port,
        generator_port=generator_port,
        products_port=products_port,
        kafka_port=kafka_port,
        registry_port=registry_port,
        postgres_port=postgres_port,
    )
    run_until_stopped(_serving(settings, demo))


async def _serving(settings: Settings, demo: bool) -> None:
    progress = progress_on(Console(stderr=True))
    for port, purpose, option in _ports(settings):
        require_free(port, purpose, option, settings.host)
    importing = _import_early("server.app")
    async with EmbeddedStack.of(settings, progress) as stack:
        log_to(settings.data_dir / "logs" / "headwater.log", progress, settings.log_format)
        while importing.is_alive():  # noqa: ASYNC110
            await asyncio.sleep(_POLL_SECONDS)
        await _run(stack.endpoints, demo, progress)


def _ports(settings: Settings) -> tuple[tuple[int, str, str], ...]:
    """What listens for people, and how each gets another port."""
    generator = "--generator-port or HEADWATER_GENERATOR_PORT"
    return (
        (settings.catalog_port, "the catalog", "--port or HEADWATER_CATALOG_PORT"),
        (settings.generator_port, "the product generator", generator),
        (
            settings.products_port,
            "the product service",
            "--products-port or HEADWATER_PRODUCTS_PORT",
        ),
    )


def _import_early(module: str) -> threading.Thread:
    """Takes seconds of one core: done while the servers start, and not waited for on an error."""
    thread = threading.Thread(target=import_module, args=(module,), daemon=True)
    thread.start()
    return thread


async def _run(settings: Settings, demo: bool, progress: Progress) -> None:
    """Serves until cancelled; when serving fails, the rest ends with it."""
    from server.app import serve

    with progress.step("Bringing the database up to date"):
        await migrate(str(settings.database_url))
    produced = await _seed(settings, progress) if demo else 0
    async with asyncio.TaskGroup() as group:
        group.create_task(serve(settings))
        group.create_task(_welcome(settings, progress, scan_again=produced > 0))


async def _seed(settings: Settings, progress: Progress) -> int:
    """How many messages were produced: none when the fleet was there already."""
    from server.demo.fleet import seed

    report = await seed(
        str(settings.bootstrap_servers),
        str(settings.schema_registry),
        str(settings.database_url),
        progress,
        cluster=settings.cluster,
        kafka_config=settings.kafka_config,
    )
    return report.produced


async def _welcome(settings: Settings, progress: Progress, *, scan_again: bool) -> None:
    with progress.step("Opening the catalog"):
        await await_ready(settings)
    run = await first_scan(settings, progress, again=scan_again)
    found = _found(run)
    catalog = address_of(settings)
    lines = {
        "Catalog": f"{catalog} ({catalog}/docs), {found}",
        "Generator": f"{generator_address(settings)} (from a sentence to a data product)",
        "Products": products_address(settings),
        "Kafka": settings.bootstrap_servers,
        "Schema Registry": settings.schema_registry,
        "Postgres": without_password(str(settings.database_url)),
        "Data and logs": settings.data_dir.absolute(),
    }
    typer.echo("\nHeadwater is running; Ctrl-C stops it.")
    for title, text in lines.items():
        typer.echo(f"  {title:<16} {text}")
    typer.echo(f"Try:\n  {_EXAMPLE.format(catalog=catalog)}\n  {_generate(settings)}\n")


def _found(run: ScanRun | None) -> str:
    if run is None:
        return "HEADWATER_TOKEN must be of one who may write to follow its scans here"
    return run.error or f"{run.progress.total} topics found"


def _generate(settings: Settings) -> str:
    """The command of the second journey, as it works from this folder."""
    usual = Settings.model_fields["generator_port"].default
    port = settings.generator_port
    own = "" if port == usual else f" --generator-port {port}"
    return f'{_called()} generate "{_WISH}" --name "Fraud scores" --owner fraud-team{own}'


def _called() -> str:
    """This program as it was called: `make demo` does not put it on the PATH."""
    script = Path(sys.argv[0])
    on_path = script.name != "headwater" or shutil.which(script.name) is not None
    return "headwater" if on_path else str(script)
