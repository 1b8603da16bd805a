"""`headwater demo`: a company's fleet of topics to look around in, seeded or kept alive."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from server.cli.fault import (
    AFTER_SECONDS,
    LASTS_SECONDS,
    After,
    AsLines,
    Kind,
    Lasts,
    OnTopic,
    OwnRate,
    Share,
    order_of,
)
from server.cli.terminal import progress_on
from server.demo.faults.order import FaultOrder
from server.demo.fleet import SEED, SeedReport
from server.demo.fleet import seed as seed_fleet
from server.demo.live import live as live_fleet
from server.demo.newcomer import NEWCOMER, start_newcomer
from server.endpoints import reachable_endpoints
from server.settings import Settings, load_settings
from tools.db.migrate import migrate

_REPORT_SECONDS = 5.0
_INTERRUPTED = 130

DataDir = Annotated[
    Path | None, typer.Option(help="Folder of a running `headwater up` (default: .headwater).")
]
Servers = Annotated[str | None, typer.Option(help="Kafka to produce to.")]
RegistryUrl = Annotated[
    str | None, typer.Option(help="URL of a Confluent-compatible Schema Registry.")
]
DatabaseUrl = Annotated[str | None, typer.Option(help="Postgres that keeps the data products.")]
Rate = Annotated[float, typer.Option(min=0.1, max=20_000, help="Messages a second, all topics.")]

demo = typer.Typer(help="A company's fleet of topics to look around in.")


def register(app: typer.Typer) -> None:
    app.add_typer(demo, name="demo")


@demo.callback(invoke_without_command=True)
def overview(
    context: typer.Context,
    keep_alive: Annotated[
        bool, typer.Option("--live", help="Keep producing, as `headwater demo live` does.")
    ] = False,
    rate: Rate = 50.0,
    data_dir: DataDir = None,
    bootstrap_servers: Servers = None,
    schema_registry: RegistryUrl = None,
    fault: Kind = None,
    topic: OnTopic = None,
    fault_after: After = AFTER_SECONDS,
    fault_for: Lasts = LASTS_SECONDS,
    share: Share = None,
    topic_rate: OwnRate = None,
    as_json: AsLines = False,
) -> None:
    """Seed the demo fleet, or keep it alive.

    Without addresses it uses those of the settings, or the `headwater up` that runs in --data-dir.
    """
    if context.invoked_subcommand is not None:
        return
    order = order_of(fault, topic, fault_after, fault_for, share, topic_rate, as_json)
    if order and not keep_alive:
        raise typer.BadParameter("a fault needs data that flows: add --live")
    if not keep_alive:
        typer.echo(context.get_help())
        raise typer.Exit
    _keep_alive(rate, order, data_dir, bootstrap_servers, schema_registry)


@demo.command()
def seed(
    data_dir: DataDir = None,
    bootstrap_servers: Servers = None,
    schema_registry: RegistryUrl = None,
    database_url: DatabaseUrl = None,
    scale: Annotated[
        float, typer.Option(min=0.01, max=100, help="Multiplies the numbers of messages.")
    ] = 1.0,
    number: Annotated[int, typer.Option("--seed", help="Another seed, another company.")] = SEED,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Create the topics, messages, schemas, consumer groups and products; what is there is kept."""
    settings = load_settings(
        data_dir=data_dir,
        bootstrap_servers=bootstrap_servers,
        schema_registry=schema_registry,
        database_url=database_url,
    )
    report = asyncio.run(_seed(settings, scale, number))
    typer.echo(json.dumps(asdict(report), indent=2) if as_json else _summary(report))


@demo.command()
def live(
    rate: Rate = 50.0,
    data_dir: DataDir = None,
    bootstrap_servers: Servers = None,
    schema_registry: RegistryUrl = None,
    fault: Kind = None,
    topic: OnTopic = None,
    fault_after: After = AFTER_SECONDS,
    fault_for: Lasts = LASTS_SECONDS,
    share: Share = None,
    topic_rate: OwnRate = None,
    as_json: AsLines = False,
) -> None:
    """Keep producing on all topics at a set rate until Ctrl-C, with a fault on one if asked for."""
    order = order_of(fault, topic, fault_after, fault_for, share, topic_rate, as_json)
    _keep_alive(rate, order, data_dir, bootstrap_servers, schema_registry)


def _keep_alive(
    rate: float,
    order: FaultOrder | None,
    data_dir: Path | None,
    bootstrap_servers: str | None,
    schema_registry: str | None,
) -> None:
    settings = load_settings(
        data_dir=data_dir, bootstrap_servers=bootstrap_servers, schema_registry=schema_registry
    )
    try:
        asyncio.run(_live(settings, rate, order))
    except KeyboardInterrupt:
        raise typer.Exit(_INTERRUPTED) from None


@demo.command()
def newcomer(data_dir: DataDir = None, bootstrap_servers: Servers = None) -> None:
    """Start a topic as a team does that does not know of a product: it has most of it already.

    The next scan finds it, and its team is told. Exit codes: 0 done, 1 an error.
    """
    settings = load_settings(data_dir=data_dir, bootstrap_servers=bootstrap_servers)
    messages = asyncio.run(_newcomer(settings))
    typer.echo(f"{NEWCOMER.name} with {messages} messages. `headwater scan` looks at it now.")


async def _newcomer(settings: Settings) -> int:
    found = await reachable_endpoints(settings, database=False)
    return await start_newcomer(str(found.bootstrap_servers), kafka_config=found.kafka_config)


async def _seed(settings: Settings, scale: float, number: int) -> SeedReport:
    found = await reachable_endpoints(settings, database=True)
    await migrate(str(found.database_url))
    return await seed_fleet(
        str(found.bootstrap_servers),
        str(found.schema_registry),
        str(found.database_url),
        progress_on(Console(stderr=True)),
        seed=number,
        scale=scale,
        cluster=found.cluster,
        kafka_config=found.kafka_config,
    )


async def _live(settings: Settings, rate: float, order: FaultOrder | None) -> None:
    found = await reachable_endpoints(settings, database=False)
    servers = str(found.bootstrap_servers)
    typer.echo(f"Producing {rate:g} messages a second to {servers}; Ctrl-C stops it.", err=True)
    await live_fleet(
        servers,
        str(found.schema_registry),
        rate,
        kafka_config=found.kafka_config,
        watch=_reporter(),
        fault=order,
    )


def _reporter() -> Callable[[int], None]:
    """Prints every few seconds how many messages Kafka has taken."""
    printed = time.monotonic()

    def report(delivered: int) -> None:
        nonlocal printed
        if time.monotonic() - printed >= _REPORT_SECONDS:
            printed = time.monotonic()
            typer.echo(f"{delivered} messages produced", err=True)

    return report


def _summary(report: SeedReport) -> str:
    kept = sum(topic.produced == 0 for topic in report.topics)
    return (
        f"{len(report.topics)} topics ({kept} left as they were), {report.produced} messages "
        f"produced, {report.groups} consumer groups, {report.products} data products "
        f"in {report.seconds:.1f} s."
    )
