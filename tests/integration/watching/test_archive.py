"""Minutes become hours, and every count stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.quality.window import MINUTE_MS, Cell, Window
from tests.integration.watching.watching import counted
from tools.db.pool import Pool
from tools.watching.archive import Archive
from tools.watching.ledger import Counted, Ledger

TOPIC = "archived"


def write(
    ledger: Ledger, at: datetime, records: int, bad: int, start: int, minutes: int = 1
) -> None:
    begin = round(at.timestamp() * 1_000) // (minutes * MINUTE_MS) * minutes * MINUTE_MS
    part = Counted(start, start + records, "rules")
    part.windows[Cell(0, begin, minutes)] = Window(records=records, bad=bad)
    assert ledger.write({(TOPIC, 0): part}, {}).places == {(TOPIC, 0)}


async def test_old_minutes_become_hours_and_new_ones_stay(pool: Pool, database_url: str) -> None:
    ledger, now = Ledger(database_url, "default"), datetime.now(UTC)
    ledger.begin({(TOPIC, 0): 0})
    old = (now - timedelta(hours=6)).replace(minute=0, second=0, microsecond=0)
    write(ledger, old, 10, 1, 0, minutes=60)
    for minute in range(5):
        write(ledger, old + timedelta(minutes=minute), 100, minute, 10 + 100 * minute)
    write(ledger, now, 7, 7, 510)
    before = counted(database_url, TOPIC)
    archive = Archive(pool, "default", timedelta(days=90))

    assert await archive.tidy(now) == 1
    assert await archive.tidy(now) == 0
    rows = await pool.rows("select minutes, records, bad from quality_windows order by start", {})
    assert [(r["minutes"], r["records"], r["bad"]) for r in rows] == [(60, 510, 11), (1, 7, 7)]
    after = counted(database_url, TOPIC)
    assert (after.records, after.bad) == (before.records, before.bad)


async def test_what_is_older_than_is_kept_goes(pool: Pool, database_url: str) -> None:
    ledger, now = Ledger(database_url, "default"), datetime.now(UTC)
    ledger.begin({(TOPIC, 0): 0})
    write(ledger, now - timedelta(days=10), 10, 1, 0, minutes=60)
    write(ledger, now, 5, 0, 10)
    await Archive(pool, "default", timedelta(days=7)).tidy(now)

    assert counted(database_url, TOPIC).records == 5
