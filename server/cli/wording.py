"""Sources in a terminal: badges and facts, in lines that fit 80 columns."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from core.source import SourceKind, SourceSummary

_BADGES = {SourceKind.MANAGED: "green", SourceKind.DISCOVERED: "yellow"}


def badge(kind: SourceKind) -> Text:
    return Text(kind.value, style=_BADGES[kind])


def headline(source: SourceSummary) -> Text:
    """Name, and the product's name where it has one."""
    text = Text(source.name, style="bold")
    if source.product_name:
        text.append(f"  {source.product_name}", style="green")
    if source.status == "vanished":
        text.append("  vanished", style="red")
    return text


def facts(source: SourceSummary) -> Text:
    """Owner, format, fields, consuming teams and messages, as measured."""
    return Text(
        " · ".join(
            (
                owner(source),
                data_format(source),
                f"{source.fields} fields",
                teams(source),
                messages(source),
            )
        ),
        style="dim",
    )


def owner(source: SourceSummary) -> str:
    if source.owner is None:
        return "no owner known"
    short = source.owner.ref.removeprefix("group:default/")
    return short if source.owner.guessed_from is None else f"{short}? (guess)"


def data_format(source: SourceSummary) -> str:
    return f"{source.format}{' (registered)' if source.has_registered_schema else ''}"


def teams(source: SourceSummary) -> str:
    count = len(source.consuming_teams)
    return f"{count} team{'' if count == 1 else 's'}"


def messages(source: SourceSummary) -> str:
    return "not scanned" if source.scanned_at is None else f"{short(source.messages)} messages"


def short(number: int) -> str:
    """1234567 as 1.2M: for eyes only, `--json` has the whole number."""
    for size, unit in ((1_000_000_000, "G"), (1_000_000, "M"), (10_000, "k")):
        if number >= size:
            divisor = 1000 if unit == "k" else size
            return f"{number / divisor:.1f}{unit}"
    return f"{number:,}"


def entry(place: int, source: SourceSummary, why: str = "") -> RenderableType:
    """One source of a list: three or four lines behind its place."""
    lines: list[Text] = [headline(source)]
    if source.description:
        lines.append(Text(source.description.text))
    lines.append(facts(source))
    if why:
        lines.append(Text(f"why: {why}", style="cyan dim"))
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", width=3, style="dim")
    grid.add_column(overflow="fold")
    grid.add_row(f"{place}.", Group(*lines))
    return Padding(grid, (0, 0, 1, 0))
