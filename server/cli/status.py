"""`headwater status`: whether the running server can work, and what is missing."""

from __future__ import annotations

import httpx
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from server.cli.client import RefusedError, catalog_of
from server.cli.listing import legible
from server.cli.options import AsJson, Port
from server.readiness import PROBE_SECONDS, Readiness, ReadyStatus
from server.settings import load_settings

_UNREADY = 1
_COLOURS = {
    ReadyStatus.READY: "green",
    ReadyStatus.DEGRADED: "yellow",
    ReadyStatus.UNREADY: "red",
}


def register(app: typer.Typer) -> None:
    app.command("status")(status)


def status(port: Port = None, as_json: AsJson = False) -> None:
    """Ask the running server whether it can work; say what is missing, since when, what to do.

    Exit codes: 0 ready, also where something beside fails (degraded); 1 not ready, or no server.
    """
    catalog = catalog_of(load_settings(catalog_port=port), 2 * PROBE_SECONDS)
    readiness = _read(catalog.look("/readyz"))
    if as_json:
        typer.echo(readiness.model_dump_json(indent=2))
    else:
        _show(readiness)
    if not readiness.ready:
        raise typer.Exit(_UNREADY)


def _read(answer: httpx.Response) -> Readiness:
    try:
        return Readiness.model_validate_json(answer.content)
    except ValidationError as error:
        raise RefusedError(
            answer.status_code,
            f"{answer.url} does not answer as a Headwater of this version does "
            f"({answer.status_code}). Check the port.",
        ) from error


def _show(readiness: Readiness) -> None:
    console = Console()
    console.print(Text(readiness.status.value, style=_COLOURS[readiness.status]))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for name in ("postgres", "kafka", "schema_registry"):
        part = getattr(readiness, name)
        table.add_row(name, part.state.value, f"since {part.since:%Y-%m-%d %H:%M:%S} UTC")
    console.print(table)
    missing = [
        (name, part.reason, part.advice)
        for name in ("postgres", "kafka", "schema_registry")
        if (part := getattr(readiness, name)).advice
    ]
    missing += [
        (f"{each.what}, since {each.since:%Y-%m-%d %H:%M:%S} UTC", each.reason, each.advice)
        for each in readiness.impaired
    ]
    for what, reason, advice in missing:
        console.print(Text(f"\n{what}: {legible(reason or '')}\n  {advice}"), soft_wrap=True)
