import asyncio

import psycopg
import pytest

from tests.integration.gate import Gate
from tools.db.errors import (
    DatabaseMigratedError,
    DatabaseNotMigratedError,
    DatabaseUnreachableError,
)
from tools.db.patience import patiently
from tools.db.pool import Pool, open_pool


async def one(pool: Pool) -> object:
    async with pool.connection() as conn:
        return await (await conn.execute("select 1 as one")).fetchone()


async def test_connections_that_postgres_closed_are_replaced_unnoticed(pool: Pool) -> None:
    await one(pool)
    async with pool.connection() as conn:
        await conn.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )
    assert await one(pool) == {"one": 1}


async def test_a_postgres_that_is_away_is_named_and_found_again(database_url: str) -> None:
    async with Gate.before(database_url) as gate:
        pool = await open_pool(gate.url(database_url), timeout=1.0)
        await gate.close()
        with pytest.raises(DatabaseUnreachableError, match="Check that it runs"):
            await one(pool)
        await gate.open()
        assert await patiently(lambda: one(pool), 10.0) == {"one": 1}
        await pool.close()


async def test_a_connection_that_breaks_in_use_is_named_too(database_url: str) -> None:
    async with Gate.before(database_url) as gate:
        pool = await open_pool(gate.url(database_url), timeout=1.0)

        async def broken_off() -> None:
            async with pool.connection() as conn:
                await gate.close()
                await conn.execute("select 1")

        with pytest.raises(DatabaseUnreachableError):
            await broken_off()
        await pool.close()


async def test_a_cancellation_is_not_lost_with_the_connection(database_url: str) -> None:
    async with Gate.before(database_url) as gate:
        pool = await open_pool(gate.url(database_url), timeout=1.0)
        began = asyncio.Event()

        async def long() -> None:
            async with pool.connection() as conn:
                began.set()
                await conn.execute("select pg_sleep(30)")

        task = asyncio.create_task(patiently(long, 60.0))
        await began.wait()
        await asyncio.sleep(0.2)
        await gate.close()
        task.cancel()
        await asyncio.wait({task}, timeout=10.0)
        assert task.cancelled()
        await pool.close()


async def test_opening_a_pool_to_nowhere_says_what_to_do() -> None:
    with pytest.raises(DatabaseUnreachableError, match="database URL is right"):
        await open_pool("postgresql://postgres@127.0.0.1:1/none", timeout=1.0)


async def test_a_database_without_tables_says_how_to_get_them(pool: Pool) -> None:
    with pytest.raises(DatabaseNotMigratedError, match="headwater up"):
        async with pool.connection() as conn:
            await conn.execute("select * from no_such_table")


async def test_every_connection_has_the_search_settings(pool: Pool) -> None:
    async with pool.connection() as conn:
        row = await (await conn.execute("show hnsw.iterative_scan")).fetchone()
    assert row == {"hnsw.iterative_scan": "relaxed_order"}


async def test_a_migration_under_a_prepared_statement_costs_one_request(database_url: str) -> None:
    async with await open_pool(database_url, max_size=1) as pool:

        async def looked() -> None:
            async with pool.connection() as connection:
                await connection.execute("select * from scans", prepare=True)

        await looked()
        async with await psycopg.AsyncConnection.connect(database_url) as other:
            await other.execute("alter table scans add column colour text")

        with pytest.raises(DatabaseMigratedError, match="try again"):
            await looked()
        await looked()
