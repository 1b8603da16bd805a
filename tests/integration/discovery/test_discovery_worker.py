import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from core.scan import ScanRun, ScanStatus
from server.workers.discovery import QUEUE, TASK, Discovery
from tests.integration.discovery.conftest import Corner, Scanner
from tests.integration.gate import Gate
from tools.db.pool import Pool, open_pool

NEVER = "0 0 29 2 *"


@contextlib.asynccontextmanager
async def working(*discoveries: Discovery) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(discovery.run()) for discovery in discoveries]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def ended(scanner: Scanner, scan_id: int, seconds: float = 60.0) -> ScanRun:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        run = await scanner.scans.get(scan_id)
        if run.status in (ScanStatus.DONE, ScanStatus.FAILED):
            return run
        await asyncio.sleep(0.1)
    raise AssertionError(f"the scan did not end: {await scanner.scans.get(scan_id)}")


@pytest.fixture
def discovery_of(scanner: Scanner, pool: Pool, database_url: str) -> Callable[..., Discovery]:
    def make(pool: Pool = pool, database_url: str = database_url) -> Discovery:
        return Discovery(scanner.scan, pool, database_url, NEVER)

    return make


async def test_a_requested_scan_is_run_by_one_of_many_workers(
    corner: Corner, scanner: Scanner, discovery_of: Any
) -> None:
    topic = await corner.create("orders")
    corner.put(topic, [{"a": 1}] * 5)
    one, other = discovery_of(), discovery_of()
    run = await one.enqueue_scan("test")
    assert run.status is ScanStatus.QUEUED

    async with working(one, other):
        done = await ended(scanner, run.id)

    assert (done.status, done.error) == (ScanStatus.DONE, None)
    assert done.progress.new == 1
    assert [kind for kind, _ in await scanner.changes(topic)] == ["new"]


async def test_a_waiting_scan_is_given_back_instead_of_a_second_one(discovery_of: Any) -> None:
    discovery = discovery_of()
    runs = await asyncio.gather(*(discovery.enqueue_scan("test") for _ in range(5)))
    assert len({run.id for run in runs}) == 1


async def test_a_fresh_catalog_is_scanned_without_being_asked(
    scanner: Scanner, discovery_of: Any
) -> None:
    async with working(discovery_of()):
        for _ in range(100):
            page = await scanner.scans.list()
            if page.items:
                break
            await asyncio.sleep(0.1)
        (run,) = page.items
        assert run.requested_by == "schedule"
        assert (await ended(scanner, run.id)).status is ScanStatus.DONE


async def test_the_scan_of_a_killed_worker_is_run_again(
    scanner: Scanner, pool: Pool, discovery_of: Any
) -> None:
    discovery = discovery_of()
    run = await discovery.enqueue_scan("test")
    async with pool.connection() as conn:
        # What a worker leaves behind that was killed: a job at work whose heart stopped.
        await conn.execute(
            "with dead as (insert into procrastinate_workers (last_heartbeat) "
            "values (now() - interval '1 hour') returning id) "
            "update procrastinate_jobs set status = 'doing', worker_id = (select id from dead) "
            "where task_name = %s and queue_name = %s",
            (TASK, QUEUE),
        )
    await scanner.scans.start(run.id)

    async with working(discovery):
        assert (await ended(scanner, run.id)).status is ScanStatus.DONE


async def test_a_stopping_worker_puts_its_scan_back(
    corner: Corner, scanner: Scanner, discovery_of: Any
) -> None:
    for at in range(3):
        corner.put(await corner.create(f"orders-{at}"), [{"a": 1}] * 5)
    discovery = discovery_of()
    run = await discovery.enqueue_scan("test")
    async with working(discovery):
        for _ in range(2_000):
            if (await scanner.scans.get(run.id)).status is not ScanStatus.QUEUED:
                break
            await asyncio.sleep(0.01)
    assert (await scanner.scans.get(run.id)).status in (ScanStatus.QUEUED, ScanStatus.DONE)

    async with working(discovery_of()):
        assert (await ended(scanner, run.id)).status is ScanStatus.DONE


async def test_a_worker_outlives_a_restart_of_postgres(
    scanner: Scanner, database_url: str, discovery_of: Any
) -> None:
    async with Gate.before(database_url) as gate:
        pool = await open_pool(gate.url(database_url), timeout=2.0)
        discovery = discovery_of(pool, gate.url(database_url))
        async with working(discovery):
            await asyncio.sleep(1.0)
            await gate.close()
            await asyncio.sleep(1.5)
            await gate.open()
            run = await discovery.enqueue_scan("test")
            assert (await ended(scanner, run.id)).status is ScanStatus.DONE
        await pool.close()
