"""`headwater recommendations`: what to do about the topics, and the decision on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.recommendations.recommendation import (
    Figure,
    Rating,
    RecommendationKind,
    RecommendationStatus,
)
from server.catalog.recommendation_views import RecommendationView
from server.cli.client import catalog_at
from server.cli.listing import show_page
from server.cli.options import As, AsJson, Port

Id = Annotated[int, typer.Argument(help="Its number in the list.")]


def register(app: typer.Typer) -> None:
    part = typer.Typer(no_args_is_help=True, help="See what to do about the topics, and decide.")
    part.command("list")(list_recommendations)
    part.command("show")(show)
    part.command("accept")(accept)
    part.command("dismiss")(dismiss)
    app.add_typer(part, name="recommendations")


def list_recommendations(
    status: Annotated[
        RecommendationStatus | None, typer.Option(help="Only these (default: open).")
    ] = RecommendationStatus.OPEN,
    kind: Annotated[RecommendationKind | None, typer.Option(help="Only of this kind.")] = None,
    source: Annotated[str | None, typer.Option(help="Only about this topic.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 100,
    cursor: Annotated[str | None, typer.Option(help="The next page of a list.")] = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """List recommendations. Exit codes: 0 done, 1 an error, 3 there are none."""
    asked = {"status": status, "kind": kind, "source": source, "limit": limit, "cursor": cursor}
    page = catalog_at(port).get("/recommendations", asked)
    nothing = "There are none. `headwater analyze` looks at the topics anew."
    show_page(page, RecommendationView, _table, as_json=as_json, nothing=nothing)


def show(recommendation_id: Id, port: Port = None, as_json: AsJson = False) -> None:
    """Show one with its evidence, benefit, effort and risk."""
    answer = catalog_at(port).get(f"/recommendations/{recommendation_id}")
    _show(RecommendationView.model_validate(answer), as_json)


def accept(
    recommendation_id: Id,
    comment: Annotated[str | None, typer.Option("--comment", "-m", help="For the record.")] = None,
    who: As = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Mean to do it. It counts as done once what it is about is no longer so."""
    path = f"/recommendations/{recommendation_id}/accept"
    answer = catalog_at(port, who).post(path, {"comment": comment})
    _show(RecommendationView.model_validate(answer), as_json)


def dismiss(
    recommendation_id: Id,
    reason: Annotated[str, typer.Option("--reason", "-m", help="Why not.")],
    who: As = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Decide against it. It does not come back while its facts are the same."""
    path = f"/recommendations/{recommendation_id}/dismiss"
    answer = catalog_at(port, who).post(path, {"reason": reason})
    _show(RecommendationView.model_validate(answer), as_json)


def _table(found: Sequence[RecommendationView]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("no.", justify="right", no_wrap=True)
    table.add_column("kind", no_wrap=True)
    table.add_column("what to do", overflow="fold", ratio=1)
    table.add_column("effort", no_wrap=True)
    table.add_column("risk", no_wrap=True)
    for each in found:
        proposal = each.proposal
        table.add_row(
            str(each.id),
            proposal.kind.value.replace("_", " "),
            Text(proposal.title),
            proposal.effort.level.value,
            proposal.risk.level.value,
        )
    return table


def _show(found: RecommendationView, as_json: bool) -> None:
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
        return
    console, proposal = Console(), found.proposal
    console.print(Text.assemble((proposal.title, "bold"), f"  {found.status.value}"))
    for line in proposal.evidence:
        console.print(Text(f"- {line}"), soft_wrap=True)
    for benefit in proposal.benefits:
        console.print(Text.assemble(("benefit  ", "dim"), _figure(benefit)), soft_wrap=True)
    console.print(Text.assemble(("effort   ", "dim"), _rating(proposal.effort)), soft_wrap=True)
    console.print(Text.assemble(("risk     ", "dim"), _rating(proposal.risk)), soft_wrap=True)
    if found.decided_by:
        told = f" ({found.reason})" if found.reason else ""
        console.print(Text.assemble(("decided  ", "dim"), f"by {found.decided_by}{told}"))


def _figure(figure: Figure) -> str:
    return f"{figure.name}: {figure.value:,} {figure.unit} = {figure.formula}"


def _rating(rating: Rating) -> str:
    return f"{rating.level.value}: {rating.why}"
