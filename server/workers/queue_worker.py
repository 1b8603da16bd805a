"""Works on one queue of jobs in Postgres, and on what killed workers have left of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from opentelemetry.trace import SpanKind
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ProcrastinateException
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker

from tools.cancellation import heed_cancellation
from tools.db.errors import DatabaseConflictError, DatabaseUnreachableError
from tools.tracing import span

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 10.0
_STOP_SECONDS = 5.0
_PRUNE_SECONDS = 60.0
"""A worker's row is forgotten after so long without a sign of life, whatever its queue."""

_LOST = (ProcrastinateException, DatabaseConflictError, DatabaseUnreachableError)

log = logging.getLogger(__name__)

Chore = Callable[[], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Pace:
    """In seconds: how often a worker shows that it lives, after how long without it its jobs are
    taken from it, how often to look for such jobs, and for jobs whose time has come."""

    heartbeat: float = 10.0
    stalled: float = 30.0
    look: float = 30.0
    poll: float = 5.0


class _Watched(Worker):
    """Stops when its heartbeat or its listener fails, and can be started anew.

    procrastinate 3.10 watches both only until the first side task returns, and without periodic
    tasks the deferrer returns at once (procrastinate-org/procrastinate#1597).
    """

    async def _periodic_deferrer(self) -> None:
        await super()._periodic_deferrer()  # type: ignore[no-untyped-call]
        await asyncio.Event().wait()


class QueueWorker:
    """`app` takes the tasks of the queue; `run` works on them until cancelled."""

    def __init__(
        self, database_url: str, queue: str, *, concurrency: int, pace: Pace | None = None
    ) -> None:
        self.app = App(connector=PsycopgConnector(conninfo=database_url, min_size=1, max_size=4))
        self._queue = queue
        self._concurrency = concurrency
        self._pace = pace or Pace()
        self._running: set[int | None] = set()
        self._idle: set[int | None] = set()
        self._worker_id: int | None = None

    async def run(self, recover: Chore) -> None:
        """Run jobs until cancelled; starts again when Postgres was away, with a pause that grows
        only while it stays away.

        `recover` is called at the start and at the pace of `look`, after the jobs of killed
        workers went back to the queue: it gives work whose job was lost another one.
        """
        pause = _FIRST_PAUSE
        while True:
            reached = asyncio.Event()
            try:
                await self._work(recover, reached)
            except _LOST as error:
                log.warning("the %s worker lost Postgres and starts again: %s", self._queue, error)
            heed_cancellation()
            pause = _FIRST_PAUSE if reached.is_set() else min(pause * 2, _LONGEST_PAUSE)
            await asyncio.sleep(pause)

    async def _work(self, recover: Chore, reached: asyncio.Event) -> None:
        """`reached` is set as soon as Postgres has answered."""
        # Not as a context: that closes nothing when it is cancelled, or fails, while it opens.
        try:
            await self.app.open_async()
            await self._recover(recover)
            reached.set()
            await self._until_lost(recover)
        finally:
            await self.app.close_async()

    async def _until_lost(self, recover: Chore) -> None:
        recovering = asyncio.create_task(self._keep_recovering(recover))
        try:
            worker = _Watched(
                self.app,
                name=self._queue,
                queues=[self._queue],
                concurrency=self._concurrency,
                install_signal_handlers=False,
                shutdown_graceful_timeout=_STOP_SECONDS,
                update_heartbeat_interval=self._pace.heartbeat,
                stalled_worker_timeout=_PRUNE_SECONDS,
                fetch_job_polling_interval=self._pace.poll,
                delete_jobs="successful",
                worker_middleware=[self._noted],
            )
            await worker.run()  # type: ignore[no-untyped-call]
        finally:
            recovering.cancel()
            await asyncio.gather(recovering, return_exceptions=True)

    async def _noted(self, process: Chore, context: JobContext, worker: Worker) -> Any:
        self._worker_id = worker.worker_id
        self._running.add(context.job.id)
        try:
            with span(f"job {context.job.task_name}", SpanKind.CONSUMER):
                return await process()
        finally:
            self._running.discard(context.job.id)

    async def _keep_recovering(self, recover: Chore) -> None:
        while True:
            await asyncio.sleep(self._pace.look)
            try:
                await self._recover(recover)
            except _LOST as error:
                log.warning("could not look for stalled jobs of %s: %s", self._queue, error)
            except Exception:
                # A fault of ours in a chore: jobs are worked on all the same.
                log.exception("the chores of the %s worker failed and are tried again", self._queue)
            heed_cancellation()

    async def _recover(self, recover: Chore) -> None:
        """Give the jobs of killed workers back to the queue; those that run here are alive."""
        jobs = self.app.job_manager
        stalled = await jobs.get_stalled_jobs(
            queue=self._queue, seconds_since_heartbeat=self._pace.stalled
        )
        for job in (*stalled, *await self._left()):
            if job.id not in self._running:
                await jobs.retry_job(job)
        await recover()

    async def _left(self) -> list[Job]:
        """Jobs that ended here while Postgres was away, so that their end could not be noted: for
        two looks they have been this worker's without being worked on."""
        if self._worker_id is None:
            return []
        mine = await self.app.job_manager.list_jobs_async(
            queue=self._queue, status=Status.DOING.value, worker_id=self._worker_id
        )
        idle = [job for job in mine if job.id not in self._running]
        left = [job for job in idle if job.id in self._idle]
        self._idle = {job.id for job in idle}
        return left
