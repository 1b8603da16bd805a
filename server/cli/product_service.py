"""The product service as the command line reaches it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import orjson
import typer

from server.cli.address import products_address
from server.cli.client import Catalog, identity_of
from server.settings import load_settings

_SECONDS = 60.0


def service(port: int | None, who: str | None = None) -> Catalog:
    settings = load_settings(products_port=port, principal=who)
    return Catalog(products_address(settings), _SECONDS, identity_of(settings))


def path_of(product_id: str) -> str:
    return f"/products/{quote(product_id, safe='')}"


def put(answer: dict[str, Any]) -> None:
    typer.echo(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode())
