"""`headwater approvals`: what waits for a person, and the decision on it."""

from __future__ import annotations

import time
from typing import Annotated, Any
from urllib.parse import quote

import orjson
import typer
from rich.console import Console

from core.approval import ApprovalStatus, Verdict
from server.approvals.views import ApprovalSummary, ApprovalView
from server.cli import approval_sheet
from server.cli.client import NOTHING_FOUND, Catalog, catalog_at
from server.cli.options import As, AsJson, Port

FAILED = 1
"""Exit code where the plan was approved and could not be carried out."""

_LOOK_SECONDS = 0.2

Id = Annotated[str, typer.Argument(help="The approval's id: apr-...")]
Comment = Annotated[str, typer.Option("--comment", "-m", help="Why, for the record.")]
Wait = Annotated[bool, typer.Option("--wait", help="Until the plan is carried out or has ended.")]
Seen = Annotated[
    str | None, typer.Option("--plan-hash", help="Decide only if this is still the plan.")
]
Changes = Annotated[
    list[str],
    typer.Option("--set", metavar="PATH=VALUE", help="topic.partitions=12; null takes out."),
]


class InvalidAssignmentError(ValueError):
    """A --set is not of the form PATH=VALUE."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"--set takes PATH=VALUE, such as --set topic.partitions=12, and not {text[:80]!r}."
        )


def register(app: typer.Typer) -> None:
    part = typer.Typer(no_args_is_help=True, help="See what waits for approval, and decide.")
    part.command("list")(list_approvals)
    part.command("show")(show)
    part.command("approve")(approve)
    part.command("reject")(reject)
    part.command("modify")(modify)
    part.command("revise")(revise)
    part.command("link")(link)
    app.add_typer(part, name="approvals")


def list_approvals(
    status: Annotated[ApprovalStatus | None, typer.Option(help="Only these.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
    cursor: Annotated[str | None, typer.Option(help="The next page of a list.")] = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """List approvals, newest first. Exit codes: 0 done, 1 an error, 3 there are none."""
    asked = {"status": status, "limit": limit, "cursor": cursor}
    page = catalog_at(port).get("/approvals", asked)
    if as_json:
        _print(page)
    else:
        found = [ApprovalSummary.model_validate(item) for item in page["items"]]
        approval_sheet.show_list(Console(), found, page["next_cursor"])
    if not page["items"]:
        raise typer.Exit(NOTHING_FOUND)


def show(approval_id: Id, wait: Wait = False, port: Port = None, as_json: AsJson = False) -> None:
    """Show a plan: what it changes, its cost, what to think of, and how far it got."""
    catalog = catalog_at(port)
    _end(catalog, catalog.get(_path(approval_id)), wait, as_json)


def approve(
    approval_id: Id,
    comment: Comment = "",
    plan_hash: Seen = None,
    wait: Wait = False,
    who: As = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Approve a plan; it is carried out at once. Exit codes: 0 done, 1 refused or failed."""
    body = _body(Verdict.APPROVE, comment, plan_hash)
    _decide(catalog_at(port, who), approval_id, body, wait, as_json)


def reject(
    approval_id: Id,
    comment: Comment = "",
    plan_hash: Seen = None,
    who: As = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Reject a plan; nothing of it is made. Exit codes: 0 done, 1 refused."""
    body = _body(Verdict.REJECT, comment, plan_hash)
    _decide(catalog_at(port, who), approval_id, body, False, as_json)


def modify(
    approval_id: Id,
    changes: Changes,
    comment: Comment = "",
    plan_hash: Seen = None,
    wait: Wait = False,
    who: As = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Approve a plan with changes: --set topic.partitions=12 --set rules.score-range=null.

    A value is read as JSON where it is some, else as text. A wrong path is answered with all that
    can be changed. Exit codes: 0 done, 1 refused or failed.
    """
    body = _body(Verdict.MODIFY, comment, plan_hash)
    body["changes"] = dict(_assigned(each) for each in changes)
    _decide(catalog_at(port, who), approval_id, body, wait, as_json)


def revise(
    approval_id: Id,
    changes: Changes,
    plan_hash: Seen = None,
    who: As = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Change your own plan while it waits; it is checked and priced again, and still waits.

    Exit codes: 0 done, 1 refused.
    """
    body = {"changes": dict(_assigned(each) for each in changes), "plan_hash": plan_hash}
    catalog = catalog_at(port, who)
    _end(catalog, catalog.post(f"{_path(approval_id)}/revise", body), False, as_json)


def link(
    approval_id: Id,
    hours: Annotated[float, typer.Option(min=0.01, max=720, help="How long it is good.")] = 24,
    decider: Annotated[
        str | None, typer.Option("--for", help="The only one who may use it: user:default/jane.")
    ] = None,
    who: As = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Make a signed link for one decision, for tools and people outside.

    Whoever has the link may use it. Exit codes: 0 done, 1 refused.
    """
    body = {"hours": hours, "decider": decider}
    made = catalog_at(port, who).post(f"{_path(approval_id)}/callbacks", body)
    if as_json:
        _print(made)
    else:
        typer.echo(made["url"])
        typer.echo(f"Good once, until {made['expires_at']}.", err=True)


def _assigned(text: str) -> tuple[str, Any]:
    path, equals, value = text.partition("=")
    if not path.strip() or not equals:
        raise InvalidAssignmentError(text)
    try:
        return path.strip(), orjson.loads(value)
    except orjson.JSONDecodeError:
        return path.strip(), value


def _body(verdict: Verdict, comment: str, plan_hash: str | None) -> dict[str, Any]:
    return {"decision": verdict, "comment": comment, "plan_hash": plan_hash}


def _decide(
    catalog: Catalog, approval_id: str, body: dict[str, Any], wait: bool, as_json: bool
) -> None:
    decided = catalog.post(f"{_path(approval_id)}/decision", body)
    _end(catalog, decided, wait, as_json)


def _end(catalog: Catalog, answer: dict[str, Any], wait: bool, as_json: bool) -> None:
    shown = _ended(catalog, answer) if wait else answer
    view = ApprovalView.model_validate(shown)
    if as_json:
        _print(shown)
    else:
        approval_sheet.show_one(Console(), view)
    if view.status is ApprovalStatus.FAILED:
        raise typer.Exit(FAILED)


def _ended(catalog: Catalog, answer: dict[str, Any]) -> dict[str, Any]:
    """The approval as it ended; it goes on by itself where this is broken off by Ctrl-C."""
    with Console(stderr=True).status("waiting") as waiting:
        while not ApprovalStatus(answer["status"]).ended:
            steps = [step["step"] for step in answer["steps"]]
            done = sum(step["status"] == "done" for step in steps)
            waiting.update(f"{answer['status']}: {done} of {len(steps)} steps are done")
            time.sleep(_LOOK_SECONDS)
            answer = catalog.get(_path(answer["id"]))
    return answer


def _path(approval_id: str) -> str:
    return f"/approvals/{quote(approval_id, safe='')}"


def _print(answer: dict[str, Any]) -> None:
    typer.echo(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode())
