"""Restoring: into an empty database, or in place of one that is kept beside it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import InsufficientPrivilege
from psycopg.sql import SQL, Identifier

from core.spans import amount_of
from server.backup.programs import ProgramFailedError, Programs
from tools.db.errors import translated
from tools.db.sql import load

_SQL = load("backup")
_LEAVING_SECONDS = 5.0
"""As long as Postgres itself waits before it renames a database."""
_MARK = "TABLE DATA public schema_migrations"


class NoBackupError(Exception):
    """The file is no backup of a Headwater database."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(
            f"{file} is no backup of Headwater: {why}. `headwater backup FILE` writes one."
        )


class NotEmptyError(Exception):
    """The database has tables already."""

    def __init__(self, name: str, tables: int) -> None:
        super().__init__(
            f"The database {name} has {amount_of(tables, 'table')} already, and no backup is mixed "
            "into it. Name an empty database, or put the backup in its place with --replace, which "
            "keeps the present one under another name."
        )


class InUseError(Exception):
    """Somebody is connected to the database that is to be replaced."""

    def __init__(self, name: str, connections: int) -> None:
        super().__init__(
            f"The database {name} has {amount_of(connections, 'open connection')}. Stop Headwater "
            "and the schema registry that keeps its schemas there, then restore again."
        )


class MayNotCreateError(Exception):
    """The role may not create databases."""

    def __init__(self) -> None:
        super().__init__(
            "This role may not create databases. Have an empty one made with the extension vector, "
            "restore into it without --replace, and point HEADWATER_DATABASE_URL at it."
        )


@dataclass(frozen=True, slots=True)
class Restored:
    """`database` has the backup now, with so many `rows` in its main tables; what it replaced is
    kept as `before`."""

    database: str
    rows: Mapping[str, int]
    before: str | None = None


async def restore(url: str, file: Path, programs: Programs) -> Restored:
    """Into the empty database at `url`: all of the backup, or nothing.

    Raises NoBackupError, NotEmptyError, ProgramFailedError, DatabaseUnreachableError.
    """
    await _require_backup(file, programs)
    name = _name(url)
    async with _connected(url) as connection:
        if tables := await _count(connection, "tables"):
            raise NotEmptyError(name, tables)
    await _filled(url, file, programs)
    return Restored(name, await _rows(url))


async def restore_in_place(url: str, file: Path, programs: Programs) -> Restored:
    """Restores into a new database, which then takes the name of the one at `url`; that one stays,
    under its name with the time. Where anything fails, nothing has changed. Needs the right to
    create databases. Raises also InUseError, MayNotCreateError."""
    await _require_backup(file, programs)
    name, stamp = _name(url), f"{datetime.now(UTC):%Y%m%d_%H%M%S}"
    fresh, before = f"{name}_restoring_{stamp}", f"{name}_before_{stamp}"
    async with _connected(make_conninfo(url, dbname="postgres")) as server:
        await _require_unused(server, name)
        try:
            await server.execute(SQL("create database {}").format(Identifier(fresh)))
        except InsufficientPrivilege as error:
            raise MayNotCreateError from error
        try:
            await _filled(make_conninfo(url, dbname=fresh), file, programs)
            await _require_unused(server, name)
            async with server.transaction():
                await _rename(server, name, before)
                await _rename(server, fresh, name)
        except BaseException:
            await server.execute(SQL("drop database {} with (force)").format(Identifier(fresh)))
            raise
    return Restored(name, await _rows(url), before)


async def _require_backup(file: Path, programs: Programs) -> None:
    if not await asyncio.to_thread(file.is_file):
        raise NoBackupError(file, "there is no such file")
    try:
        listed = await programs.run("pg_restore", "--list", str(file))
    except ProgramFailedError as error:
        raise NoBackupError(file, "pg_restore cannot read it") from error
    if _MARK not in listed:
        raise NoBackupError(file, "it was made of another database")


async def _filled(url: str, file: Path, programs: Programs) -> None:
    """Comments are left out: those on extensions may only be set by who installed them."""
    await programs.run(
        "pg_restore",
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        "--no-comments",
        str(file),
        url=url,
    )


async def _rows(url: str) -> dict[str, int]:
    async with _connected(url) as connection:
        # Without figures of its own the planner would be wrong about everything at first.
        await connection.execute("analyze")
        rows = await (await connection.execute(_SQL["rows"])).fetchall()
    return {str(name): int(count) for name, count in rows}


async def _require_unused(server: AsyncConnection, name: str) -> None:
    """Waits a little: Postgres sees some moments later that a client has left."""
    until = time.monotonic() + _LEAVING_SECONDS
    while connections := await _count(server, "connections", {"name": name}):
        if time.monotonic() > until:
            raise InUseError(name, connections)
        await asyncio.sleep(0.1)


async def _rename(server: AsyncConnection, name: str, to: str) -> None:
    statement = SQL("alter database {} rename to {}")
    await server.execute(statement.format(Identifier(name), Identifier(to)))


async def _count(
    connection: AsyncConnection, query: str, given: Mapping[str, str] | None = None
) -> int:
    row = await (await connection.execute(_SQL[query], given)).fetchone()
    return 0 if row is None else int(row[0])


def _name(url: str) -> str:
    given = conninfo_to_dict(url)
    return str(given.get("dbname") or given.get("user") or "postgres")


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[AsyncConnection]:
    """In autocommit mode, with the errors of this project."""
    with translated():
        async with await AsyncConnection.connect(url, autocommit=True, connect_timeout=5) as opened:
            yield opened
