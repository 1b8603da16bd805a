"""A page of what the API lists, in a terminal or for scripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table
from rich.text import Text

from server.cli.client import NOTHING_FOUND

View = TypeVar("View", bound=BaseModel)


def show_page(
    page: Mapping[str, Any],
    view: type[View],
    table_of: Callable[[Sequence[View]], Table],
    *,
    as_json: bool,
    nothing: str,
) -> None:
    """A line of JSON each, or their table; `nothing` is said of an empty one, which ends with its
    own exit code."""
    found = [view.model_validate(item) for item in page["items"]]
    console = Console()
    if as_json:
        for each in found:
            typer.echo(each.model_dump_json())
    elif found:
        console.print(table_of(found))
        tell_more(console, page["next_cursor"])
    else:
        console.print(nothing)
    if not found:
        raise typer.Exit(NOTHING_FOUND)


def table_by(first: str) -> Table:
    """Begun with the column that tells the rows apart; it takes what room the others leave."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(first, overflow="fold", ratio=1)
    return table


def tell_more(console: Console, cursor: str | None) -> None:
    """How to get the next page, where there is one."""
    if cursor:
        console.print(Text(f"More: --cursor {cursor}", style="dim"), soft_wrap=True)


def legible(text: str, keep: str = "") -> str:
    """Names and texts come from messages, people and models: whatever would move a terminal's
    cursor, but for what is in `keep`, is shown as a mark."""
    return "".join(c if c.isprintable() or c in keep else "\N{REPLACEMENT CHARACTER}" for c in text)
