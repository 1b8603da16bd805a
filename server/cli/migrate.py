"""`headwater migrate`: bring the database up to date, and end."""

from __future__ import annotations

import asyncio
import logging

import orjson
import typer

from server.cli.options import AsJson, DatabaseUrl
from server.configured import configured
from server.settings import load_settings


def register(app: typer.Typer) -> None:
    app.command("migrate")(migrate)


def migrate(database_url: DatabaseUrl = None, as_json: AsJson = False) -> None:
    """Bring the database up to date. Exit codes: 0 it is, 1 an error that says what to do.

    Servers do the same when they start; this is for a step of its own before them.
    """
    from server.database import prepare

    logging.basicConfig(level=logging.WARNING)
    url = configured(load_settings(database_url=database_url), "database_url")
    applied = asyncio.run(prepare(url))
    if as_json:
        typer.echo(orjson.dumps({"applied": applied}).decode())
    else:
        typer.echo("\n".join(["Applied:", *applied]) if applied else "Nothing was missing.")
