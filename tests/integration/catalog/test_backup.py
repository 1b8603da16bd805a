"""A backup, restored, is the same catalog: rows, search, and where watchers go on."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from typer.testing import CliRunner

from server.app import catalog_app
from server.backup.backup import back_up
from server.backup.programs import Programs
from server.backup.restore import InUseError, NoBackupError, NotEmptyError, restore_in_place
from server.cli.main import app
from server.embedded.alone import postgres_alone
from server.embedded.data_dir import DataDir
from server.embedded.ports import kept_ports
from server.embedded.stack import EmbeddedStack
from tests.integration.catalog.conftest import client_of, settings_of
from tests.integration.watching.test_watcher import RANGE, SCHEMA, watching
from tests.integration.watching.watching import counted, create, produce, store, until_read

Url = str


@pytest.fixture
def empty_url(stack: EmbeddedStack) -> Iterator[Url]:
    """An empty database, dropped after the test."""
    name = f"test_restored_{secrets.token_hex(4)}"
    execute(stack.database_url, "create database {}", name)
    yield make_conninfo(stack.database_url, dbname=name)
    execute(stack.database_url, "drop database {} with (force)", name)


def execute(server: Url, statement: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def rows(url: Url) -> dict[str, int]:
    """Of every table, whoever made it."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "select schemaname, tablename from pg_tables "
            "where schemaname not in ('pg_catalog', 'information_schema')"
        ).fetchall()
        return {
            name: connection.execute(
                sql.SQL("select count(*) from {}").format(sql.Identifier(schema, name))
            ).fetchall()[0][0]
            for schema, name in tables
        }


def run(*arguments: str) -> dict[str, object]:
    ran = CliRunner().invoke(app, [*arguments, "--json"])
    assert ran.exit_code == 0, ran.output
    said: dict[str, object] = json.loads(ran.stdout)
    return said


async def test_a_restored_catalog_has_every_row_and_serves_searches(
    stack: EmbeddedStack, fleet_url: Url, empty_url: Url, tmp_path: Path
) -> None:
    file = tmp_path / "headwater.backup"

    written = await asyncio.to_thread(run, "backup", str(file), "--database-url", fleet_url)
    restored = await asyncio.to_thread(run, "restore", str(file), "--database-url", empty_url)

    assert written["bytes"] == file.stat().st_size > 0
    assert file.stat().st_mode & 0o077 == 0
    assert rows(empty_url) == rows(fleet_url)
    assert restored["rows"]["sources"] == rows(fleet_url)["sources"]  # type: ignore[index]
    async with client_of(catalog_app(settings_of(stack, empty_url))) as client:
        found = await client.post("/search", json={"query": "supplier"})
        ready = await client.get("/readyz")
    assert found.status_code == 200
    assert "supplier-master" in [hit["source"]["name"] for hit in found.json()["managed"]]
    assert ready.status_code == 200


async def test_watchers_go_on_after_a_restore_where_the_backup_ends_and_count_each_record_once(
    stack: EmbeddedStack, database_url: Url, empty_url: Url, tmp_path: Path
) -> None:
    servers, topic = stack.bootstrap_servers, f"restored-{secrets.token_hex(4)}"
    create(servers, topic, partitions=1)
    store(database_url, topic, [RANGE], SCHEMA)
    file, programs = tmp_path / "headwater.backup", Programs.found()

    produce(servers, topic, [(0, b'{"id": "a", "amount": %d}' % amount) for amount in range(120)])
    with watching(servers, database_url, f"before-{topic}"):
        await asyncio.to_thread(until_read, database_url, topic, {0: 120})
        await back_up(database_url, file, programs)
        # What comes after the backup is counted here, and again by whoever goes on from it.
        produce(servers, topic, [(0, b'{"id": "b", "amount": -1}')] * 30)
        await asyncio.to_thread(until_read, database_url, topic, {0: 150})
    await asyncio.to_thread(run, "restore", str(file), "--database-url", empty_url)
    with_backup = counted(empty_url, topic)
    with watching(servers, empty_url, f"after-{topic}"):
        await asyncio.to_thread(until_read, empty_url, topic, {0: 150})

    assert (with_backup.records, with_backup.bad) == (120, 19)
    after, before = counted(empty_url, topic), counted(database_url, topic)
    assert (after.records, after.bad) == (before.records, before.bad) == (150, 49)


async def test_what_is_there_is_neither_mixed_with_a_backup_nor_lost(
    stack: EmbeddedStack, database_url: Url, tmp_path: Path
) -> None:
    file, programs = tmp_path / "headwater.backup", Programs.found()
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("insert into audit_log (actor, action, target) values ('a', 'b', 'c')")
        await back_up(database_url, file, programs)
        connection.execute("insert into audit_log (actor, action, target) values ('d', 'e', 'f')")
        with pytest.raises(InUseError):
            await restore_in_place(database_url, file, programs)

    mixed = await asyncio.to_thread(
        CliRunner().invoke, app, ["restore", str(file), "--database-url", database_url]
    )
    replaced = await restore_in_place(database_url, file, programs)

    assert isinstance(mixed.exception, NotEmptyError)
    assert rows(database_url)["audit_log"] == replaced.rows["audit_log"] == 1
    kept = make_conninfo(database_url, dbname=replaced.before)
    assert rows(kept)["audit_log"] == 2
    execute(stack.database_url, "drop database {} with (force)", str(replaced.before))


async def test_the_embedded_database_is_restored_and_backed_up_whether_it_runs_or_not(
    new_data_dir: Callable[[], Path], database_url: Url, tmp_path: Path
) -> None:
    folder, file, again = new_data_dir(), tmp_path / "one.backup", tmp_path / "two.backup"
    await back_up(database_url, file, Programs.found())

    await asyncio.to_thread(run, "restore", str(file), "--data-dir", str(folder))
    with DataDir(folder) as data_dir:
        ports = kept_ports(folder / "ports.json", {})
        async with postgres_alone(data_dir, ports, durable=False) as postgres:
            await asyncio.to_thread(run, "backup", str(again), "--data-dir", str(folder))
            restored = rows(postgres.url())

    assert again.stat().st_size > 0
    assert restored == rows(database_url)


async def test_a_file_that_is_no_backup_changes_nothing(
    stack: EmbeddedStack, database_url: Url, tmp_path: Path
) -> None:
    file = tmp_path / "some.txt"
    file.write_text("no backup")

    with pytest.raises(NoBackupError):
        await restore_in_place(database_url, file, Programs.found())

    assert rows(database_url)["schema_migrations"] > 0
