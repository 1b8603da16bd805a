"""`headwater keys`: API keys, by which programs act as somebody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.api_key import ApiKey
from server.access.key_views import LONGEST_DAYS, IssuedView
from server.cli.client import catalog_at
from server.cli.listing import legible, show_page
from server.cli.options import As, AsJson, Port
from server.principal import Role

Id = Annotated[str, typer.Argument(help="Its id in the list.")]


def register(app: typer.Typer) -> None:
    part = typer.Typer(no_args_is_help=True, help="Make, list, rotate and revoke API keys.")
    part.command("create")(create)
    part.command("list")(list_keys)
    part.command("show")(show)
    part.command("rotate")(rotate)
    part.command("revoke")(revoke)
    app.add_typer(part, name="keys")


def create(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    role: Annotated[
        list[Role] | None, typer.Option(help="May be repeated; default: all that you have.")
    ] = None,
    team: Annotated[
        list[str] | None, typer.Option(help="May be repeated; default: all that you are of.")
    ] = None,
    principal: Annotated[
        str | None, typer.Option(help="Whom it acts as (an admin's to say; default: you).")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=LONGEST_DAYS, help="When it ends.")] = 90,
    who: As = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Make a key. Its secret is shown this once."""
    body = {
        "name": name,
        "roles": [each.value for each in role] if role else None,
        "teams": team or None,
        "principal": principal,
        "expires_in_days": days,
    }
    _issued(catalog_at(port, who).post("/keys", body), as_json)


def list_keys(
    principal: Annotated[str | None, typer.Option(help="Only those that act as it.")] = None,
    active: Annotated[
        bool | None, typer.Option("--active/--ended", help="Only those in force, or not.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 100,
    cursor: Annotated[str | None, typer.Option(help="The next page of a list.")] = None,
    who: As = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """List keys, without secrets. Exit codes: 0 done, 1 an error, 3 there are none."""
    asked = {"principal": principal, "active": active, "limit": limit, "cursor": cursor}
    page = catalog_at(port, who).get("/keys", asked)
    nothing = "There are none. `headwater keys create <name>` makes one."
    show_page(page, ApiKey, _table, as_json=as_json, nothing=nothing)


def show(key_id: Id, who: As = None, port: Port = None, as_json: AsJson = False) -> None:
    """Show one key, and when it was last used."""
    _show(ApiKey.model_validate(catalog_at(port, who).get(f"/keys/{key_id}")), as_json)


def rotate(
    key_id: Id,
    overlap_hours: Annotated[
        float, typer.Option(min=0, max=720, help="For how long the old secret is good too.")
    ] = 24,
    who: As = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Give it a new secret, which is shown this once. It ends when it would have."""
    body = {"overlap_hours": overlap_hours}
    _issued(catalog_at(port, who).post(f"/keys/{key_id}/rotate", body), as_json)


def revoke(key_id: Id, who: As = None, port: Port = None, as_json: AsJson = False) -> None:
    """End it at once, and for good."""
    told = catalog_at(port, who).send("DELETE", f"/keys/{key_id}").json()
    _show(ApiKey.model_validate(told), as_json)


def _issued(told: object, as_json: bool) -> None:
    issued = IssuedView.model_validate(told)
    if as_json:
        typer.echo(issued.model_dump_json(indent=2))
        return
    _show(issued.key, as_json=False)
    console = Console()
    console.print(Text.assemble(("secret     ", "dim"), (issued.secret, "bold")), soft_wrap=True)
    console.print("Keep it now: nobody can show it again.", style="yellow")


def _show(key: ApiKey, as_json: bool) -> None:
    if as_json:
        typer.echo(key.model_dump_json(indent=2))
        return
    lines = {
        "key": f"{key.name} ({key.id}), {key.status.value}",
        "acts as": key.principal,
        "roles": ", ".join(key.roles),
        "teams": ", ".join(key.teams) or "none",
        "made": f"{key.made_at:%Y-%m-%d %H:%M} by {key.made_by}",
        "ends": f"{key.expires_at:%Y-%m-%d %H:%M}",
        "last used": f"{key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never",
    }
    if key.overlap_until:
        lines["old secret"] = f"good until {key.overlap_until:%Y-%m-%d %H:%M}"
    if key.revoked_at:
        lines["revoked"] = f"{key.revoked_at:%Y-%m-%d %H:%M} by {key.revoked_by}"
    for label, told in lines.items():
        line = Text.assemble((f"{label:<11}", "dim"), legible(told))
        Console().print(line, soft_wrap=True)


def _table(found: Sequence[ApiKey]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("id", "name", "acts as", "roles", "status", "ends", "last used"):
        table.add_column(column, overflow="fold")
    for key in found:
        used = f"{key.last_used_at:%Y-%m-%d}" if key.last_used_at else "never"
        table.add_row(
            key.id,
            Text(legible(key.name)),
            Text(key.principal),
            ", ".join(key.roles),
            key.status.value,
            f"{key.expires_at:%Y-%m-%d}",
            used,
        )
    return table
