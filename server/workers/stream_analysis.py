"""Stream analysis: topics are taught, watched and judged without pause."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from server.settings import Settings
from server.workers.crew import Crew, Work
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
    """`book` keeps the alerts of what is found; `crew` hears of watchers that ended."""

    def __init__(
        self,
        settings: Settings,
        pool: Pool,
        kafka: KafkaAdmin,
        registry: Registry | None,
        book: Book,
        crew: Crew,
    ) -> None:
        self.watching = Watching(settings, crew)
        self._teaching = Teaching(settings, pool, kafka, registry)
        self.judging = Judging(pool, settings.cluster, book)
        keep = timedelta(days=settings.quality_keep_days)
        self._archive = Archive(pool, settings.cluster, keep)

    @property
    def workers(self) -> Mapping[str, Work]:
        """Each works until cancelled."""
        return {
            "teacher": self._teaching.run,
            **self.watching.workers,
            "judge": self.judging.run,
            "archive": partial(repeatedly, self._archive.tidy, _TIDY_SECONDS, "archive"),
        }
