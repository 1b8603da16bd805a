"""`headwater access`: ask for access to a product, see who has it, take it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.access import Operation
from core.approval import ApprovalStatus
from core.grant import GrantPlan
from core.grant_life import GrantStatus
from core.listing import joined
from server.cli.listing import legible, show_page
from server.cli.options import As, AsJson, ProductsPort
from server.cli.product_service import path_of, put, service
from server.grants.views import AccessRequestDetail, AccessRequestView, GrantView, RequestState

_STYLES = {
    RequestState.PENDING: "yellow",
    RequestState.GRANTING: "cyan",
    RequestState.GRANTED: "green",
    RequestState.FAILED: "red",
    RequestState.REJECTED: "red",
}
_GRANT_STYLES = {
    GrantStatus.ACTIVE: "green",
    GrantStatus.GIVING: "cyan",
    GrantStatus.ENDING: "yellow",
}

Product = Annotated[str, typer.Argument(help="The product's id.")]
RequestId = Annotated[str, typer.Argument(help="The request's id: apr-...")]
GrantId = Annotated[str, typer.Argument(help="The grant's id: gr-...")]
OfProduct = Annotated[str | None, typer.Option("--product", help="Only of this product.")]
OfTeam = Annotated[str | None, typer.Option("--team", help="Only of this team (group:...).")]
Limit = Annotated[int, typer.Option(min=1, max=200)]
FromCursor = Annotated[str | None, typer.Option("--cursor", help="The next page of a list.")]


class NoEndError(ValueError):
    """Access needs an end."""

    def __init__(self) -> None:
        super().__init__("Say when the access ends: --days 90, or --until 2027-01-31T00:00:00Z.")


def register(app: typer.Typer) -> None:
    part = typer.Typer(no_args_is_help=True, help="Access to products, for a while.")
    part.command("request")(request)
    part.command("requests")(list_requests)
    part.command("show")(show)
    part.command("withdraw")(withdraw)
    part.command("list")(list_grants)
    part.command("revoke")(revoke)
    app.add_typer(part, name="access")


def request(
    product_id: Product,
    team: Annotated[str, typer.Option(help="Who gets it: a team's name, or group:...")],
    purpose: Annotated[str, typer.Option("--purpose", "-m", help="What for.")],
    days: Annotated[int | None, typer.Option(min=1, max=366, help="For so many days.")] = None,
    until: Annotated[str | None, typer.Option(help="Or until this time, with its offset.")] = None,
    operation: Annotated[
        list[Operation] | None, typer.Option(help="read (default) or write; may be repeated.")
    ] = None,
    group: Annotated[
        str | None, typer.Option(help="The consumer group (default: all named TEAM.*).")
    ] = None,
    group_prefix: Annotated[
        bool, typer.Option("--group-prefix", help="All groups whose names begin so.")
    ] = False,
    topic: Annotated[
        list[str] | None, typer.Option(help="Only this topic of the product; repeatable.")
    ] = None,
    who: As = None,
    port: ProductsPort = None,
    as_json: AsJson = False,
) -> None:
    """Ask for access to a product; its owner decides. Who has access asks again to prolong it.

    Exit codes: 0 asked, 1 refused.
    """
    body: dict[str, Any] = {
        "team": team,
        "purpose": purpose,
        "until": _end(days, until),
        "group": group,
        "group_prefix": group_prefix,
        "topics": topic or [],
    }
    if operation:
        body["operations"] = operation
    made = service(port, who).post(f"{path_of(product_id)}/access-requests", body)
    _show_request(made, as_json)


def list_requests(
    product: OfProduct = None,
    team: OfTeam = None,
    by: Annotated[str | None, typer.Option(help="Only asked for by user:...")] = None,
    status: Annotated[ApprovalStatus | None, typer.Option(help="Only these.")] = None,
    limit: Limit = 50,
    cursor: FromCursor = None,
    port: ProductsPort = None,
    as_json: AsJson = False,
) -> None:
    """List requests, newest first. Exit codes: 0 done, 1 an error, 3 there are none."""
    asked = {"product_id": product, "team": team, "requested_by": by, "status": status}
    page = service(port).get("/access-requests", {**asked, "limit": limit, "cursor": cursor})
    nothing = "Nobody asked. `headwater access request PRODUCT` does."
    show_page(page, AccessRequestView, _requests, as_json=as_json, nothing=nothing)


def show(request_id: RequestId, port: ProductsPort = None, as_json: AsJson = False) -> None:
    """Show one request: what Kafka would allow, and what to think of."""
    _show_request(service(port).get(_path("access-requests", request_id)), as_json)


def withdraw(
    request_id: RequestId,
    comment: Annotated[str, typer.Option("--comment", "-m", help="Why, for the record.")] = "",
    who: As = None,
    port: ProductsPort = None,
    as_json: AsJson = False,
) -> None:
    """Take a request of your own back. Exit codes: 0 done, 1 refused."""
    path = f"{_path('access-requests', request_id)}/withdraw"
    _show_request(service(port, who).post(path, {"comment": comment}), as_json)


def list_grants(
    product: OfProduct = None,
    team: OfTeam = None,
    principal: Annotated[str | None, typer.Option(help="Only of User:...")] = None,
    status: Annotated[GrantStatus | None, typer.Option(help="Only these.")] = None,
    limit: Limit = 50,
    cursor: FromCursor = None,
    port: ProductsPort = None,
    as_json: AsJson = False,
) -> None:
    """List who has, or had, access. Exit codes: 0 done, 1 an error, 3 there are none."""
    asked = {"product_id": product, "team": team, "principal": principal, "status": status}
    page = service(port).get("/grants", {**asked, "limit": limit, "cursor": cursor})
    nothing = "Nobody was given access. `headwater access request PRODUCT` asks for it."
    show_page(page, GrantView, _grants, as_json=as_json, nothing=nothing)


def revoke(
    grant_id: GrantId,
    reason: Annotated[str, typer.Option("--reason", "-m", help="Why, for the record.")],
    who: As = None,
    port: ProductsPort = None,
    as_json: AsJson = False,
) -> None:
    """Take access back before its end. Exit codes: 0 done, or to be done; 1 refused."""
    made = service(port, who).post(f"{_path('grants', grant_id)}/revoke", {"reason": reason})
    if as_json:
        put(made)
    else:
        found = GrantView.model_validate(made)
        Console().print(Text(legible(found.words)), soft_wrap=True)


def _end(days: int | None, until: str | None) -> str:
    if until is not None:
        return until
    if days is None:
        raise NoEndError
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def _path(what: str, name: str) -> str:
    return f"/{what}/{quote(name, safe='')}"


def _show_request(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        put(answer)
        return
    found, console = AccessRequestDetail.model_validate(answer), Console()
    head = Text(legible(f"access to {found.product_name}"), "bold")
    console.print(head.append(f"  {found.state}", _STYLES.get(found.state, "dim")))
    for name, value in _facts(found):
        line = Text.assemble((f"{name:<10}", "dim"), legible(value))
        console.print(line, soft_wrap=True)
    for shown in () if found.diff is None else found.diff.lines[1:]:
        console.print(Text(legible(f"  + {shown}"), "green"), soft_wrap=True)
    for risk in found.risks:
        console.print(Text(legible(f"  - {risk}"), "yellow"), soft_wrap=True)
    if found.state is RequestState.PENDING:
        way = f"{found.owner} decides: headwater approvals approve|reject|modify {found.id}"
        console.print(Text(legible(way), "dim"), soft_wrap=True)


def _facts(found: AccessRequestDetail) -> list[tuple[str, str]]:
    asked, decision = found.asked, found.decision
    facts = [
        ("request", f"{found.id}, asked for by {found.requested_by}"),
        ("who", f"{asked.team}, {asked.principal} to Kafka"),
        ("what", _what(asked)),
        ("for", asked.purpose),
    ]
    if decision is not None:
        said = f": {decision.comment}" if decision.comment else ""
        facts.append(("decision", f"{decision.verdict} by {decision.by}{said}"))
    if found.grant_id is not None:
        facts.append(("grant", found.grant_id))
    return facts + ([("error", found.error)] if found.error else [])


def _what(asked: GrantPlan) -> str:
    groups = f", in the consumer group {asked.groups}" if asked.groups else ""
    return f"{joined(asked.operations)} {joined(asked.topics)}{groups}, until {asked.ends}"


def _requests(found: Sequence[AccessRequestView]) -> Table:
    table = _table("request", "state", "product", "who", "until")
    for each in found:
        table.add_row(
            each.id,
            Text(each.state, _STYLES.get(each.state, "dim")),
            Text(legible(each.product_id)),
            Text(legible(f"{each.asked.team}: {joined(each.asked.operations)}")),
            f"{each.asked.until:%Y-%m-%d}",
        )
    return table


def _grants(found: Sequence[GrantView]) -> Table:
    table = _table("grant", "status", "product", "who", "until")
    for each in found:
        grant = each.grant
        status = f"{grant.status}, overdue" if each.overdue else grant.status.value
        table.add_row(
            grant.id,
            Text(status, _GRANT_STYLES.get(grant.status, "dim")),
            Text(legible(grant.product_id)),
            Text(legible(f"{grant.plan.principal}: {joined(grant.plan.operations)}")),
            f"{grant.plan.until:%Y-%m-%d}",
        )
    return table


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in names:
        table.add_column(name, no_wrap=name in ("request", "grant", "until"), overflow="fold")
    return table
