"""`headwater compare A B`: two topics side by side; `headwater related A`: who is like it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core import comparison_words
from server.catalog.comparison_views import ComparisonView, Related
from server.cli.client import NOTHING_FOUND, catalog_of
from server.cli.options import AsJson, Port
from server.settings import load_settings

_REASONS = 2

Topic = Annotated[str, typer.Argument(help="The topic's exact name.")]


def register(app: typer.Typer) -> None:
    app.command("compare")(compare)
    app.command("related")(related)


def compare(left: Topic, right: Topic, port: Port = None, as_json: AsJson = False) -> None:
    """Tell how similar two topics are, and which field of one is which of the other."""
    catalog = catalog_of(load_settings(catalog_port=port))
    path = f"/sources/{quote(left, safe='')}/comparison/{quote(right, safe='')}"
    found = ComparisonView.model_validate(catalog.get(path))
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
        return
    console = Console()
    console.print(Text(found.text), soft_wrap=True)
    console.print()
    console.print(_matches(found))
    for name, alone in ((left, found.alignment.left_only), (right, found.alignment.right_only)):
        if alone:
            told = Text.assemble((f"only {name}: ", "dim"), ", ".join(alone))
            console.print(told, soft_wrap=True)


def related(name: Topic, port: Port = None, as_json: AsJson = False) -> None:
    """List what a topic duplicates, overlaps or belongs to. Exit code 3 where nothing is."""
    catalog = catalog_of(load_settings(catalog_port=port))
    found = Related.model_validate(catalog.get(f"/sources/{quote(name, safe='')}/related"))
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    elif found.items:
        Console().print(_relatives(found))
    else:
        Console().print(Text(f"Nothing is known that is like {name}."))
    if not found.items:
        raise typer.Exit(NOTHING_FOUND)


def _matches(found: ComparisonView) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(Text(found.left), overflow="fold")
    table.add_column(Text(found.right), overflow="fold")
    table.add_column("sure", justify="right", no_wrap=True)
    table.add_column("why", overflow="fold", ratio=1)
    for match in found.alignment.matches:
        why = ", ".join(match.why[:_REASONS])
        table.add_row(Text(match.left), Text(match.right), f"{match.sureness:.0%}", Text(why))
    return table


def _relatives(found: Related) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("topic", overflow="fold")
    table.add_column("similar", justify="right", no_wrap=True)
    table.add_column("what it is to it", overflow="fold", ratio=1)
    for each in found.items:
        told = comparison_words.relation(each)
        table.add_row(Text(each.right), f"{each.similarity:.0%}", Text(told))
    return table
