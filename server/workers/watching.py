"""The watchers of this server: processes that are started again when they end."""

from __future__ import annotations

import asyncio
import logging

from server.settings import Settings
from server.workers.child import child, ending, lines_of
from server.workers.watch_process import task_of

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0

log = logging.getLogger(__name__)


class Watching:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def run(self) -> None:
        """Watch until cancelled."""
        async with asyncio.TaskGroup() as group:
            for number in range(self._settings.watchers):
                group.create_task(self._keep_watching(number))

    async def _keep_watching(self, number: int) -> None:
        pause = _FIRST_PAUSE
        while True:
            counted = False
            task = task_of(self._settings, number)
            async with child("server.workers.watch_process", task) as process:
                async for told in lines_of(process):
                    counted |= told["records"] > 0
                await process.wait()
                log.warning("watcher %s: %s", number, ending(process.returncode))
            pause = _FIRST_PAUSE if counted else min(pause * 2, _LONGEST_PAUSE)
            await asyncio.sleep(pause)
