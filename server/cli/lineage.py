"""`headwater lineage TOPIC` and `headwater impact TOPIC`: where data comes from, who breaks."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console
from rich.text import Text

from core.lineage.picture import Lineage, SourceImpact
from server.cli.client import NOTHING_FOUND, catalog_at
from server.cli.lineage_sheet import impact_sheet, lineage_tree
from server.cli.options import AsJson, Port

Topic = Annotated[str, typer.Argument(help="The topic's exact name.")]


def register(app: typer.Typer) -> None:
    app.command("lineage")(lineage)
    app.command("impact")(impact)


def lineage(
    topic: Topic,
    depth: Annotated[
        int, typer.Option(min=1, max=20, help="Steps; from a topic to its reader is one.")
    ] = 4,
    direction: Annotated[str, typer.Option(help="both, upstream or downstream.")] = "both",
    guesses: Annotated[bool, typer.Option(help="With what is only guessed.")] = True,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Show where a topic's data comes from and where it goes, with how that is known.

    Exit codes: 0 done, 1 an error or no such topic, 3 nothing is known around it.
    """
    asked = {"source": topic, "depth": depth, "direction": direction, "guesses": guesses}
    found = Lineage.model_validate(catalog_at(port).get("/lineage", asked))
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        Console().print(lineage_tree(found))
    if not found.edges:
        raise typer.Exit(NOTHING_FOUND)


def impact(
    topic: Topic,
    field: Annotated[str | None, typer.Option(help="Path of one field of it.")] = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Tell who breaks if a topic changes, or one of its fields.

    Exit codes: 0 done, 1 an error or no such topic or field, 3 nobody is known to depend on it.
    """
    path = f"/sources/{quote(topic, safe='')}/impact"
    found = SourceImpact.model_validate(catalog_at(port).get(path, {"field": field}))
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    elif found.affected:
        Console().print(impact_sheet(found), soft_wrap=True)
    else:
        what = topic if field is None else f"{field} of {topic}"
        Console().print(Text(f"Nobody is known to depend on {what}."))
    if not found.affected:
        raise typer.Exit(NOTHING_FOUND)
