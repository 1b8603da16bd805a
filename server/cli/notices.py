"""`headwater notices`: what teams were told, how it reached them, and their answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.notices.notice import Answer
from server.cli.client import catalog_at
from server.cli.listing import show_page
from server.cli.options import As, AsJson, Port
from server.notices.views import NoticeView

Id = Annotated[int, typer.Argument(help="Its number in the list.")]


def register(app: typer.Typer) -> None:
    part = typer.Typer(no_args_is_help=True, help="See what teams were told, and answer.")
    part.command("list")(list_notices)
    part.command("show")(show)
    part.command("answer")(answer)
    app.add_typer(part, name="notices")


def list_notices(
    team: Annotated[str | None, typer.Option(help="Only to this team.")] = None,
    source: Annotated[str | None, typer.Option(help="Only about this topic.")] = None,
    answered: Annotated[
        bool | None, typer.Option("--answered/--open", help="Only with, or without, an answer.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 100,
    cursor: Annotated[str | None, typer.Option(help="The next page of a list.")] = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """List notices. Exit codes: 0 done, 1 an error, 3 there are none."""
    asked = {"team": team, "source": source, "answered": answered, "limit": limit, "cursor": cursor}
    page = catalog_at(port).get("/notices", asked)
    nothing = "There are none. Teams are told of new topics that a product has already."
    show_page(page, NoticeView, _table, as_json=as_json, nothing=nothing)


def show(notice_id: Id, port: Port = None, as_json: AsJson = False) -> None:
    """Show one with its facts, its deliveries and its answer."""
    _show(NoticeView.model_validate(catalog_at(port).get(f"/notices/{notice_id}")), as_json)


def answer(
    notice_id: Id,
    given: Annotated[Answer, typer.Argument(metavar="ANSWER", help="switch, promote or explain.")],
    comment: Annotated[
        str | None, typer.Option("--comment", "-m", help="Why; needed to explain.")
    ] = None,
    who: As = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Answer for the team: read the product instead, make the topic a product, or keep both."""
    body = {"answer": given.value, "comment": comment}
    made = catalog_at(port, who).post(f"/notices/{notice_id}/answer", body)
    _show(NoticeView.model_validate(made), as_json)


def _table(found: Sequence[NoticeView]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("no.", justify="right", no_wrap=True)
    table.add_column("what", overflow="fold", ratio=1)
    table.add_column("to", overflow="fold")
    table.add_column("delivered", no_wrap=True)
    table.add_column("answer", no_wrap=True)
    for each in found:
        table.add_row(
            str(each.id),
            Text(each.text.title),
            Text(each.text.team),
            _delivered(each),
            each.answered.answer.value if each.answered else "",
        )
    return table


def _show(found: NoticeView, as_json: bool) -> None:
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
        return
    console, text = Console(), found.text
    console.print(Text(text.title, "bold"), soft_wrap=True)
    for fact in text.facts:
        console.print(Text(f"- {fact}"), soft_wrap=True)
    for option, told in text.options.items():
        console.print(Text.assemble((f"{option.value:<9}", "cyan"), told), soft_wrap=True)
    console.print(
        Text.assemble(("told     ", "dim"), f"{text.team}, because {text.why_them}"), soft_wrap=True
    )
    for one in found.deliveries:
        more = f": {one.error}" if one.error else ""
        console.print(
            Text.assemble(("channel  ", "dim"), f"{one.channel} {one.status.value}{more}"),
            soft_wrap=True,
        )
    if not found.deliveries:
        console.print(Text.assemble(("channel  ", "dim"), "none is configured for this team"))
    if found.answered:
        comment = f" ({found.answered.comment})" if found.answered.comment else ""
        told = f"{found.answered.answer.value}, by {found.answered.by}{comment}"
        console.print(Text.assemble(("answer   ", "dim"), told), soft_wrap=True)


def _delivered(found: NoticeView) -> str:
    if not found.deliveries:
        return "no channel"
    return ", ".join(sorted({each.status.value for each in found.deliveries}))
