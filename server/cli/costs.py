"""`headwater costs [TOPIC]`: what topics, products and teams cost, and what could be saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.cost.difference import CostDifference
from core.cost.estimate import CostItem
from core.cost.saving import Saving
from core.cost.sharing import CostBy, CostLine
from core.usage.period import DAYS
from server.cli.client import Catalog, catalog_at
from server.cli.listing import legible, show_page, table_by
from server.cli.options import As, AsJson, Port
from server.cli.period import LastDays, OfTeam, since
from server.costs.views import SourceCostView


def register(app: typer.Typer) -> None:
    app.command("costs")(costs)


def costs(
    topic: Annotated[str | None, typer.Argument(help="Of this topic, line by line.")] = None,
    by: Annotated[CostBy, typer.Option(help="What a line is of.")] = CostBy.TOPIC,
    team: OfTeam = None,
    product: Annotated[str | None, typer.Option(help="Only of this product's topics.")] = None,
    days: LastDays = DAYS,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print all lines as CSV, safe for spreadsheets.")
    ] = False,
    savings: Annotated[
        bool, typer.Option("--savings", help="What consolidating or retiring would save.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
    cursor: Annotated[str | None, typer.Option(help="The next page of a list.")] = None,
    who: As = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Show what a month costs at what was measured, by the price book in force.

    Exit codes: 0 done, 1 an error or no such topic, 3 there is nothing to show.
    """
    if sum((topic is not None, as_csv, savings)) > 1:
        raise typer.BadParameter("Ask for a topic, for --csv or for --savings: one of them.")
    catalog = catalog_at(port, who)
    asked = {"from": since(days), "team": team, "limit": limit, "cursor": cursor}
    if topic is not None:
        _source(catalog, topic, asked["from"], as_json)
    elif savings:
        page = catalog.get("/costs/savings", asked)
        nothing = "No open recommendation would save anything."
        show_page(page, Saving, _savings, as_json=as_json, nothing=nothing)
    elif as_csv:
        given = {**asked, "by": by, "product": product, "format": "csv"}
        for piece in catalog.stream("/costs", given):
            typer.echo(piece, nl=False)
    else:
        page = catalog.get("/costs", {**asked, "by": by, "product": product})
        show_page(page, CostLine, _lines, as_json=as_json, nothing="There are no such topics.")
        if not as_json:
            _total(page["total"], page["currency"], page["price_book"])


def _source(catalog: Catalog, topic: str, begin: object, as_json: bool) -> None:
    path = f"/sources/{quote(topic, safe='')}/cost"
    found = SourceCostView.model_validate(catalog.get(path, {"from": begin}))
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
        return
    console = Console()
    console.print(Text(legible(found.source), style="bold"))
    console.print(_items(found.measured.items))
    for each in found.measured.unknown:
        console.print(Text(f"not in it: {each}", style="yellow"))
    for each in found.measured.assumed:
        console.print(Text(f"assumed: {each}", style="dim"))
    _total(str(found.monthly), found.measured.currency, found.measured.price_book)
    if found.difference is not None:
        console.print(Text("\nagainst what was estimated when it was made", style="bold"))
        console.print(_differences(found.difference))


def _items(items: Sequence[CostItem]) -> Table:
    table = table_by("line")
    table.add_column("a month", justify="right", no_wrap=True)
    table.add_column("inputs", overflow="fold", ratio=2)
    for item in items:
        inputs = "; ".join(f"{name} {value}" for name, value in item.inputs.items())
        table.add_row(item.name, f"{item.amount:,.2f}", Text(legible(inputs), "dim"))
    return table


def _differences(found: CostDifference) -> Table:
    table = table_by("line")
    for name in ("estimated", "measured", "difference"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("because", overflow="fold", ratio=2)
    for item in found.items:
        because = "; ".join(each.words for each in item.because) or item.note or ""
        amounts = (item.estimated, item.measured, item.difference)
        shown = ("-" if amount is None else f"{amount:,.2f}" for amount in amounts)
        table.add_row(item.name, *shown, Text(because, "dim"))
    return table


def _lines(found: Sequence[CostLine]) -> Table:
    table = table_by(found[0].by.value)
    table.add_column("topics", justify="right", no_wrap=True)
    table.add_column("a month", justify="right", no_wrap=True)
    table.add_column("mostly", no_wrap=True)
    for each in found:
        most = max(each.items, key=lambda item: item.amount, default=None)
        mark = "*" if each.unknown else ""
        table.add_row(
            Text(legible(each.title)),
            f"{each.topics:,}",
            f"{each.monthly:,.2f}{mark}",
            "-" if most is None else f"{most.name} {most.amount:,.2f}",
        )
    if any(each.unknown for each in found):
        table.caption = "* without what could not be measured: `headwater costs TOPIC` says what"
        table.caption_justify = "left"
    return table


def _savings(found: Sequence[Saving]) -> Table:
    table = table_by("recommendation")
    table.add_column("saves a month", justify="right", no_wrap=True)
    table.add_column("topics that go", overflow="fold", ratio=1)
    for each in found:
        table.add_row(
            Text(legible(f"{each.recommendation_id} {each.title}")),
            f"{each.monthly:,.2f} {each.currency}",
            Text(legible(", ".join(_few(each.topics))), "dim"),
        )
    return table


def _few(topics: Sequence[str], most: int = 3) -> Iterator[str]:
    yield from topics[:most]
    if len(topics) > most:
        yield f"{len(topics) - most} more"


def _total(total: str, currency: str, book: str) -> None:
    text = f"{total} {currency} a month in all, by {legible(book)}"
    Console().print(Text(text, style="dim"), soft_wrap=True)
