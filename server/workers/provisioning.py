"""The provisioning worker: brings decided approvals to their end, through the job queue."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from procrastinate import RetryDecision
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy

from core.approval import Approval, ApprovalStatus
from core.lineage.openlineage import RunState
from graph.flow import Flow
from server.workers.queue_worker import Pace, QueueWorker
from tools.db.pool import Connection, Pool
from tools.db.provisioning import StepOvertakenError, StepRepository
from tools.provenance.runs import OwnRun, RunTeller, own_job, telling

TASK = "provisioning.resume"
QUEUE = "provisioning"

PACE = Pace(heartbeat=1.0, stalled=5.0, look=2.0, poll=1.0)
"""A product that someone waits for does not wait long for a worker that was killed."""

_AT_ONCE = 4
_FIRST_PAUSE, _GROWTH, _LONGEST_PAUSE = 0.5, 1.5, 5.0
_EXPIRY_SECONDS = 15.0

_ENDS = {ApprovalStatus.ACTIVE: RunState.COMPLETE, ApprovalStatus.FAILED: RunState.FAIL}
"""How carrying a plan out ends, where there was anything to carry out."""

OnEnded = Callable[[Approval], Awaitable[None]]
Expire = Callable[[], Awaitable[object]]

log = logging.getLogger(__name__)


class _Retry(BaseRetryStrategy):
    """Always again: an approved plan ends as a product or undone, never in between."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_in={"seconds": 0})
        pause = min(_FIRST_PAUSE * _GROWTH ** min(job.attempts, 20), _LONGEST_PAUSE)
        return RetryDecision(retry_in={"milliseconds": int(pause * 1_000)})


class Provisioning:
    """Queues what is decided and carries it out: each approval by one worker at a time.

    `on_ended` is called with each approval that became active or failed, once or, after a kill,
    twice.
    """

    def __init__(
        self,
        flow: Flow,
        pool: Pool,
        database_url: str,
        *,
        on_ended: OnEnded | None = None,
        runs: RunTeller | None = None,
        pace: Pace = PACE,
    ) -> None:
        self._flow = flow
        self._pool = pool
        self._steps = StepRepository(pool)
        self._on_ended = on_ended
        self._runs = runs
        self._worker = QueueWorker(database_url, QUEUE, concurrency=_AT_ONCE, pace=pace)
        self._task = self._worker.app.task(name=TASK, queue=QUEUE, retry=_Retry())(self._resume)

    async def defer(self, approval_id: str, connection: Connection) -> None:
        """Queue an approval that was decided or has expired, in the caller's transaction."""
        job = self._task.configure(lock=f"approval:{approval_id}", connection=connection)
        await job.defer_async(approval_id=approval_id)

    async def run(self, expire: Expire | None = None) -> None:
        """Work until cancelled; `expire` notes, now and then, the approvals whose time is over."""
        await self._worker.run(self._chores(expire))

    def _chores(self, expire: Expire | None) -> Callable[[], Awaitable[None]]:
        due = 0.0

        async def look() -> None:
            nonlocal due
            await self._find_lost()
            now = asyncio.get_running_loop().time()
            if expire is not None and now >= due:
                await expire()
                due = now + _EXPIRY_SECONDS

        return look

    async def _find_lost(self) -> None:
        """Approved plans without a job get one: someone has emptied the queue."""
        async with self._pool.connection() as conn, conn.transaction():
            for approval_id in await self._steps.lost(conn, TASK):
                log.warning("%s was approved and had no job: it gets one", approval_id)
                await self.defer(approval_id, conn)

    async def _resume(self, approval_id: str) -> None:
        async with telling(self._runs, OwnRun(own_job("provisioning"), "PROVISIONING")) as told:
            try:
                ended = await self._flow.resume(approval_id)
            except StepOvertakenError as error:
                log.info("%s", error)
                told.ends = RunState.ABORT
                return
            told.ends = _ENDS.get(ended.status, RunState.OTHER)
            if ended.status is ApprovalStatus.ACTIVE:
                told.writes = (ended.plan.topic.name,)
        if self._on_ended is not None and ended.status in _ENDS:
            await self._on_ended(ended)
