"""`headwater quality [TOPIC]`: how good the records are, and which are not."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from core.quality.score import Score
from core.quality.summary import QualitySummary, worst_first
from core.quality.wording import moved_points
from server.cli.client import NOTHING_FOUND, catalog_at
from server.cli.options import AsJson, Port
from server.cli.quality_sheet import show_sheet, shown
from server.cli.wording import short


def register(app: typer.Typer) -> None:
    app.command("quality")(quality)


def quality(
    topic: Annotated[str | None, typer.Argument(help="Of this topic (default: all).")] = None,
    hours: Annotated[int, typer.Option(min=1, max=720, help="Of a topic's last hours.")] = 24,
    limit: Annotated[int, typer.Option(min=1, help="Of all: so many, the worst first.")] = 50,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Show how good the records are, counted one by one: of all topics, or of one in full.

    Exit codes: 0 done, 1 an error or no such topic, 3 there is no score.
    """
    scored = _all(limit, port, as_json) if topic is None else _one(topic, hours, port, as_json)
    if not scored:
        raise typer.Exit(NOTHING_FOUND)


def _one(topic: str, hours: int, port: int | None, as_json: bool) -> bool:
    path = f"/sources/{quote(topic, safe='')}/quality"
    score = Score.model_validate(catalog_at(port).get(path, {"hours": hours}))
    if as_json:
        typer.echo(score.model_dump_json(indent=2))
    else:
        show_sheet(Console(), score)
    return score.score is not None


def _all(limit: int, port: int | None, as_json: bool) -> bool:
    items = catalog_at(port).get("/quality")["items"]
    found = sorted((QualitySummary.model_validate(item) for item in items), key=worst_first)
    if as_json:
        for each in found[:limit]:
            typer.echo(each.model_dump_json())
    elif found:
        Console().print(ranking(found[:limit], len(found)))
    else:
        Console().print("No topic is watched yet. `headwater up` watches what scans find.")
    return any(each.score is not None for each in found)


def ranking(found: list[QualitySummary], total: int) -> Group:
    """A line for each; `total` is how many there are."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("topic", overflow="fold", ratio=1)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("before", justify="right", no_wrap=True)
    table.add_column("bad", justify="right", no_wrap=True)
    table.add_column("records", justify="right", no_wrap=True)
    table.add_column("against", no_wrap=True)
    for each in found:
        table.add_row(
            Text(each.source),
            shown(each.score),
            _before(each),
            short(each.bad),
            short(each.records) + ("" if each.sampled in (None, 1.0) else "*"),
            each.basis.value,
        )
    notes = []
    if any(each.sampled not in (None, 1.0) for each in found):
        notes.append(Text("* too fast to be looked at in full: of a sample", "dim"))
    if total > len(found):
        notes.append(Text(f"{total - len(found):,} more: --limit {total}", "dim"))
    return Group(table, *notes)


def _before(found: QualitySummary) -> Text:
    if found.score is None or found.previous is None:
        return Text("-", "dim")
    moved = moved_points(found.score, found.previous)
    if not moved:
        return Text("=", "dim")
    up = moved > 0
    return Text(f"{'▲' if up else '▼'} {abs(moved):.1f}", "green" if up else "red")
