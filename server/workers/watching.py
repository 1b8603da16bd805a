"""The watchers of this server: processes that are started again when they end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from server.settings import Settings
from server.workers.child import child, ending, lines_of
from server.workers.crew import Crew, Work
from server.workers.watch_process import task_of

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_SOUND_SECONDS = 60.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Heard:
    """What a watcher told: records since this server began, the rest as it stands."""

    records: int = 0
    partitions: int = 0
    topics: int = 0
    waiting_for: str | None = None

    def hear(self, told: Mapping[str, Any], before: int) -> None:
        """`before` is how many records its earlier processes had counted."""
        self.records = before + told["records"]
        self.partitions, self.topics = told["partitions"], told["topics"]
        self.waiting_for = told["waiting_for"]


class Watching:
    def __init__(self, settings: Settings, crew: Crew) -> None:
        self._settings = settings
        self._crew = crew
        self.heard = {f"watcher-{number}": Heard() for number in range(settings.watchers)}
        """By the watcher's name."""

    @property
    def workers(self) -> Mapping[str, Work]:
        """Each watches until cancelled."""
        return {
            name: partial(self._keep_watching, number, name)
            for number, name in enumerate(self.heard)
        }

    async def _keep_watching(self, number: int, name: str) -> None:
        pause = _FIRST_PAUSE
        while True:
            counted, ended = await self._watch(number, name)
            log.warning("%s: %s", name, ended)
            self._crew.failed(name, "the end of its process")
            pause = _FIRST_PAUSE if counted else min(pause * 2, _LONGEST_PAUSE)
            await asyncio.sleep(pause)

    async def _watch(self, number: int, name: str) -> tuple[bool, str]:
        """One process to its end: whether it counted anything, and how it ended."""
        heard = self.heard[name]
        before = heard.records
        counted = False
        async with child(
            "server.workers.watch_process", task_of(self._settings, number)
        ) as process:
            async for told in lines_of(process):
                heard.hear(told, before)
                counted |= told["records"] > 0
                if counted or told["seconds"] >= _SOUND_SECONDS:
                    self._crew.sound(name)
            await process.wait()
        heard.partitions = heard.topics = 0
        return counted, ending(process.returncode)
