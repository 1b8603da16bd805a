"""`headwater backstage`: what a Backstage reads of the running catalog."""

from __future__ import annotations

from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.backstage.entity import EntityKind
from server.cli.client import NOTHING_FOUND, catalog_at
from server.cli.listing import legible, tell_more
from server.cli.options import AsJson, Port

Kinds = Annotated[
    list[EntityKind] | None, typer.Option("--kind", help="Only this kind; may be repeated.")
]


def register(app: typer.Typer) -> None:
    part = typer.Typer(no_args_is_help=True, help="What a Backstage reads of the catalog.")
    part.command("entities")(entities)
    part.command("catalog-info")(catalog_info)
    part.command("template")(template)
    app.add_typer(part, name="backstage")


def entities(
    kind: Kinds = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 200,
    cursor: Annotated[str | None, typer.Option(help="The next page of a list.")] = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """List the entities. Exit codes: 0 done, 1 an error, 3 there are none."""
    asked = {"kind": kind, "limit": limit, "cursor": cursor}
    page = catalog_at(port).get("/backstage/entities", asked)
    if as_json:
        typer.echo(orjson.dumps(page, option=orjson.OPT_INDENT_2).decode())
    else:
        table = Table(box=None, pad_edge=False, header_style="dim")
        for title in ("kind", "name", "owner"):
            table.add_column(title, overflow="fold")
        for each in page["items"]:
            named = f"{each['metadata']['namespace']}/{each['metadata']['name']}"
            owner = each["spec"].get("owner", "")
            table.add_row(each["kind"], Text(legible(named)), Text(legible(owner)))
        console = Console()
        console.print(table)
        tell_more(console, page["next_cursor"])
    if not page["items"]:
        raise typer.Exit(NOTHING_FOUND)


def catalog_info(kind: Kinds = None, port: Port = None) -> None:
    """Print the descriptor file that Backstage would read."""
    _print("/backstage/catalog-info.yaml", port, {"kind": [each.value for each in kind or ()]})


def template(
    owner: Annotated[
        str | None, typer.Option(help="Whose template it is, such as group:default/platform.")
    ] = None,
    proxy: Annotated[
        str | None, typer.Option(help="Backstage's proxy endpoint for the generator.")
    ] = None,
    port: Port = None,
) -> None:
    """Print the scaffolder template that has a data product drafted."""
    _print("/backstage/template.yaml", port, {"owner": owner, "proxy": proxy})


def _print(path: str, port: int | None, asked: dict[str, object]) -> None:
    given = {name: value for name, value in asked.items() if value}
    typer.echo(catalog_at(port).send("GET", path, params=given).text.rstrip())
