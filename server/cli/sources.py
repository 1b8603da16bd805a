"""`headwater sources` and `headwater source NAME`: what there is, and what is in it."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.recommendations.recommendation import RecommendationKind
from core.source import SourceChange, SourceSort, SourceSummary
from server.catalog.views import FieldView, SchemaFormat, SourceView
from server.cli import wording
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
from server.cli.quality_sheet import in_a_line
from server.settings import load_settings


def register(app: typer.Typer) -> None:
    app.command("sources")(sources)
    app.command("source")(source)


def sources(
    kind: OfKind = None,
    owner: OfOwner = None,
    domain: OfDomain = None,
    data_format: InFormat = None,
    tag: WithTag = None,
    has_schema: HasSchema = None,
    has_owner: HasOwner = None,
    vanished: Vanished = False,
    recommended: Annotated[
        RecommendationKind | None,
        typer.Option(help="Only what an open recommendation of this kind is about."),
    ] = None,
    scored: Annotated[
        bool | None, typer.Option("--scored/--unscored", help="With a score of the last 24 hours.")
    ] = None,
    score_below: Annotated[
        float | None, typer.Option(min=0, max=1, help="With a lower score, such as 0.95.")
    ] = None,
    sort: Annotated[SourceSort | None, typer.Option(help="The order; by name at first.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 200,
    cursor: Annotated[str | None, typer.Option(help="The next page of a list.")] = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """List topics. Exit codes: 0 done, 1 an error, 3 there are none."""
    asked = {
        "kind": kind,
        "owner": owner,
        "domain": domain,
        "format": data_format,
        "tag": tag,
        "has_schema": has_schema,
        "has_owner": has_owner,
        "include_vanished": vanished or None,
        "recommended": recommended,
        "scored": scored,
        "score_below": score_below,
        "sort": sort,
        "limit": limit,
        "cursor": cursor,
    }
    page = catalog_of(load_settings(catalog_port=port)).get("/sources", asked)
    if as_json:
        typer.echo(orjson.dumps(page, option=orjson.OPT_INDENT_2).decode())
    else:
        _show_list([SourceSummary.model_validate(item) for item in page["items"]], page)
    if not page["items"]:
        raise typer.Exit(NOTHING_FOUND)


def source(
    name: Annotated[str, typer.Argument(help="The topic's exact name.")],
    data_format: Annotated[
        SchemaFormat | None, typer.Option("--format", help="Print the schema in this format.")
    ] = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Describe one topic, or print its schema. Exit codes: 0 done, 1 an error or no such topic."""
    catalog = catalog_of(load_settings(catalog_port=port))
    path = f"/sources/{quote(name, safe='')}"
    if data_format is not None:
        schema = catalog.get(f"{path}/schema", {"format": data_format.value})
        typer.echo(orjson.dumps(schema, option=orjson.OPT_INDENT_2).decode())
        return
    answer = catalog.get(path)
    if as_json:
        typer.echo(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode())
    else:
        _show_one(SourceView.model_validate(answer))


def _show_list(found: list[SourceSummary], page: dict[str, Any]) -> None:
    console = Console()
    if not found:
        console.print("No topic is known that fits. `headwater scan` looks for topics now.")
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("name", overflow="fold", ratio=1)
    table.add_column("kind", no_wrap=True)
    table.add_column("owner", overflow="ellipsis", no_wrap=True, max_width=18)
    table.add_column("format", no_wrap=True)
    table.add_column("fields", justify="right", no_wrap=True)
    table.add_column("messages", justify="right", no_wrap=True)
    for each in found:
        table.add_row(
            Text(each.name),
            wording.badge(each.kind),
            Text(wording.owner(each).replace(" (guess)", "") if each.owner else "-"),
            each.format,
            str(each.fields),
            wording.short(each.messages),
        )
    console.print(table)
    tell_more(console, page["next_cursor"])


def _show_one(shown: SourceView) -> None:
    console = Console()
    summary = shown.summary
    console.print(Text.assemble(wording.headline(summary), "  ", wording.badge(summary.kind)))
    if summary.description:
        by = Text(f" (by {summary.description.by})", style="dim")
        console.print(Text.assemble(summary.description.text, by))
    for name, value in _facts(shown):
        console.print(Text.assemble((f"{name:<12}", "dim"), value))
    _show_fields(console, shown)
    for change in shown.recent_changes[:3]:
        _show_change(console, change)


def _facts(shown: SourceView) -> list[tuple[str, str]]:
    summary, report = shown.summary, shown.report
    facts = [("owner", _owner(summary)), ("format", wording.data_format(summary))]
    facts.append(("messages", f"{wording.messages(summary)} in {shown.partitions} partitions"))
    if summary.consuming_teams:
        facts.append(("consumers", ", ".join(summary.consuming_teams)))
    elif shown.consumers:
        facts.append(("consumers", ", ".join(consumer.group for consumer in shown.consumers)))
    if shown.quality is not None:
        facts.append(("quality", in_a_line(shown.quality)))
    if report.error:
        facts.append(("last scan", report.error))
    if failed := sum(failure.messages for failure in report.failures):
        facts.append(("unreadable", f"{failed:,} of {report.messages:,} sampled messages"))
    if len(report.event_kinds) > 1:
        facts.append(("events", ", ".join(kind.name for kind in report.event_kinds)))
    return facts


def _owner(summary: SourceSummary) -> str:
    if summary.owner is None:
        return "not known"
    guess = summary.owner.guessed_from
    return summary.owner.ref if guess is None else f"{summary.owner.ref}, a guess from {guess}"


def _show_fields(console: Console, shown: SourceView) -> None:
    if shown.schema_tree is None:
        console.print("No field could be read.")
        return
    table = Table(box=None, pad_edge=False, header_style="dim", title_justify="left")
    table.add_column(f"field (version {shown.version})", overflow="fold", ratio=1)
    table.add_column("type", overflow="fold")
    table.add_column("present", justify="right", no_wrap=True)
    table.add_column("shape", overflow="ellipsis", no_wrap=True, max_width=22)
    for field in _flat(shown.schema_tree.root):
        table.add_row(Text(field.path), Text(_type(field)), _present(field), Text(_shape(field)))
    console.print()
    console.print(table)


def _flat(parent: FieldView) -> list[FieldView]:
    return [each for child in parent.children for each in (child, *_flat(child))]


def _type(field: FieldView) -> str:
    kinds = "|".join(field.kinds) or "unknown"
    return kinds if field.logical is None else f"{kinds} {field.logical}"


def _present(field: FieldView) -> str:
    evidence = field.evidence
    if evidence is None or not evidence.parents:
        return "optional" if field.optional else ""
    return f"{evidence.seen / evidence.parents:.0%}"


def _shape(field: FieldView) -> str:
    if field.enum:
        return " ".join(map(str, field.enum))
    evidence = field.evidence
    return evidence.shapes[0].shape if evidence and evidence.shapes else ""


def _show_change(console: Console, change: SourceChange) -> None:
    console.print(Text(f"\n{change.kind.value} {change.at:%Y-%m-%d %H:%M} UTC", style="dim"))
    for line in change.lines[:8]:
        console.print(Text(f"  {line}"))
