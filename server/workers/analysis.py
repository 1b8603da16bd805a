"""The analysis worker: compares what changed after each scan and on demand, through the queue."""

from __future__ import annotations

import asyncio
import logging

from core.analysis import AnalysisProgress, AnalysisRun
from server.workers.queue_worker import QueueWorker
from server.workers.retrying import RetryWhileAway
from tools.comparison.advice import Advice
from tools.comparison.analysis import Analysis
from tools.db.analyses import AnalysisRepository
from tools.db.errors import DatabaseUnreachableError
from tools.db.pool import Pool
from tools.embeddings.model import EmbeddingError, EmbeddingModelUnavailable
from tools.provenance.runs import OwnRun, RunTeller, own_job, telling

TASK = "analysis.run"
QUEUE = "analysis"

log = logging.getLogger(__name__)


def _away(error: BaseException) -> bool:
    return isinstance(error, DatabaseUnreachableError | EmbeddingModelUnavailable)


def _said(error: Exception) -> str:
    """What is said of an analysis that failed; what was compared is kept."""
    if isinstance(error, EmbeddingError):
        return str(error)
    return (
        f"The analysis broke off ({type(error).__name__}); the server's log has the cause. What "
        "was compared is kept, and the next analysis goes on."
    )


class Analyzing:
    """Queues analyses of one cluster and runs them, one at a time over any number of workers."""

    def __init__(
        self,
        analysis: Analysis,
        advice: Advice,
        pool: Pool,
        database_url: str,
        cluster: str,
        runs: RunTeller | None = None,
    ) -> None:
        self._analysis = analysis
        self._advice = advice
        self._pool = pool
        self._cluster = cluster
        self._runs = runs
        self._analyses = AnalysisRepository(pool)
        self._worker = QueueWorker(database_url, QUEUE, concurrency=1)
        self._task = self._worker.app.task(
            name=TASK, queue=QUEUE, retry=RetryWhileAway(_away, seconds=15)
        )(self._run_one)

    async def enqueue(self, requested_by: str, *, whole: bool = False) -> AnalysisRun:
        """Queue an analysis. Where one waits already that does as much, that one is given back."""
        waiting = await self._analyses.waiting(self._cluster, whole=whole)
        if waiting is not None:
            return waiting
        async with self._pool.connection() as connection, connection.transaction():
            run = await self._analyses.queue(
                self._cluster, requested_by, whole=whole, connection=connection
            )
            job = self._task.configure(lock=f"analysis:{self._cluster}", connection=connection)
            await job.defer_async(analysis_id=run.id)
        return run

    async def run(self) -> None:
        """Run jobs until cancelled; starts again, with a pause, when Postgres was away."""
        await self._worker.run(self._recover)

    async def _run_one(self, analysis_id: int) -> None:
        run = await self._analyses.start(analysis_id)

        async def tell(progress: AnalysisProgress) -> None:
            await self._analyses.progress(analysis_id, progress)

        try:
            async with telling(self._runs, OwnRun(own_job("analysis"), "ANALYSIS")):
                progress = await self._analysis.run(tell, whole=run.whole)
                new, done = await self._advice.refresh()
        except asyncio.CancelledError:
            await asyncio.shield(self._analyses.requeue(analysis_id))
            raise
        except DatabaseUnreachableError:
            # Nothing can be noted now; the job comes again.
            raise
        except Exception as error:
            await self._analyses.finish(analysis_id, None, _said(error))
            raise
        told = {"recommended": new, "settled": done}
        await self._analyses.finish(analysis_id, progress.model_copy(update=told))

    async def _recover(self) -> None:
        """Analyses whose job was lost get another one; what they did is not done again."""
        for analysis_id in await self._analyses.orphans(TASK):
            log.warning("the job of analysis %s was lost; it is queued again", analysis_id)
            job = self._task.configure(lock=f"analysis:{self._cluster}")
            await job.defer_async(analysis_id=analysis_id)
