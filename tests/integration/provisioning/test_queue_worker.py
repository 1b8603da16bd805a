from __future__ import annotations

import asyncio
import contextlib

from server.workers.queue_worker import Pace, QueueWorker
from tests.integration.gate import Gate
from tools.db.pool import Pool

PACE = Pace(heartbeat=0.2, stalled=60.0, look=0.3, poll=0.2)


async def test_a_job_whose_end_could_not_be_noted_is_run_again(
    pool: Pool, database_url: str
) -> None:
    """Its worker is alive, so that it never counts as a killed one's."""
    runs = 0
    done = asyncio.Event()
    worker = QueueWorker(database_url, "test", concurrency=1, pace=PACE)

    @worker.app.task(name="test.job", queue="test")
    async def job() -> None:
        nonlocal runs
        runs += 1
        if runs == 2:
            done.set()

    async def nothing() -> None:
        return

    finish = worker.app.job_manager.finish_job

    async def unnoted(**given: object) -> None:
        """Postgres is away just then, and the worker's own connections have not noticed."""
        worker.app.job_manager.finish_job = finish  # type: ignore[method-assign]
        raise ConnectionError

    worker.app.job_manager.finish_job = unnoted  # type: ignore[method-assign, assignment]
    async with pool.connection() as conn:
        await job.configure(connection=conn).defer_async()
    running = asyncio.create_task(worker.run(nothing))
    async with asyncio.timeout(10):
        await done.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert runs == 2


async def test_outages_in_a_row_do_not_slow_the_worker_down(database_url: str) -> None:
    starts: asyncio.Queue[None] = asyncio.Queue()
    async with Gate.before(database_url) as gate:
        once = Pace(heartbeat=0.2, stalled=60.0, look=60.0, poll=0.2)
        worker = QueueWorker(gate.url(database_url), "test", concurrency=1, pace=once)
        running = asyncio.create_task(worker.run(lambda: starts.put(None)))
        try:
            async with asyncio.timeout(20):
                for _ in range(6):
                    await starts.get()
                    await asyncio.sleep(0.3)
                    await gate.close()
                    await asyncio.sleep(0.5)
                    await gate.open()
                await starts.get()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def test_a_worker_ends_though_its_chore_has_lost_the_cancellation(database_url: str) -> None:
    """As Python 3.11's `wait_for` does where the result comes at the same moment."""
    looks = 0
    looking = asyncio.Event()

    async def look() -> None:
        nonlocal looks
        looks += 1
        if looks > 1:
            looking.set()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()

    running = asyncio.create_task(
        QueueWorker(database_url, "test", concurrency=1, pace=PACE).run(look)
    )
    await looking.wait()
    running.cancel()
    ended, _ = await asyncio.wait({running}, timeout=10.0)

    assert ended
    assert looks == 2


async def test_a_worker_that_is_cancelled_while_postgres_is_away_leaves_no_pool_open(
    database_url: str,
) -> None:
    async def nothing() -> None:
        return

    async with Gate.before(database_url) as gate:
        away = gate.url(database_url)
        await gate.close()
        before = asyncio.all_tasks()
        running = asyncio.create_task(
            QueueWorker(away, "test", concurrency=1, pace=PACE).run(nothing)
        )
        await asyncio.sleep(0.5)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

        # Other servers of this process go on with tasks of theirs.
        left = [task.get_name() for task in asyncio.all_tasks() - before]
        assert [name for name in left if name.startswith("pool-")] == []
