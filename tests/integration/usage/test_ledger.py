"""Counts of use are added up by day, each difference once."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

from tools.db.pool import Pool
from tools.db.usage import WRITTEN, Seen, UsageLedger
from tools.db.usage_counts import UsageCounts
from tools.usage.tally import Kind, Tally, Via

EIGHT = datetime(2026, 11, 27, 8, tzinfo=UTC)


def seen(high: int, committed: int) -> list[Seen]:
    return [
        Seen("orders", WRITTEN, {0: high}),
        Seen("orders", "risk.a", {0: committed}, "risk", high - committed),
    ]


async def kept(pool: Pool) -> list[tuple[object, ...]]:
    rows = await pool.rows("select * from usage_daily order by day, reader", {})
    names = ("day", "reader", "messages", "seconds", "lag_first", "lag_last", "lag_most")
    return [tuple(row[name] for name in names) for row in rows]


async def test_looks_add_up_to_days_however_often_and_by_how_many_they_are_made(
    pool: Pool,
) -> None:
    ledgers = [UsageLedger(pool, "default") for _ in range(3)]
    looks = [(0, 100, 40), (15, 160, 90), (30, 160, 160)]
    for minutes, high, committed in looks:
        at = EIGHT + timedelta(minutes=minutes)
        await asyncio.gather(*(each.observe(seen(high, committed), at) for each in ledgers))
    # A worker that was slow brings an old look.
    assert await ledgers[0].observe(seen(100, 40), EIGHT) == 0
    await ledgers[0].observe(seen(200, 170), EIGHT + timedelta(days=1))

    today, tomorrow = date(2026, 11, 27), date(2026, 11, 28)
    assert await kept(pool) == [
        (today, "", 60, 1800.0, None, None, None),
        (today, "risk.a", 120, 1800.0, 60, 0, 70),
        (tomorrow, "", 40, 84600.0, None, None, None),
        (tomorrow, "risk.a", 10, 84600.0, 30, 30, 30),
    ]


async def test_what_is_older_than_the_retention_is_forgotten(pool: Pool) -> None:
    ledger = UsageLedger(pool, "default")
    await ledger.observe(seen(1, 1), EIGHT)
    await ledger.observe(seen(2, 2), EIGHT + timedelta(days=10))

    await ledger.forget(5, today=date(2026, 12, 7))

    assert {row[0] for row in await kept(pool)} == {date(2026, 12, 7)}


async def test_views_and_searches_are_counted_and_of_a_flood_of_texts_the_rest_together(
    pool: Pool,
) -> None:
    tally = Tally(UsageCounts(pool, most_queries=2), today=lambda: date(2026, 11, 27))
    for text, found in (("a b", True), (" A  B ", False), ("c", False)):
        tally.searched("default", text, found=found)
    tally.viewed("default", Kind.SOURCE, "orders", Via.API, "user")
    await tally.flush()
    for text in ("c", "d", "e"):
        tally.searched("default", text, found=True)
    tally.viewed("default", Kind.SOURCE, "orders", Via.API, "user")
    await tally.flush()

    searches = await pool.rows("select * from usage_searches order by query", {})
    assert [(row["query"], row["searches"], row["nothing_found"]) for row in searches] == [
        ("", 2, 0),
        ("a b", 2, 1),
        ("c", 2, 1),
    ]
    views = await pool.rows("select name, via, principal, views from usage_views", {})
    assert views == [{"name": "orders", "via": "api", "principal": "user", "views": 2}]


async def test_searches_are_not_counted_where_that_is_switched_off(pool: Pool) -> None:
    tally = Tally(UsageCounts(pool), searches=False)
    tally.searched("default", "secret plans", found=True)
    await tally.flush()

    assert await pool.rows("select 1 from usage_searches", {}) == []
