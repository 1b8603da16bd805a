"""`headwater alerts`: what is wrong with the topics, and what people do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from core.alerts.alert import AlertStatus
from core.alerts.wording import moment, sentence_of
from core.quality.rule import Severity
from server.alerts.views import AlertDetail, AlertView
from server.cli.client import catalog_at
from server.cli.listing import show_page
from server.cli.options import As, AsJson, Port

Id = Annotated[int, typer.Argument(help="Its number in the list.")]

_HELP = ("-h", "--help")


class AlertCommands(TyperGroup):
    """Without a command's name it lists, and with a number alone it shows that alert."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in _HELP):
            args = ["list", *args]
        elif args[0].isdigit():
            args = ["show", *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    part = typer.Typer(cls=AlertCommands, help="See what is wrong with the topics, and say so.")
    part.command("list")(list_alerts)
    part.command("show")(show)
    part.command("ack")(acknowledge)
    part.command("resolve")(resolve)
    part.command("mute")(mute)
    part.command("unmute")(unmute)
    app.add_typer(part, name="alerts")


def list_alerts(
    every: Annotated[bool, typer.Option("--all", help="Resolved ones too.")] = False,
    status: Annotated[AlertStatus | None, typer.Option(help="Only these.")] = None,
    source: Annotated[str | None, typer.Option(help="Only of this topic.")] = None,
    severity: Annotated[Severity | None, typer.Option(help="Only of this severity.")] = None,
    team: Annotated[str | None, typer.Option(help="Only of what this team owns.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 100,
    cursor: Annotated[str | None, typer.Option(help="The next page of a list.")] = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """List alerts that stand. Exit codes: 0 done, 1 an error, 3 there are none."""
    asked = {
        "active": None if every or status else True,
        "status": status, "source": source, "severity": severity, "team": team,
        "limit": limit, "cursor": cursor,
    }  # fmt: skip
    page = catalog_at(port).get("/alerts", asked)
    nothing = "There are none."
    show_page(page, AlertView, _table, as_json=as_json, nothing=nothing)


def show(alert_id: Id, port: Port = None, as_json: AsJson = False) -> None:
    """Show one: what broke, where, and what happened to it."""
    found = AlertDetail.model_validate(catalog_at(port).get(f"/alerts/{alert_id}"))
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        _show(found)


def acknowledge(
    alert_id: Id,
    comment: Annotated[str | None, typer.Option("--comment", "-m", help="For the record.")] = None,
    who: As = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Look after it."""
    _done(alert_id, "acknowledge", {"comment": comment}, who, port, as_json)


def resolve(
    alert_id: Id,
    reason: Annotated[str, typer.Option("--reason", "-m", help="Why it is over.")],
    who: As = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Say that it is over; what is still broken some minutes later is reopened."""
    _done(alert_id, "resolve", {"reason": reason}, who, port, as_json)


def mute(
    alert_id: Id,
    minutes: Annotated[int | None, typer.Option("--for", min=1, help="Minutes.")] = None,
    until: Annotated[str | None, typer.Option(help="A time such as 2026-01-02T08:00:00Z.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", "-m", help="For the record.")] = None,
    who: As = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Hear nothing of it --for some minutes, or --until a time. Still broken then, it is told."""
    if (minutes is None) is (until is None):
        raise typer.BadParameter("a mute has an end: give either --for or --until")
    body = {"minutes": minutes, "until": until, "reason": reason}
    _done(alert_id, "mute", body, who, port, as_json)


def unmute(alert_id: Id, who: As = None, port: Port = None, as_json: AsJson = False) -> None:
    """Hear of it again."""
    _done(alert_id, "unmute", {}, who, port, as_json)


def _done(
    alert_id: int, deed: str, body: dict[str, Any], who: str | None, port: int | None, as_json: bool
) -> None:
    catalog = catalog_at(port, who)
    catalog.post(f"/alerts/{alert_id}/{deed}", body)
    found = AlertDetail.model_validate(catalog.get(f"/alerts/{alert_id}"))
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        _show(found)


def _table(found: Sequence[AlertView]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("no.", justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    table.add_column("severity", no_wrap=True)
    table.add_column("what", overflow="fold", ratio=1)
    for each in found:
        status = f"{each.status.value}, muted" if each.muted else each.status.value
        style = "red" if each.active and each.severity is Severity.ERROR else ""
        table.add_row(str(each.id), status, Text(each.severity.value, style), Text(each.title))
    return table


def _show(found: AlertDetail) -> None:
    console = Console()
    told = f"  {found.status.value}, {found.severity.value}"
    console.print(Text.assemble((found.title, "bold"), told), soft_wrap=True)
    for finding in found.findings:
        console.print(Text(f"- {sentence_of(finding)}"), soft_wrap=True)
        for place in finding.positions:
            where = f"  partition {place.partition}, offset {place.offset}"
            console.print(Text(f"{where}  {place.excerpt}".rstrip(), "dim"), soft_wrap=True)
    if found.muted:
        end = f"until {moment(found.muted.until)} by {found.muted.by}"
        console.print(Text.assemble(("muted    ", "dim"), end), soft_wrap=True)
    for event in found.events:
        by = f", by {event.by}" if event.by else ""
        line = f"{moment(event.at)}  {event.kind.value}{by}: {event.said}"
        console.print(Text.assemble(("event    ", "dim"), line), soft_wrap=True)
    for one in found.deliveries:
        more = f": {one.error}" if one.error else ""
        line = f"{one.channel} {one.status.value}{more}"
        console.print(Text.assemble(("channel  ", "dim"), line), soft_wrap=True)
    if not found.deliveries:
        console.print(Text.assemble(("channel  ", "dim"), "nobody was told by a channel"))
