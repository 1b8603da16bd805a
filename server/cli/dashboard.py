"""`headwater dashboard` and `headwater activity`: where the cluster stands, and what happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.activity import ActivityKind
from core.alerts.wording import moment
from core.dashboard import KEPT_DAYS, DayCounts
from core.quality import trend
from core.quality.wording import percent
from core.spans import amount_of
from server.cli.client import catalog_at
from server.cli.listing import legible, show_page
from server.cli.options import AsJson, Port
from server.dashboard.views import ActivityView, Count, Dashboard, QualityCounts


def register(app: typer.Typer) -> None:
    app.command("dashboard")(dashboard)
    app.command("activity")(activity)


def dashboard(
    days: Annotated[
        int, typer.Option(min=1, max=KEPT_DAYS, help="What happened within so many; 1 is today.")
    ] = 1,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Show where the cluster stands: topics, advice, quality, what happened, what waits."""
    found = Dashboard.model_validate(catalog_at(port).get("/dashboard", {"days": days}))
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        show_dashboard(found, Console())


def activity(
    kind: Annotated[list[ActivityKind] | None, typer.Option(help="Only these.")] = None,
    since: Annotated[str | None, typer.Option(help="From 2026-01-02T08:00:00Z on, say.")] = None,
    until: Annotated[str | None, typer.Option(help="Up to this time.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
    cursor: Annotated[str | None, typer.Option(help="The next page of a list.")] = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """List what happened, newest first. Exit codes: 0 done, 1 an error, 3 there is nothing."""
    asked = {
        "kind": kind or None, "since": since, "until": until, "limit": limit, "cursor": cursor,
    }  # fmt: skip
    page = catalog_at(port).get("/activity", asked)
    nothing = "Nothing happened. `headwater scan` looks for topics."
    show_page(page, ActivityView, activity_table, as_json=as_json, nothing=nothing)


def show_dashboard(found: Dashboard, console: Console) -> None:
    console.print(Text.assemble((found.cluster, "bold"), f"  {moment(found.at)}"))
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(no_wrap=True, justify="right")
    table.add_column(overflow="fold")
    for part, lines in _parts(found):
        for place, (value, name) in enumerate(lines):
            table.add_row(part if place == 0 else "", value, name)
    console.print(table)


def activity_table(found: Sequence[ActivityView]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("when", no_wrap=True)
    table.add_column("what", overflow="fold", ratio=1)
    for each in found:
        by = f" (by {legible(each.by)})" if each.by else ""
        table.add_row(moment(each.at), Text(legible(each.title)).append(by, "dim"))
    return table


Lines = list[tuple[str, str]]
"""A value and what it is of, each."""


def _parts(found: Dashboard) -> Iterator[tuple[str, Lines]]:
    yield "topics", _counts(found.sources)
    by_kind = found.recommendations.by_kind
    yield "to do", [(f"{count.value:,}", _words(kind.value)) for kind, count in by_kind.items()]
    yield "quality", _quality(found.quality)
    today = found.activity.since.date() == found.at.date()
    since = "today" if today else f"since {found.activity.since:%Y-%m-%d}"
    yield since, _counts(found.activity)
    yield "approvals", _counts(found.approvals)
    if len(found.trends) > 1:
        yield "by day", list(_trends(found.trends))


def _counts(part: BaseModel) -> Lines:
    return [(f"{count.value:,}", _words(name)) for name, count in part if isinstance(count, Count)]


def _quality(found: QualityCounts) -> Lines:
    average = found.average
    topics, records = amount_of(average.over.value, "topic"), amount_of(average.records, "record")
    score = "-" if average.value is None else percent(average.value)
    return [
        (score, f"mean score of {topics}, {records} of 24 hours"),
        (f"{found.below_floor.value:,}", f"below {percent(found.floor)}"),
        (f"{found.errors.value:,}", "alerts: errors"),
        (f"{found.warnings.value:,}", "alerts: warnings"),
    ]


_LINE_DAYS = 30


def _trends(days: Sequence[DayCounts]) -> Iterator[tuple[str, str]]:
    """The latest days, each line from its lowest to its highest."""
    latest = days[-_LINE_DAYS:]
    for name in ("sources", "managed", "recommendations", "errors"):
        values = [getattr(day, name) for day in latest]
        low, high = min(values), max(values)
        line = trend.line(float(value) for value in values)
        yield f"{values[-1]:,}", f"{line} {_words(name)}, {low:,} to {high:,}"


def _words(name: str) -> str:
    return name.replace("_", " ")
