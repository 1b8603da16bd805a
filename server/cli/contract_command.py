"""`headwater products contract`: a product's contract in and out."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from server.cli import product_sheet
from server.cli.options import As, AsJson, ProductsPort
from server.cli.product_service import path_of, put, service
from server.products.negotiation import YAML
from server.products.views import ContractView


class Standard(StrEnum):
    """The document that is printed."""

    ODCS = "odcs"
    ODPS = "odps"
    ASYNCAPI = "asyncapi"


_PATHS = {Standard.ODCS: "contract", Standard.ODPS: "odps", Standard.ASYNCAPI: "asyncapi"}


def contract(
    product_id: Annotated[str, typer.Argument(help="The product's id.")],
    file: Annotated[
        typer.FileBinaryRead | None,
        typer.Option("--put", help="Store this ODCS file (YAML or JSON), - for stdin."),
    ] = None,
    standard: Annotated[
        Standard, typer.Option(help="ODCS contract, ODPS product or AsyncAPI document.")
    ] = Standard.ODCS,
    if_match: Annotated[
        str, typer.Option("--if-match", help="Put only onto this revision's ETag.")
    ] = "*",
    who: As = None,
    port: ProductsPort = None,
    as_json: AsJson = False,
) -> None:
    """Print a product's contract as YAML (JSON with --json), or put one with --put FILE.

    Exit codes: 0 done, 1 an error, no contract, or none by the standard.
    """
    if file is not None:
        headers = {"If-Match": if_match, "Content-Type": YAML}
        asked = {"content": file.read(), "headers": headers}
        answer = service(port, who).send("PUT", f"{path_of(product_id)}/contract", **asked).json()
        _stored(answer, as_json)
        return
    form = {"format": "json" if as_json else "yaml"}
    path = f"{path_of(product_id)}/{_PATHS[standard]}"
    found = service(port).send("GET", path, params=form)
    if as_json:
        put(found.json())
    else:
        typer.echo(found.text, nl=False)


def _stored(answer: dict[str, object], as_json: bool) -> None:
    if as_json:
        put(answer)
    else:
        console, stored = Console(), ContractView.model_validate(answer)
        product_sheet.show_one(console, stored)
        for entry in stored.not_watched:
            told = f"not watched: {entry.name or entry.at}, {entry.why}"
            console.print(Text(told, style="dim"), soft_wrap=True)
