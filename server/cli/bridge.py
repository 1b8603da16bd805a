"""`headwater bridge CONSOLIDATION`: carry the old topics into the unified one, exactly once."""

from __future__ import annotations

import asyncio
import json
import signal
import threading
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from core.consolidation import Consolidation
from server.cli.client import catalog_of
from server.cli.options import Port
from server.settings import Settings, load_settings
from tools.bridge.job import BridgeProgress


def register(app: typer.Typer) -> None:
    app.command("bridge")(bridge)


def bridge(
    consolidation: Annotated[str, typer.Argument(help="Its id: con-...")],
    until_caught_up: Annotated[
        bool, typer.Option("--until-caught-up", help="End when nothing is left to carry.")
    ] = False,
    worker: Annotated[
        int, typer.Option(min=0, max=999, help="A number of its own for each process.")
    ] = 0,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of a running `headwater up` (default: .headwater).")
    ] = None,
    bootstrap_servers: Annotated[str | None, typer.Option(help="Kafka to carry within.")] = None,
    schema_registry: Annotated[str | None, typer.Option(help="URL of the Schema Registry.")] = None,
    port: Port = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print progress as JSON, a line each.")
    ] = False,
) -> None:
    """Carry the sources of a consolidation into its unified topic until Ctrl-C.

    Each message comes over once, whenever the process is killed; readers of the unified topic set
    isolation.level=read_committed. What does not come through the mapping goes to the dead-letter
    topic. Exit codes: 0 done or stopped, 1 an error.
    """
    settings = load_settings(
        catalog_port=port,
        bootstrap_servers=bootstrap_servers,
        schema_registry=schema_registry,
        data_dir=data_dir,
    )
    made = Consolidation.model_validate(
        catalog_of(settings).get(f"/consolidations/{consolidation}")
    )
    # Only a bridge that runs pays for importing Kafka's clients.
    from server.endpoints import reachable_endpoints

    there = asyncio.run(reachable_endpoints(settings, database=False))
    done = _run(there, made, worker, until_caught_up, as_json)
    if not as_json:
        Console().print(Text(f"Stopped. {_said(done, made)}"), soft_wrap=True)


def _run(
    settings: Settings, made: Consolidation, worker: int, until_caught_up: bool, as_json: bool
) -> BridgeProgress:
    from server.workers.bridging import open_bridge

    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    console = Console(stderr=True)

    def tell(progress: BridgeProgress) -> None:
        if as_json:
            typer.echo(json.dumps(_figures(progress)))
        else:
            console.print(Text(_said(progress, made)), soft_wrap=True)

    with open_bridge(settings, made, worker) as running:
        return running.run(tell, stopped.is_set, until_caught_up=until_caught_up)


def _said(progress: BridgeProgress, made: Consolidation) -> str:
    rate = progress.done / progress.seconds if progress.seconds else 0.0
    lag = "not known" if progress.lag is None else f"{progress.lag:,}"
    return (
        f"{progress.carried:,} carried into {made.unified.topic}, {progress.rejected:,} rejected, "
        f"{lag} left, {rate:,.0f}/s"
    )


def _figures(progress: BridgeProgress) -> dict[str, object]:
    return {
        "carried": progress.carried,
        "rejected": progress.rejected,
        "tombstones": progress.tombstones,
        "lag": progress.lag,
        "seconds": round(progress.seconds, 3),
    }
