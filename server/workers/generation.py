"""The generation worker: drafts what was asked for, a few at a time, and again after a crash."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from server.workers.queue_worker import Pace, QueueWorker
from server.workers.retrying import RetryWhileAway
from tools.db.errors import DatabaseUnreachableError
from tools.db.generations import GenerationRepository
from tools.db.pool import Connection

TASK = "generations.draft"
QUEUE = "generations"

AT_ONCE = 4
"""Drafts that one process works on together."""

PACE = Pace(heartbeat=1.0, stalled=5.0, look=2.0, poll=1.0)
"""A draft that someone waits for does not wait long for a worker that was killed."""

log = logging.getLogger(__name__)

DraftOne = Callable[[str], Awaitable[None]]


def _away(error: BaseException) -> bool:
    return isinstance(error, DatabaseUnreachableError)


class GenerationQueue:
    """Jobs to draft one generation each; `run` makes this process work on them."""

    def __init__(self, generations: GenerationRepository, database_url: str) -> None:
        self._generations = generations
        self._worker = QueueWorker(database_url, QUEUE, concurrency=AT_ONCE, pace=PACE)
        self._draft: DraftOne | None = None
        self._task = self._worker.app.task(
            name=TASK, queue=QUEUE, retry=RetryWhileAway(_away, seconds=5)
        )(self._run_one)

    async def defer(self, generation_id: str, connection: Connection) -> None:
        """In the transaction that notes the generation: one is never without the other."""
        job = self._task.configure(lock=f"generation:{generation_id}", connection=connection)
        await job.defer_async(generation_id=generation_id)

    async def run(self, draft: DraftOne) -> None:
        """Draft until cancelled."""
        self._draft = draft
        await self._worker.run(self._recover)

    async def _run_one(self, generation_id: str) -> None:
        assert self._draft is not None  # noqa: S101 (only `run` works on jobs)
        await self._draft(generation_id)

    async def _recover(self) -> None:
        """A generation whose job was lost, not only its worker, gets another one."""
        for generation_id in await self._generations.orphans(TASK):
            log.warning("the job of %s was lost; it is queued again", generation_id)
            await self._task.defer_async(generation_id=generation_id)
