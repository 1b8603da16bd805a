"""`headwater usage [TOPIC]`: who reads what and how much, and what nobody uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from core.usage.period import DAYS, Period
from core.usage.trend import bars, daily
from core.usage.unused import SearchCount, Unused
from core.usage.usage import ReaderUsage, SourceUsage
from server.cli.client import catalog_at
from server.cli.listing import legible, show_page, table_by
from server.cli.options import As, AsJson, Port
from server.cli.period import LastDays, OfTeam, since
from server.cli.wording import short

_BARS = 14
"""Days that a line of a list has room for."""


def register(app: typer.Typer) -> None:
    app.command("usage")(usage)


def usage(
    topic: Annotated[str | None, typer.Argument(help="Of this topic (default: all).")] = None,
    product: Annotated[str | None, typer.Option(help="Only of this product's topics.")] = None,
    team: OfTeam = None,
    days: LastDays = DAYS,
    unused: Annotated[bool, typer.Option("--unused", help="What nobody uses.")] = False,
    searches: Annotated[
        bool, typer.Option("--searches", help="What was searched for in vain (for stewards).")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 50,
    cursor: Annotated[str | None, typer.Option(help="The next page of a list.")] = None,
    who: As = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Show how much is written and read, by whom, and with what lag: counted, day by day.

    Exit codes: 0 done, 1 an error or no such topic, 3 there is nothing to show.
    """
    if sum((topic is not None, unused, searches)) > 1:
        raise typer.BadParameter("Ask for a topic, for --unused or for --searches: one of them.")
    catalog = catalog_at(port, who)
    asked = {"from": since(days), "limit": limit, "cursor": cursor}
    if searches:
        page = catalog.get("/usage/searches", {**asked, "nothing_found": True})
        nothing = "Nothing was searched for in vain."
        if not page["counted"]:
            nothing = "Searches are not counted: HEADWATER_USAGE_SEARCHES is off."
        show_page(page, SearchCount, _searches, as_json=as_json, nothing=nothing)
    elif unused:
        page = catalog.get("/usage/unused", {**asked, "team": team})
        nothing = f"Nothing is known to be unused since {asked['from']}: see --days."
        show_page(page, Unused, _unused, as_json=as_json, nothing=nothing)
    else:
        narrowed = {"source": topic, "product": product, "team": team}
        page = catalog.get("/usage", {**asked, **narrowed})
        period = Period.model_validate(page["period"])
        if topic is not None and page["items"] and not as_json:
            Console().print(_sheet(SourceUsage.model_validate(page["items"][0]), period))
            return
        nothing = "There are no such topics."
        show_page(
            page,
            SourceUsage,
            lambda found: _sources(found, period),
            as_json=as_json,
            nothing=nothing,
        )


def _sources(found: Sequence[SourceUsage], period: Period) -> Table:
    table = table_by("topic")
    for name in ("written", "read", "teams", "lag"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("views", justify="right", no_wrap=True)
    table.add_column(f"last {min(_BARS, period.days)} days", no_wrap=True)
    for each in found:
        lags = [reader.lag for reader in each.consumers if reader.lag is not None]
        table.add_row(
            Text(legible(each.source)),
            short(each.written),
            short(each.read),
            str(sum(team.team is not None for team in each.teams)),
            short(max(lags)) if lags else "-",
            short(each.views),
            _written(each, period)[-_BARS:],
        )
    return table


def _sheet(used: SourceUsage, period: Period) -> RenderableType:
    return Group(*_lines(used, period))


def _lines(used: SourceUsage, period: Period) -> Iterator[RenderableType]:
    yield Text(legible(used.source), style="bold")
    if used.written_per_second is None:
        yield Text("It was looked at once or never in these days: nothing is counted yet.", "dim")
        return
    hours = used.observed_seconds / 3_600
    rate = f"{used.written_per_second:,.3g}/s"
    yield Text(f"written  {used.written:,} messages, {rate} over {hours:,.1f} h of looking")
    yield Text(f"         {_written(used, period)}", "dim")
    yield Text(f"read     {used.read:,} messages by {len(used.consumers)} consumer groups")
    yield Text(f"views    {used.views:,}")
    if used.consumers:
        yield Text()
        yield _readers(used.consumers, period)


def _readers(readers: Sequence[ReaderUsage], period: Period) -> Table:
    table = table_by("group")
    table.add_column("team", overflow="fold")
    for name in ("read", "lag", "change"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("lag by day", no_wrap=True)
    for each in readers:
        change = each.lag_change
        lag = daily(((day.day, day.lag) for day in each.days), period)
        table.add_row(
            Text(legible(each.group)),
            Text(legible(each.team or "-")),
            short(each.messages),
            "-" if each.lag is None else short(each.lag),
            "-" if change is None else f"{change:+,}",
            bars(lag)[-_BARS:],
        )
    return table


def _unused(found: Sequence[Unused]) -> Table:
    table = table_by("name")
    table.add_column("what", no_wrap=True)
    table.add_column("owner", overflow="fold")
    table.add_column("messages", justify="right", no_wrap=True)
    table.add_column("last read", no_wrap=True)
    for each in found:
        read = each.last_read
        table.add_row(
            Text(legible(each.name)),
            each.kind.value,
            Text(legible((each.owner or "-").removeprefix("group:default/"))),
            short(each.messages),
            "never seen" if read is None else f"{read:%Y-%m-%d}",
        )
    return table


def _searches(found: Sequence[SearchCount]) -> Table:
    table = table_by("searched for")
    table.add_column("times", justify="right", no_wrap=True)
    table.add_column("in vain", justify="right", no_wrap=True)
    for each in found:
        table.add_row(Text(legible(each.query)), f"{each.searches:,}", f"{each.nothing_found:,}")
    return table


def _written(used: SourceUsage, period: Period) -> str:
    return bars(daily(((day.day, day.messages) for day in used.written_days), period))
