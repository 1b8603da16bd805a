"""`headwater scan`: look at every topic now."""

from __future__ import annotations

import asyncio
import time
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.table import Table

from core.scan import ScanProgress, ScanRun, ScanStatus
from server.cli.address import address_of
from server.cli.client import Catalog, RefusedError, ServerNotRunningError, catalog_of
from server.cli.options import Port
from server.cli.terminal import progress_on
from server.embedded.progress import Step
from server.settings import Settings, load_settings

_FAILED = 1
_INTERRUPTED = 130
_POLL_SECONDS = 0.5
_PATIENCE_SECONDS = 60.0
_ANSWER_SECONDS = 10.0


class NothingToScanError(Exception):
    """No server listens, and the endpoints of a direct scan were not given."""

    def __init__(self, catalog: str) -> None:
        super().__init__(
            f"No Headwater server listens at {catalog}. Start `headwater up`, or give both "
            "--bootstrap-servers and --database-url (and --schema-registry) to scan without one."
        )


class ServerSilentError(Exception):
    """The server stopped answering while a scan was watched."""

    def __init__(self, scan_id: int) -> None:
        super().__init__(
            f"The server has not answered for {_PATIENCE_SECONDS:g} s. Scan {scan_id} goes on when "
            "it is back; look at the server's log."
        )


def register(app: typer.Typer) -> None:
    app.command("scan")(scan)


def scan(
    bootstrap_servers: Annotated[
        str | None, typer.Option(help="Scan this Kafka directly, without a running server.")
    ] = None,
    schema_registry: Annotated[
        str | None, typer.Option(help="URL of the Schema Registry of a direct scan.")
    ] = None,
    database_url: Annotated[
        str | None, typer.Option(help="Postgres that keeps the catalog of a direct scan.")
    ] = None,
    port: Port = None,
    wait: Annotated[bool, typer.Option(help="Wait for the end of the scan.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scan as JSON.")] = False,
) -> None:
    """Find new, changed, vanished and returned topics now.

    Asks the running server; with endpoints given, scans from this process. Exit codes: 0 done,
    1 the scan failed, 130 stopped by Ctrl-C (a server's scan goes on).
    """
    settings = load_settings(
        bootstrap_servers=bootstrap_servers,
        schema_registry=schema_registry,
        database_url=database_url,
        catalog_port=port,
    )
    console = Console(stderr=True)
    direct = bootstrap_servers is not None or database_url is not None
    run = _directly(settings, console) if direct else _by_server(settings, console, wait)
    _show(run, as_json)
    if run.status is ScanStatus.FAILED:
        raise typer.Exit(_FAILED)


def _directly(settings: Settings, console: Console) -> ScanRun:
    if settings.bootstrap_servers is None or settings.database_url is None:
        raise NothingToScanError(address_of(settings))
    # Only a direct scan pays for importing the engine and its models.
    from server.workers.scanning import scan_now

    with progress_on(console).step("Scanning") as step:

        async def tell(progress: ScanProgress) -> None:
            _advance(step, progress)

        return asyncio.run(scan_now(settings, "command line", tell))


def _by_server(settings: Settings, console: Console, wait: bool) -> ScanRun:
    catalog = catalog_of(settings, _ANSWER_SECONDS)
    try:
        run = ScanRun.model_validate(catalog.post("/scans", {}))
    except ServerNotRunningError as error:
        raise NothingToScanError(catalog.url) from error
    if not wait:
        return run
    try:
        return _watch(catalog, run, console)
    except KeyboardInterrupt:
        console.print(
            f"Scan {run.id} goes on at the server: {catalog.url}/scans/{run.id} tells how far it "
            "is.",
            markup=False,
            soft_wrap=True,
        )
        raise typer.Exit(_INTERRUPTED) from None


def _watch(catalog: Catalog, run: ScanRun, console: Console) -> ScanRun:
    """Poll until the scan has ended; a server that restarts is waited for."""
    heard = time.monotonic()
    with progress_on(console).step(f"Scan {run.id}") as step:
        while not run.ended:
            time.sleep(_POLL_SECONDS)
            told = _heard(catalog, f"/scans/{run.id}")
            if told is None:
                if time.monotonic() - heard > _PATIENCE_SECONDS:
                    raise ServerSilentError(run.id)
                step.note("the server does not answer; waiting")
                continue
            run, heard = told, time.monotonic()
            _advance(step, run.progress)
    return run


def _heard(catalog: Catalog, path: str) -> ScanRun | None:
    """None while the server, or a server below it, is away."""
    try:
        return ScanRun.model_validate(catalog.get(path))
    except ServerNotRunningError:
        return None
    except RefusedError as error:
        if error.status == httpx.codes.SERVICE_UNAVAILABLE:
            return None
        raise


def _advance(step: Step, progress: ScanProgress) -> None:
    if progress.total:
        step.advance_to(progress.done, progress.total)
    rate = progress.done / progress.seconds if progress.seconds else 0.0
    step.note(
        f"{progress.done} of {progress.total} topics, {rate:.0f}/s, {progress.new} new, "
        f"{progress.changed} changed, {progress.vanished} vanished, {progress.failed} failed"
    )


def _show(run: ScanRun, as_json: bool) -> None:
    if as_json:
        typer.echo(run.model_dump_json(indent=2))
        return
    console = Console()
    console.print(_table(run))
    for failure in run.progress.failures:
        console.print(f"  {failure}", style="yellow", markup=False, highlight=False)
    if run.error:
        console.print(f"Scan {run.id} failed: {run.error}", style="red", markup=False)


def _table(run: ScanRun) -> Table:
    progress = run.progress
    table = Table(
        title=f"Scan {run.id} of cluster {run.cluster}: {run.status}", title_justify="left"
    )
    rows = {
        "topics": progress.total,
        "unchanged, not read again": progress.skipped,
        "new": progress.new,
        "changed": progress.changed,
        "vanished": progress.vanished,
        "returned": progress.returned,
        "failed": progress.failed,
        "messages read": progress.messages,
        "seconds": round(progress.seconds, 1),
    }
    table.add_column("")
    table.add_column("count", justify="right")
    for name, count in rows.items():
        table.add_row(name, f"{count:,}")
    return table
