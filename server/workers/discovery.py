"""The discovery worker: scans by the hour and on demand, through the job queue in Postgres."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from procrastinate.exceptions import AlreadyEnqueued

from core.scan import ScanRun, ScanStatus
from server.settings import Settings
from server.workers.queue_worker import QueueWorker
from server.workers.retrying import RetryWhileAway
from server.workers.scanning import open_scan
from tools.db.errors import DatabaseUnreachableError
from tools.db.lineage import LineageRepository
from tools.db.pool import Pool
from tools.db.scans import ScanRepository
from tools.discovery.describer import Describer
from tools.discovery.scan import Scan, ScanFailedError
from tools.embeddings.model import EmbeddingModel
from tools.kafka.errors import KafkaUnreachableError
from tools.provenance.runs import MOST_INPUTS, OwnRun, RunTeller, own_job, telling

TASK = "discovery.scan"
QUEUE = "discovery"

OnScanned = Callable[[], Awaitable[object]]

SCHEDULE = "schedule"
"""Who asks for the scans that come by the hour."""


def _away(error: BaseException) -> bool:
    cause = error.__cause__ if isinstance(error, ScanFailedError) else error
    return isinstance(cause, DatabaseUnreachableError | KafkaUnreachableError)


class Discovery:
    """Queues scans of one cluster and runs them, one at a time over any number of workers.

    `on_scanned` is called after each scan that ran to its end.
    """

    def __init__(
        self,
        scan: Scan,
        pool: Pool,
        database_url: str,
        cron: str,
        on_scanned: OnScanned | None = None,
        runs: RunTeller | None = None,
    ) -> None:
        self._scan = scan
        self._on_scanned = on_scanned
        self._runs = runs
        self._pool = pool
        self._scans = ScanRepository(pool)
        self._worker = QueueWorker(database_url, QUEUE, concurrency=2)
        app = self._worker.app
        retry = RetryWhileAway(_away, seconds=15)
        self._task = app.task(name=TASK, queue=QUEUE, retry=retry)(self._run_scan)
        scheduled = app.task(name="discovery.schedule", queue=QUEUE)(self._schedule)
        app.periodic(cron=cron)(scheduled)

    async def enqueue_scan(self, requested_by: str) -> ScanRun:
        """Queue a scan. Where one waits already, that one is given back: it will see it all.

        A scan that runs has passed some topics already, so another one is queued behind it.
        """
        lock = f"scan:{self._scan.cluster}"
        try:
            async with self._pool.connection() as conn, conn.transaction():
                run = await self._scans.queue(self._scan.cluster, requested_by, conn)
                job = self._task.configure(lock=lock, queueing_lock=lock, connection=conn)
                await job.defer_async(scan_id=run.id)
        except AlreadyEnqueued:
            return await self._waiting() or await self.enqueue_scan(requested_by)
        return run

    async def run(self) -> None:
        """Run jobs until cancelled; starts again, with a pause, when Postgres was away."""
        await self._worker.run(self._recover)

    async def _run_scan(self, scan_id: int) -> None:
        try:
            await self._told_scan(scan_id)
        except asyncio.CancelledError:
            await asyncio.shield(self._scans.requeue(scan_id))
            raise
        if self._on_scanned is not None:
            await self._on_scanned()

    async def _told_scan(self, scan_id: int) -> None:
        async with telling(self._runs, OwnRun(own_job("scan"), "SCAN")) as told:
            run = await self._scan.run(scan_id)
            if self._runs is not None and self._runs.sends and run.started_at is not None:
                lineage = LineageRepository(self._pool, self._scan.cluster)
                told.reads = await lineage.scanned_since(run.started_at, MOST_INPUTS)

    async def _schedule(self, timestamp: int) -> None:
        if await self._scans.open(self._scan.cluster) is None:
            await self.enqueue_scan(SCHEDULE)

    async def _first_scan(self) -> None:
        """A fresh catalog is filled at once, not at the next full hour."""
        if not (await self._scans.list(self._scan.cluster, limit=1)).items:
            await self.enqueue_scan(SCHEDULE)

    async def _waiting(self) -> ScanRun | None:
        run = await self._scans.open(self._scan.cluster)
        return run if run is not None and run.status is ScanStatus.QUEUED else None

    async def _recover(self) -> None:
        """End scans whose job was lost, and fill a fresh catalog."""
        for run in await self._scans.orphans(TASK):
            await self._scans.fail(
                run.id, "The scan's job was lost; its findings are kept. Start another scan."
            )
        await self._first_scan()


@asynccontextmanager
async def open_discovery(
    settings: Settings, pool: Pool, embeddings: EmbeddingModel, describer: Describer | None = None
) -> AsyncIterator[Discovery]:
    """The discovery of the settings' cluster. It queues scans at once; `run` makes it work."""
    async with open_scan(settings, pool, embeddings, describer) as scan:
        yield Discovery(scan, pool, str(settings.database_url), settings.scan_cron)


async def run_workers(discovery: Discovery) -> None:
    """All background work of this process, until cancelled."""
    await discovery.run()
