"""`headwater watch`: what is counted now, of all topics, in a table that goes on."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from core.quality import trend
from core.quality.summary import LiveQuality, QualitySummary
from core.quality.wording import percent
from server.cli.client import Catalog, ServerNotRunningError, catalog_at
from server.cli.options import AsJson, Port
from server.cli.quality_sheet import colour, shown
from server.cli.wording import short

SECONDS = 2.0
"""Between two looks."""

_SCORES_SECONDS = 60.0
"""Between two looks at the scores of whole days, which cost more."""

_COLUMNS = {"5 min": 6, "24 h": 6, "half hour": 10, "rec/s": 6, "lag": 6, "alerts": 6}
"""Their widths, which a topic's name is not to take."""

_GAP, _NARROWEST = 2, 12

Scores = Mapping[str, QualitySummary]


def register(app: typer.Typer) -> None:
    app.command("watch")(watch)


def watch(
    once: Annotated[bool, typer.Option("--once", help="One look, and no more.")] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, help="So many topics (default: what fits).")
    ] = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Watch all topics: their score of the last minutes, rate, lag and trend. Ctrl-C ends it.

    With --json each look is a line for each topic.
    """
    catalog, console = catalog_at(port), Console()
    try:
        if as_json:
            _print(catalog, once)
        elif once:
            console.print(table(*_look(catalog), limit, console.width))
        else:
            _follow(catalog, console, limit)
    except KeyboardInterrupt:
        return


def _print(catalog: Catalog, once: bool) -> None:
    while True:
        for each in _live(catalog):
            typer.echo(each.model_dump_json())
        if once:
            return
        time.sleep(SECONDS)


def _follow(catalog: Catalog, console: Console, limit: int | None) -> None:
    scores, asked = _scores(catalog), time.monotonic()
    with Live(console=console, screen=console.is_terminal, auto_refresh=False) as screen:
        while True:
            try:
                if time.monotonic() - asked > _SCORES_SECONDS:
                    scores, asked = _scores(catalog), time.monotonic()
                rows = limit or max(1, console.height - 4)
                screen.update(table(_live(catalog), scores, rows, console.width), refresh=True)
            except ServerNotRunningError as away:
                # A server that is started again is found again.
                screen.update(Text(str(away), "red"), refresh=True)
            time.sleep(SECONDS)


def _look(catalog: Catalog) -> tuple[list[LiveQuality], Scores]:
    return _live(catalog), _scores(catalog)


def _live(catalog: Catalog) -> list[LiveQuality]:
    return [LiveQuality.model_validate(item) for item in catalog.get("/quality/live")["items"]]


def _scores(catalog: Catalog) -> Scores:
    found = [QualitySummary.model_validate(item) for item in catalog.get("/quality")["items"]]
    return {each.source: each for each in found}


def in_order(found: Iterable[LiveQuality], scores: Scores) -> list[LiveQuality]:
    """What has alerts comes first, then what flows, the worst of it on top; then by the score of
    the day."""

    def place(each: LiveQuality) -> tuple[bool, bool, float, float, str]:
        day = scores[each.source].score if each.source in scores else None
        now = 1.0 if each.score is None else each.score
        return (not each.alerts, each.score is None, now, 1.0 if day is None else day, each.source)

    return sorted(found, key=place)


def table(found: list[LiveQuality], scores: Scores, limit: int | None, width: int) -> Group:
    """One look, a line for each topic."""
    drawn = Table(box=None, pad_edge=False, header_style="dim")
    left = width - sum(_COLUMNS.values()) - _GAP * len(_COLUMNS)
    drawn.add_column("topic", overflow="ellipsis", no_wrap=True, max_width=max(_NARROWEST, left))
    for name, width in _COLUMNS.items():
        drawn.add_column(name, justify="right", no_wrap=True, min_width=width)
    for each in in_order(found, scores)[:limit]:
        day = scores.get(each.source)
        drawn.add_row(
            Text(each.source),
            shown(each.score),
            shown(None if day is None else day.score),
            Text(trend.line(each.trend), colour(each.score)),
            _rate(each.records_per_second),
            "-" if each.lag is None else short(each.lag),
            Text(str(each.alerts), "bold red") if each.alerts else "",
        )
    return Group(drawn, _foot(found, scores, limit))


def _foot(found: list[LiveQuality], scores: Scores, limit: int | None) -> Text:
    if not found:
        return Text("Nothing was counted yet. `headwater up` watches all that a scan has found.")
    rate = sum(each.records_per_second for each in found)
    records = sum(each.records for each in scores.values())
    bad = sum(each.bad for each in scores.values())
    told = f"{len(found):,} topics, {_rate(rate)} records/s"
    if records:
        told += f", {percent(1 - bad / records)} of {short(records)} records good in 24 h"
    if limit is not None and limit < len(found):
        told += f"; {len(found) - limit:,} not shown"
    return Text(f"{told}. {datetime.now(UTC):%H:%M:%S} UTC", "dim")


def _rate(rate: float) -> str:
    return f"{rate:.1f}" if rate < 100 else short(round(rate))
