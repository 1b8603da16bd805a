"""Stream analysis: topics are taught, watched and judged without pause."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from server.settings import Settings
from server.workers.judging import Judging
from server.workers.polling import repeatedly
from server.workers.teaching import Teaching
from server.workers.watching import Watching
from tools.db.pool import Pool
from tools.judging.bench import Book
from tools.kafka.admin import KafkaAdmin
from tools.registry.client import Registry
from tools.watching.archive import Archive

_TIDY_SECONDS = 300.0


class StreamAnalysis:
    """`book` keeps the alerts of what is found."""

    def __init__(
        self,
        settings: Settings,
        pool: Pool,
        kafka: KafkaAdmin,
        registry: Registry | None,
        book: Book,
    ) -> None:
        self.watching = Watching(settings)
        self._teaching = Teaching(settings, pool, kafka, registry)
        self._judging = Judging(pool, settings.cluster, book)
        keep = timedelta(days=settings.quality_keep_days)
        self._archive = Archive(pool, settings.cluster, keep)

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._teaching.run())
            group.create_task(self.watching.run())
            group.create_task(self._judging.run())
            group.create_task(repeatedly(self._archive.tidy, _TIDY_SECONDS, "archive"))
