from __future__ import annotations

import asyncio

from server.workers.queue_worker import Pace, QueueWorker
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
