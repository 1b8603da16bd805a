"""`headwater consolidate`: several topics as one, proved on their own messages."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.consolidation import Consolidation
from core.quality.wording import percent
from core.unify.replay import Replay
from server.approvals.views import ApprovalView
from server.cli import approval_sheet
from server.cli.client import Catalog, catalog_of
from server.cli.options import As, AsJson, Port
from server.settings import load_settings

_REASONS = 4


def register(app: typer.Typer) -> None:
    app.command("consolidate")(consolidate)


def consolidate(
    sources: Annotated[list[str], typer.Argument(help="Two or more topics that are the same.")],
    topic: Annotated[str | None, typer.Option(help="What the one topic shall be called.")] = None,
    owner: Annotated[
        str | None, typer.Option(help="Ask for approval of the product, owned by this team.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="The product's name, with --owner.")] = None,
    who: As = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Work out one schema for several topics, and replay their messages through it.

    Nothing is changed. With --owner a plan for the one product is made, which waits for approval.
    Exit codes: 0 done, 1 an error.
    """
    catalog = catalog_of(load_settings(catalog_port=port, principal=who))
    made = Consolidation.model_validate(
        catalog.post("/consolidations", {"sources": sources, "topic": topic})
    )
    if as_json and owner is None:
        typer.echo(made.model_dump_json(indent=2))
    elif not as_json:
        _show(Console(), made)
    if owner is not None:
        _propose(catalog, made, owner, name, as_json)


def _propose(
    catalog: Catalog, made: Consolidation, owner: str, name: str | None, as_json: bool
) -> None:
    body = {"owner": owner, "product_name": name or made.unified.topic}
    answer = catalog.post(f"/consolidations/{made.id}/approve-request", body)
    approval = ApprovalView.model_validate(answer)
    if as_json:
        typer.echo(approval.model_dump_json(indent=2))
        return
    console = Console()
    console.print()
    approval_sheet.show_one(console, approval)


def _show(console: Console, made: Consolidation) -> None:
    console.print(Text(f"{made.name} as {made.unified.topic} ({made.id})", style="bold"))
    console.print(_fields(made))
    for replay in made.replays:
        console.print(Text(_proof(replay)), soft_wrap=True)
        for refused in replay.refused[:_REASONS]:
            shapes = f", such as {', '.join(refused.shapes)}" if refused.shapes else ""
            where = f"`{refused.path}` " if refused.path else ""
            told = f"  {refused.messages}: {where}{refused.reason}{shapes}"
            console.print(Text(told, style="yellow"), soft_wrap=True)
    console.print(Text(made.verdict), soft_wrap=True)
    for figure in made.benefits:
        told = f"{figure.name}: {figure.value:,} {figure.unit} = {figure.formula}"
        console.print(Text.assemble(("benefit  ", "dim"), told), soft_wrap=True)
    console.print(Text("Steps", style="bold"))
    for number, step in enumerate(made.steps, 1):
        console.print(Text(f"{number}. {step.who}: {step.do}"), soft_wrap=True)
        console.print(Text(f"   back: {step.rollback}", style="dim"), soft_wrap=True)


def _fields(made: Consolidation) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("field", overflow="fold")
    table.add_column("type", overflow="fold")
    for source in made.current:
        table.add_column(Text(source.name), overflow="fold")
    table.add_column("differs", overflow="fold")
    for field in made.unified.fields:
        kinds = " or ".join(field.kinds)
        table.add_row(
            Text(field.path),
            f"{kinds}, optional" if field.optional else kinds,
            *(Text(field.sources.get(source.name, "-")) for source in made.current),
            Text(field.differs),
        )
    return table


def _proof(replay: Replay) -> str:
    return (
        f"{replay.source}: {replay.passed} of {replay.messages} sampled messages come through and "
        f"validate ({percent(replay.share)}); {replay.unreadable} could not be read at all."
    )
