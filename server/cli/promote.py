"""`headwater promote`: a managed product from a topic that exists, by approval."""

from __future__ import annotations

import secrets
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console

from server.approvals.views import ApprovalView
from server.cli import approval_sheet
from server.cli.client import catalog_of
from server.cli.options import As, AsJson, Port
from server.settings import load_settings


def register(app: typer.Typer) -> None:
    app.command("promote")(promote)


def promote(
    topic: Annotated[str, typer.Argument(help="A topic that a scan has found.")],
    owner: Annotated[str, typer.Option(help="The owning team: fraud-team or group:...")],
    name: Annotated[str, typer.Option(help="What the product is called.")],
    description: Annotated[
        str | None, typer.Option(help="What it is (default: what the catalog says).")
    ] = None,
    domain: Annotated[str | None, typer.Option(help="Default: the topic's domain.")] = None,
    tags: Annotated[list[str] | None, typer.Option("--tag", help="May be repeated.")] = None,
    who: As = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Plan a product from a topic: its schema, contract and rules as they are already.

    Nothing changes before an approver decides, and on the topic itself nothing but what the plan
    shows. Exit codes: 0 planned, 1 refused.
    """
    catalog = catalog_of(load_settings(catalog_port=port, principal=who))
    asked: dict[str, Any] = {
        "owner": owner,
        "product_name": name,
        "description": description,
        "domain": domain,
        "tags": tags or [],
    }
    path = f"/sources/{quote(topic, safe='')}/promote"
    view = ApprovalView.model_validate(catalog.post(path, asked, key=secrets.token_hex(16)))
    if as_json:
        typer.echo(view.model_dump_json(indent=2))
    else:
        approval_sheet.show_one(Console(), view)
