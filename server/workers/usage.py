"""The usage worker: counts what was written and read by the quarter of an hour, and forgets what
is old, through the job queue in Postgres."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from procrastinate.exceptions import AlreadyEnqueued

from core.ownership import OwnerRules
from server.settings import Settings
from server.workers.polling import repeatedly
from server.workers.queue_worker import QueueWorker
from server.workers.retrying import RetryWhileAway
from tools.db.errors import DatabaseConflictError, DatabaseUnreachableError
from tools.db.pool import Pool
from tools.db.sources import SourceRepository
from tools.db.usage import UsageLedger
from tools.db.usage_counts import UsageCounts
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection
from tools.kafka.errors import KafkaUnreachableError
from tools.usage.observer import Observer
from tools.usage.tally import Tally

TASK = "usage.look"

_FLUSH_SECONDS = 5.0
_NIGHTLY = "17 3 * * *"


def _away(error: BaseException) -> bool:
    return isinstance(error, DatabaseUnreachableError | KafkaUnreachableError)


class Usage:
    """`tally` takes what this process counts itself; `run` makes it work on the queue."""

    def __init__(
        self,
        settings: Settings,
        pool: Pool,
        observer: Observer,
        ledger: UsageLedger,
        tally: Tally,
    ) -> None:
        self.tally = tally
        self._pool = pool
        self._observer = observer
        self._ledger = ledger
        self._cluster = settings.cluster
        self._keep_days = settings.usage_keep_days
        # Servers of other clusters may share the database: each looks at its own.
        queue = f"usage:{settings.cluster}"
        self._worker = QueueWorker(str(settings.database_url), queue, concurrency=1)
        app = self._worker.app
        retry = RetryWhileAway(_away, seconds=15)
        self._task = app.task(name=TASK, queue=queue, retry=retry)(self._look)
        scheduled = app.task(name="usage.schedule", queue=queue)(self._schedule)
        app.periodic(cron=settings.usage_cron, periodic_id=queue)(scheduled)
        forgetting = app.task(name="usage.forget", queue=queue)(self._forget)
        app.periodic(cron=_NIGHTLY, periodic_id=queue)(forgetting)

    async def run(self) -> None:
        """Work until cancelled; what was counted until then is kept."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._worker.run(self._recover))
                group.create_task(repeatedly(self.tally.flush, _FLUSH_SECONDS, "usage"))
        finally:
            with suppress(DatabaseUnreachableError, DatabaseConflictError):
                await asyncio.shield(self.tally.flush())

    async def enqueue(self) -> None:
        """Queue a look. Where one waits already, that one will see it all."""
        lock = f"usage:{self._cluster}"
        with suppress(AlreadyEnqueued):
            async with self._pool.connection() as connection, connection.transaction():
                job = self._task.configure(lock=lock, queueing_lock=lock, connection=connection)
                await job.defer_async()

    async def _look(self) -> None:
        await self._observer.look()

    async def _schedule(self, timestamp: int) -> None:
        await self.enqueue()

    async def _forget(self, timestamp: int) -> None:
        await self._ledger.forget(self._keep_days)

    async def _recover(self) -> None:
        """Nothing is lost with a job: the next look counts from the same marks."""


def usage_of(settings: Settings, pool: Pool, rules: OwnerRules) -> Usage:
    """The worker of the settings' cluster; `rules` say which team a group is of."""
    ledger = UsageLedger(pool, settings.cluster)
    # Not the one that requests ask, which waits for an answer less long.
    kafka = KafkaAdmin(KafkaConnection(str(settings.bootstrap_servers), settings.kafka_config))
    observer = Observer(kafka, SourceRepository(pool), ledger, rules, settings.cluster)
    tally = Tally(UsageCounts(pool), searches=settings.usage_searches)
    return Usage(settings, pool, observer, ledger, tally)
