"""`headwater search`: find topics and data products."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from core.search import SearchHit, SearchResult
from core.source import SourceKind
from server.cli.client import NOTHING_FOUND, catalog_of
from server.cli.listing import tell_more
from server.cli.options import (
    AsJson,
    HasOwner,
    HasSchema,
    InFormat,
    OfDomain,
    OfKind,
    OfOwner,
    Port,
    Vanished,
    WithTag,
)
from server.cli.wording import badge, entry
from server.settings import load_settings


def register(app: typer.Typer) -> None:
    app.command("search")(search)


def search(
    words: Annotated[list[str], typer.Argument(help="What the data is about, a name or a field.")],
    kind: OfKind = None,
    owner: OfOwner = None,
    domain: OfDomain = None,
    data_format: InFormat = None,
    tag: WithTag = None,
    has_schema: HasSchema = None,
    has_owner: HasOwner = None,
    vanished: Vanished = False,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 10,
    cursor: Annotated[str | None, typer.Option(help="The next page of a search.")] = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Find topics and data products by meaning, name or field; each says why it was found.

    Exit codes: 0 found, 1 an error, 3 nothing found.
    """
    filters = {
        "kind": kind,
        "owner": owner,
        "domain": domain,
        "format": data_format,
        "tag": tag,
        "has_schema": has_schema,
        "has_owner": has_owner,
        "include_vanished": vanished or None,
    }
    given = {name: value for name, value in filters.items() if value is not None}
    asked = {"query": " ".join(words), "limit": limit, "cursor": cursor, "filters": given}
    answer = catalog_of(load_settings(catalog_port=port)).post("/search", asked)
    result = SearchResult.model_validate(answer)
    if as_json:
        typer.echo(result.model_dump_json(indent=2))
    else:
        _show(result, " ".join(words))
    if not result.managed and not result.discovered:
        raise typer.Exit(NOTHING_FOUND)


def _show(result: SearchResult, words: str) -> None:
    console = Console()
    if not result.managed and not result.discovered:
        console.print(f"Nothing matches {words!r}.", markup=False, highlight=False)
        return
    _section(console, SourceKind.MANAGED, result.managed)
    _section(console, SourceKind.DISCOVERED, result.discovered)
    tell_more(console, result.next_cursor)


def _section(console: Console, kind: SourceKind, hits: tuple[SearchHit, ...]) -> None:
    if not hits:
        return
    console.print(Text.assemble(badge(kind), f" ({len(hits)})"))
    for place, hit in enumerate(hits, 1):
        why = "; ".join(reason.text for reason in hit.reasons[:2])
        console.print(entry(place, hit.source, why))
