"""What watchers counted is judged once, and what is wrong is handed on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from core.alerts.finding import Finding
from core.quality.rule import Metric, QualityRule
from core.quality.watch import key_of
from core.quality.window import MINUTE_MS, Cell, Window
from tests.integration.watching.watching import store
from tools.db.pool import Connection, Pool
from tools.db.usage import Seen, UsageLedger
from tools.judging.bench import Bench
from tools.watching.ledger import Counted, Ledger

RANGE = QualityRule(
    id="amount-range", metric=Metric.RANGE, field="amount", minimum=0, reason="a test"
)
TOPIC = "judged"


class Heard:
    """A book that writes down what it is told, and forgets it where the transaction fails."""

    def __init__(self) -> None:
        self.found: list[Finding] = []
        self.retired: set[str] = set()
        self.fails = False
        self.asked = 0

    async def active_sources(self, connection: Connection) -> frozenset[str]:
        self.asked += 1
        return frozenset({TOPIC}) if self.found else frozenset()

    async def record(
        self,
        connection: Connection,
        source: str,
        findings: Sequence[Finding],
        now: datetime,
        retired: Collection[str],
    ) -> None:
        if self.fails:
            raise RuntimeError("the book is closed")
        self.found += findings
        self.retired |= set(retired)


class Flushes:
    """Writes what a watcher would have counted, second by second."""

    def __init__(self, url: str) -> None:
        self._ledger = Ledger(url, "default")
        self._ledger.begin({(TOPIC, 0): 0})
        self._next = 0

    def write(self, at: datetime, records: int, bad: int) -> None:
        at_ms = round(at.timestamp() * 1_000)
        window = Window(records=records, bad=bad, first_ms=at_ms, last_ms=at_ms)
        if bad:
            window.broken[key_of(RANGE)] = bad
        counted = Counted(self._next, self._next + records, "rules")
        counted.windows[Cell(0, at_ms // MINUTE_MS * MINUTE_MS, 1)] = window
        assert self._ledger.write({(TOPIC, 0): counted}, {}).places == {(TOPIC, 0)}
        self._next += records
        self._ledger.alive("w", 1, (datetime.now(UTC) - at).total_seconds())


async def sat(bench: Bench, pool: Pool, at: datetime) -> list[Finding]:
    async with pool.connection() as connection:
        return await bench.look(connection, at)


async def test_a_share_that_rises_is_found_within_seconds_and_holds_again_after(
    pool: Pool, database_url: str
) -> None:
    store(database_url, TOPIC, [RANGE])
    heard = Heard()
    bench, flushes = Bench(pool, "default", heard), Flushes(database_url)
    start = datetime.now(UTC)
    found: list[tuple[int, Finding]] = []
    for second in range(90):
        at = start + timedelta(seconds=second)
        flushes.write(at, 200, 60 if 40 <= second < 60 else second % 2)
        found += [(second, each) for each in await sat(bench, pool, at)]

    assert [each for _, each in found] == heard.found
    assert {each.rule_id for each in heard.found} == {"amount-range"}
    first = next(second for second, each in found if each.broken)
    assert 40 <= first <= 46
    assert found[0][1].since == pytest.approx(
        start + timedelta(seconds=40), abs=timedelta(seconds=1)
    )
    last, end = found[-1]
    assert not end.broken
    assert 60 <= last < 89
    assert "outside 0 and up" in found[0][1].told


async def test_what_was_judged_is_judged_once_and_what_failed_is_judged_again(
    pool: Pool, database_url: str
) -> None:
    store(database_url, TOPIC, [RANGE])
    heard = Heard()
    bench, flushes = Bench(pool, "default", heard), Flushes(database_url)
    start = datetime.now(UTC)
    for second in range(40):
        flushes.write(start + timedelta(seconds=second), 200, 0)
        await sat(bench, pool, start + timedelta(seconds=second))
    heard.fails = True

    async def until_it_fails() -> None:
        for second in range(41, 60):
            flushes.write(start + timedelta(seconds=second), 200, 100)
            await sat(bench, pool, start + timedelta(seconds=second))

    with pytest.raises(RuntimeError):
        await until_it_fails()
    assert await waiting(pool) == 1
    heard.fails = False

    # Of another process, which knows what was written.
    again = Bench(pool, "default", heard)
    for second in range(60, 64):
        flushes.write(start + timedelta(seconds=second), 200, 100)
    await sit_till_all_is_judged(again, pool)
    assert heard.found[0].since >= start + timedelta(seconds=40)
    assert heard.found[0].figures["usual_share"] == 0


async def test_history_is_known_though_the_process_dies_with_its_first_look(
    pool: Pool, database_url: str
) -> None:
    store(database_url, TOPIC, [RANGE])
    heard, flushes, start = Heard(), Flushes(database_url), datetime.now(UTC)
    first = Bench(pool, "default", heard)
    await sat(first, pool, start)
    for hour in range(24, 0, -1):
        flushes.write(start - timedelta(hours=hour), 60, 0)
    await sat(first, pool, start)

    for second in range(1, 60):
        flushes.write(start + timedelta(seconds=second), 1, second % 2)
    await sit_till_all_is_judged(Bench(pool, "default", heard), pool)

    assert heard.found
    assert heard.found[0].since < start + timedelta(seconds=10)


async def sit_till_all_is_judged(bench: Bench, pool: Pool) -> None:
    task = asyncio.create_task(bench.sit(0.05))
    try:
        async with asyncio.timeout(60):
            # Postgres tells nobody.
            while await waiting(pool):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def waiting(pool: Pool) -> int:
    return int((await pool.rows("select count(*) as n from quality_looks", {}))[0]["n"])


async def test_one_judge_sits_and_the_next_takes_its_place_when_it_leaves(
    pool: Pool, database_url: str
) -> None:
    store(database_url, TOPIC, [RANGE])
    sits, waits, follows = Heard(), Heard(), Heard()
    first = asyncio.create_task(Bench(pool, "default", sits).sit(0.05))
    async with asyncio.timeout(60):
        while not sits.asked:  # noqa: ASYNC110 (it is asked from within)
            await asyncio.sleep(0.01)
        await Bench(pool, "default", waits).sit(0.05)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    async with asyncio.timeout(60):
        while not follows.asked:
            # Postgres frees the lock some moments after it was left.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(Bench(pool, "default", follows).sit(0.05), 0.5)

    assert not waits.asked


async def test_what_a_rule_found_is_withdrawn_when_the_rule_is_gone(
    pool: Pool, database_url: str
) -> None:
    other = RANGE.model_copy(update={"id": "other"})
    store(database_url, TOPIC, [RANGE, other])
    heard = Heard()
    bench, flushes = Bench(pool, "default", heard), Flushes(database_url)
    start = datetime.now(UTC)
    for second in range(50):
        flushes.write(start + timedelta(seconds=second), 200, 100 if second > 40 else 0)
        await sat(bench, pool, start + timedelta(seconds=second))
    assert heard.found
    await pool.rows("delete from quality_rules where rule_id = 'amount-range'", {})
    flushes.write(start + timedelta(seconds=51), 200, 0)
    await sat(bench, pool, start + timedelta(seconds=51))

    assert heard.retired == {"amount-range"}


async def test_a_lag_that_was_looked_at_is_judged_without_a_record(
    pool: Pool, database_url: str
) -> None:
    lag = QualityRule(id="lag", metric=Metric.LAG, max_lag=100, reason="a test")
    store(database_url, TOPIC, [lag])
    bench, usage = Bench(pool, "default", Heard()), UsageLedger(pool, "default")
    start = datetime.now(UTC)

    async def measured(minute: int, behind: int) -> list[tuple[bool, str]]:
        at = start + timedelta(minutes=minute)
        await usage.observe([Seen(TOPIC, "risk.a", {0: 5_000 + minute}, "risk", behind)], at)
        return [(each.broken, each.told) for each in await sat(bench, pool, at)]

    assert await measured(0, 100) == []
    ((broken, told),) = await measured(15, 4_200)
    assert broken
    assert told == "The consumer group risk.a is 4,200 records behind; 100 are allowed."
    ((broken, _),) = await measured(30, 7)
    assert not broken
    # What was measured long ago says nothing of now.
    assert await sat(bench, pool, start + timedelta(hours=3)) == []
