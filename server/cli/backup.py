"""`headwater backup` and `headwater restore`: the database as a file, and back."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console

from server.backup.backup import Backup, back_up
from server.backup.database import database_of
from server.backup.programs import Programs
from server.backup.restore import Restored, restore, restore_in_place
from server.cli.options import AsJson
from server.cli.terminal import progress_on
from server.settings import Settings, load_settings

File = Annotated[Path, typer.Argument(help="The backup's file.")]
DatabaseUrl = Annotated[
    str | None, typer.Option(help="Another Postgres than the embedded one: postgresql://...")
]
DataDir = Annotated[
    Path | None, typer.Option(help="Folder of the embedded Postgres (default: .headwater).")
]
ProgramFolder = Annotated[
    Path | None,
    typer.Option(help="Folder with pg_dump and pg_restore of your Postgres (default: our own)."),
]


def register(app: typer.Typer) -> None:
    app.command("backup")(backup)
    app.command("restore")(restore_command)


def backup(
    file: File,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
    programs: ProgramFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write the whole database to a file, as it is at this moment; servers may go on.

    The catalog, products, approvals, counts and alerts are in it, and the schemas of a registry
    that keeps them there. Messages are not: they are Kafka's. Exit codes: 0 written, 1 an error.
    """
    settings = load_settings(database_url=database_url, data_dir=data_dir)
    written = asyncio.run(_backed_up(settings, file, Programs.found(programs)))
    if as_json:
        typer.echo(orjson.dumps(asdict(written)))
    else:
        typer.echo(f"{written.file}: {written.bytes:,} bytes, as of {written.taken_at:%F %T} UTC.")


def restore_command(
    file: File,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
    programs: ProgramFolder = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Take the place of the database, which is kept beside it."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a backup into an empty database: all of it, or nothing.

    Stop Headwater first. With --replace the present database is renamed and stays, until you drop
    it. Exit codes: 0 restored, 1 an error, after which the database is as it was.
    """
    settings = load_settings(database_url=database_url, data_dir=data_dir)
    restored = asyncio.run(_restored(settings, file, Programs.found(programs), replace))
    if as_json:
        typer.echo(orjson.dumps(asdict(restored)))
        return
    rows = ", ".join(f"{count:,} {name}" for name, count in restored.rows.items())
    typer.echo(f"The database {restored.database} has the backup: {rows}.")
    if restored.before is not None:
        typer.echo(f"What was there before is kept as the database {restored.before}.")


async def _backed_up(settings: Settings, file: Path, programs: Programs) -> Backup:
    async with database_of(settings) as url:
        with progress_on(Console(stderr=True)).step("Backing up"):
            return await back_up(url, file, programs)


async def _restored(settings: Settings, file: Path, programs: Programs, replace: bool) -> Restored:
    async with database_of(settings, create=True) as url:
        with progress_on(Console(stderr=True)).step("Restoring"):
            bring = restore_in_place if replace else restore
            return await bring(url, file, programs)
