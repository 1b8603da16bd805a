import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import psycopg
import pytest

from server.embedded.stack import EmbeddedStack
from tests.conftest import _create_database, _drop_database, _with_database
from tools.db.migrate import (
    DatabaseNewerError,
    Migration,
    MigrationChangedError,
    MigrationFailedError,
    migrate,
    package_migrations,
)

TWO = (
    Migration("0001_first", "create table first (id int);"),
    Migration("0002_second", "create table second (id int);"),
)


@pytest.fixture
async def empty_database(stack: EmbeddedStack) -> AsyncIterator[str]:
    name = await _create_database(stack.database_url)
    yield _with_database(stack.database_url, name)
    await _drop_database(stack.database_url, name)


async def tables(url: str) -> set[str]:
    async with await psycopg.AsyncConnection.connect(url) as conn:
        rows = await conn.execute("select tablename from pg_tables where schemaname = 'public'")
        return {row[0] for row in await rows.fetchall()}


async def test_an_empty_database_gets_the_catalog_and_the_job_queue(empty_database: str) -> None:
    applied = await migrate(empty_database)
    assert applied == (*(m.name for m in package_migrations()), "procrastinate")
    assert {"sources", "products", "scans", "procrastinate_jobs"} <= await tables(empty_database)


async def test_processes_that_start_together_migrate_once(empty_database: str) -> None:
    applied = await asyncio.gather(*(migrate(empty_database, TWO) for _ in range(4)))
    assert sorted(len(names) for names in applied) == [0, 0, 0, 3]


async def test_a_changed_migration_is_refused(empty_database: str) -> None:
    await migrate(empty_database, TWO)
    changed = (TWO[0], replace(TWO[1], text="create table other (id int);"))
    with pytest.raises(MigrationChangedError, match="0002_second"):
        await migrate(empty_database, changed)
    assert "other" not in await tables(empty_database)


async def test_a_newer_database_is_left_alone(empty_database: str) -> None:
    await migrate(empty_database, TWO)
    with pytest.raises(DatabaseNewerError, match="0002_second"):
        await migrate(empty_database, TWO[:1])


async def test_a_failing_migration_leaves_nothing_of_itself(empty_database: str) -> None:
    broken = Migration("0002_broken", "create table half (id int); select no_such_function();")
    with pytest.raises(MigrationFailedError, match="no_such_function"):
        await migrate(empty_database, (TWO[0], broken))
    assert {"first"} <= await tables(empty_database)
    assert "half" not in await tables(empty_database)
    assert await migrate(empty_database, TWO) == ("0002_second", "procrastinate")
