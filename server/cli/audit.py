"""`headwater audit`: who did what, and what it was before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from server.access.export_format import ExportFormat
from server.cli.client import catalog_at
from server.cli.listing import legible, show_page
from server.cli.options import As, AsJson, Port
from tools.db.audit import AuditEntry


def register(app: typer.Typer) -> None:
    app.command("audit")(audit)


def audit(
    actor: Annotated[str | None, typer.Option(help="Who did it (user:...).")] = None,
    action: Annotated[
        str | None, typer.Option(help="One (rule.put), or all of a family (rule).")
    ] = None,
    target: Annotated[str | None, typer.Option(help="Of what, such as product:orders.")] = None,
    request_id: Annotated[str | None, typer.Option(help="Of this request.")] = None,
    since: Annotated[datetime | None, typer.Option(help="From then on, in UTC.")] = None,
    until: Annotated[datetime | None, typer.Option(help="Before then, in UTC.")] = None,
    export: Annotated[
        ExportFormat | None, typer.Option(help="All that fits, to the standard output.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
    cursor: Annotated[str | None, typer.Option(help="The next page of a list.")] = None,
    who: As = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """List who did what, newest first. Exit codes: 0 done, 1 an error, 3 there is nothing."""
    asked: dict[str, Any] = {
        "actor": actor,
        "action": action,
        "target": target,
        "request_id": request_id,
        "since": _utc(since),
        "until": _utc(until),
    }
    catalog = catalog_at(port, who)
    if export is not None:
        for piece in catalog.stream("/audit/export", {**asked, "format": export.value}):
            typer.echo(piece, nl=False)
        return
    page = catalog.get("/audit", {**asked, "limit": limit, "cursor": cursor})
    nothing = "Nothing was done that fits."
    show_page(page, AuditEntry, _table, as_json=as_json, nothing=nothing)


def _utc(at: datetime | None) -> str | None:
    return None if at is None else at.replace(tzinfo=at.tzinfo or UTC).isoformat()


def _table(found: Sequence[AuditEntry]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("at", "who", "did", "to", "what changed"):
        table.add_column(column, overflow="fold")
    for entry in found:
        table.add_row(
            f"{entry.at:%Y-%m-%d %H:%M:%S}",
            Text(legible(entry.actor)),
            entry.action,
            Text(legible(entry.target)),
            Text(legible(_changed(entry))),
        )
    return table


def _changed(entry: AuditEntry) -> str:
    """The names of what is another than before."""
    before, after = entry.before or {}, entry.after or {}
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return ", ".join(sorted(names))
