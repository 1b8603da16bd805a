"""Products in a terminal, in lines that fit 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.markdown import Markdown
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from core.product import Lifecycle
from core.snippets import Language, Snippet
from core.versioning import Bump, Difference
from server.cli.listing import legible, tell_more
from server.products.views import DiffView, ProductView, VersionSummary

_STYLES = {
    Lifecycle.DRAFT: "dim",
    Lifecycle.PENDING: "yellow",
    Lifecycle.ACTIVE: "green",
    Lifecycle.DEPRECATED: "magenta",
    Lifecycle.RETIRED: "red",
}
_BUMPS = {"major": "red", "minor": "yellow", "patch": "dim"}
_LEXERS = {Language.PYTHON: "python", Language.JAVA: "java", Language.SHELL: "bash"}


def show_list(console: Console, found: Sequence[ProductView], cursor: str | None) -> None:
    if not found:
        console.print("No product fits. `headwater generate` makes one from a description.")
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("id", overflow="fold", ratio=1)
    table.add_column("lifecycle", no_wrap=True)
    table.add_column("version", no_wrap=True)
    table.add_column("owner", overflow="ellipsis", no_wrap=True, max_width=18)
    table.add_column("topics", overflow="fold", ratio=1)
    for each in found:
        topics = ", ".join(port.topic for port in each.ports)
        table.add_row(Text(each.id), _state(each), each.version, _owner(each), Text(topics))
    console.print(table)
    tell_more(console, cursor)


def show_one(console: Console, product: ProductView) -> None:
    console.print(Text.assemble((legible(product.name), "bold"), "  ", _state(product)))
    console.print(Text(legible(product.description)))
    for name, value in _facts(product):
        console.print(Text.assemble((f"{name:<10}", "dim"), legible(value)))
    if product.documentation:
        console.print()
        console.print(Markdown(legible(product.documentation, keep="\n"), hyperlinks=False))


def _facts(product: ProductView) -> Iterator[tuple[str, str]]:
    yield "id", product.id
    yield "version", product.version
    yield "owner", product.owner
    yield "domain", product.domain
    if product.tags:
        yield "tags", ", ".join(product.tags)
    for port in product.ports:
        yield "topic", f"{port.topic} (cluster {port.cluster})"
    if product.deleted is not None:
        gone = product.deleted
        yield "deleted", f"{gone.at:%Y-%m-%d} by {gone.by}: {gone.reason}"
    elif product.next:
        yield "next", " or ".join(product.next)


def show_versions(console: Console, found: Sequence[VersionSummary], cursor: str | None) -> None:
    for each in found:
        when = f"{each.created_at:%Y-%m-%d %H:%M} UTC by {each.created_by}"
        console.print(Text.assemble((each.version, "bold"), "  ", (legible(when), "dim")))
        _changes(console, each.changes)
    tell_more(console, cursor)


def show_diff(console: Console, diff: DiffView) -> None:
    if not diff.changes:
        console.print(f"{diff.before} and {diff.after} say the same.")
        return
    asks = "" if diff.bump == Bump.NONE.word else f": a {diff.bump} change"
    console.print(Text(f"{diff.before} to {diff.after}{asks}", style="bold"))
    _changes(console, diff.changes)


def show_snippets(console: Console, found: Sequence[Snippet]) -> None:
    """Plain code where it goes to a file or a pipe."""
    for each in found:
        console.print(Text.assemble((each.title, "bold"), f"  {each.filename}"))
        console.print(Text(each.requires, style="dim"))
        if console.is_terminal:
            console.print(Syntax(each.code, _LEXERS[each.language], background_color="default"))
        else:
            console.print(Text(f"\n{each.code}"), soft_wrap=True)


def _changes(console: Console, changes: Sequence[Difference]) -> None:
    for change in changes:
        mark = (f"  {change.bump:<6}", _BUMPS.get(change.bump, ""))
        console.print(Text.assemble(mark, legible(change.line)))


def _state(product: ProductView) -> Text:
    if product.deleted is not None:
        return Text("deleted", style="red")
    return Text(product.lifecycle.value, style=_STYLES[product.lifecycle])


def _owner(product: ProductView) -> Text:
    return Text(legible(product.owner.removeprefix("group:default/")))
