"""Bring a database to the version of this package: numbered SQL files, applied once each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

import psycopg
from procrastinate.schema import SchemaManager
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from tools.db.errors import translated
from tools.db.sql import load

_LOCK = 0x4EAD3A7E
"""Advisory lock key: of several processes that start at once one migrates, the others wait."""


class MigrationChangedError(Exception):
    """A migration that was already applied has another text now; add a new file instead."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Migration {name} was applied with another text than it has now. Restore the file and "
            "put the change into a new migration, or start from an empty database."
        )


class DatabaseNewerError(Exception):
    """The database was migrated by a newer Headwater than this one."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"The database has migrations that this version does not know ({', '.join(names)}). "
            "Run the newer version of Headwater that applied them."
        )


class MigrationFailedError(Exception):
    """Postgres refused a migration; nothing of it was kept."""

    def __init__(self, name: str, cause: psycopg.Error) -> None:
        super().__init__(
            f"Migration {name} failed and was rolled back: {str(cause).splitlines()[0]}. The role "
            "needs the right to create tables and the extensions vector, pg_trgm and unaccent."
        )


@dataclass(frozen=True, slots=True)
class Migration:
    """`name` is the file name without `.sql`; its four digits give the order."""

    name: str
    text: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def package_migrations(folder: Traversable | None = None) -> tuple[Migration, ...]:
    """The migrations that ship with this package, in order."""
    folder = folder or files("tools.db") / "migrations"
    found = [item for item in folder.iterdir() if item.name.endswith(".sql")]
    return tuple(
        Migration(item.name.removesuffix(".sql"), item.read_text(encoding="utf-8"))
        for item in sorted(found, key=lambda item: item.name)
    )


async def migrate(url: str, migrations: Sequence[Migration] | None = None) -> tuple[str, ...]:
    """Apply what is missing, each file in a transaction of its own; returns the applied names.

    Idempotent and safe to run from several processes at once.
    """
    wanted = package_migrations() if migrations is None else tuple(migrations)
    with translated():
        async with await AsyncConnection.connect(url, autocommit=True, connect_timeout=5) as conn:
            await conn.execute("select pg_advisory_lock(%s)", (_LOCK,))
            applied = await _missing(conn, wanted)
            for migration in applied:
                await _apply(conn, migration)
            return tuple(migration.name for migration in applied)


async def _missing(conn: AsyncConnection[TupleRow], wanted: Sequence[Migration]) -> list[Migration]:
    await conn.execute(load("migrations")["create_table"])
    rows = await (await conn.execute(load("migrations")["applied"])).fetchall()
    recorded = {str(name): str(checksum) for name, checksum in rows}
    known = {migration.name for migration in wanted} | {_JOBS}
    if unknown := sorted(recorded.keys() - known):
        raise DatabaseNewerError(unknown)
    for migration in wanted:
        if recorded.get(migration.name, migration.checksum) != migration.checksum:
            raise MigrationChangedError(migration.name)
    missing = [migration for migration in wanted if migration.name not in recorded]
    return missing if _JOBS in recorded else [*missing, await _jobs(conn)]


_JOBS = "procrastinate"


async def _jobs(conn: AsyncConnection[TupleRow]) -> Migration:
    """The job queue's own tables, or nothing to run where someone has created them before."""
    row = await (await conn.execute(load("migrations")["job_queue_exists"])).fetchone()
    present = row is not None and bool(row[0])
    return Migration(_JOBS, "select 1" if present else SchemaManager.get_schema())


async def _apply(conn: AsyncConnection[TupleRow], migration: Migration) -> None:
    try:
        async with conn.transaction():
            await conn.execute(migration.text)
            await conn.execute(load("migrations")["record"], (migration.name, migration.checksum))
    except psycopg.OperationalError:
        raise
    except psycopg.Error as error:
        raise MigrationFailedError(migration.name, error) from error
