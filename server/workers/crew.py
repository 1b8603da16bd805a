"""The workers of this process: a fault of ours in one is told, and that one begins again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tools.cancellation import heed_cancellation

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Rests:
    """In seconds: how long a worker rests after a failure, doubled with each further one up to
    `longest`, and for how long it must have worked to count as sound again."""

    first: float = 1.0
    longest: float = 60.0
    sound: float = 60.0


@dataclass(frozen=True, slots=True)
class Failing:
    """Since when a worker fails, how often it has, and by which kind of error."""

    since: datetime
    times: int
    error: str


class Crew:
    """Runs workers side by side, each for itself: none that fails ends another, or the server.

    What a worker expects, such as a Postgres that is away, it deals with itself; what gets here is
    a bug. It is logged with its traceback, counted, shown by /readyz, and the worker begins again.
    """

    def __init__(self, rests: Rests = Rests()) -> None:
        self._rests = rests
        self._failing: dict[str, Failing] = {}
        self._failures: dict[str, int] = {}

    @property
    def failing(self) -> Mapping[str, Failing]:
        """By the worker's name; one that has worked long enough since is left out."""
        return dict(self._failing)

    @property
    def failures(self) -> Mapping[str, int]:
        """How often each worker has failed since this process began; those that have never, 0."""
        return dict(self._failures)

    async def run(self, workers: Mapping[str, Work]) -> None:
        """All of them until cancelled. One that ends by itself had nothing more to do."""
        async with asyncio.TaskGroup() as group:
            for name, work in workers.items():
                self._failures.setdefault(name, 0)
                group.create_task(self._keep_working(name, work), name=name)

    def failed(self, name: str, error: str) -> None:
        """Note a failure. Workers that begin their own processes again tell of it here."""
        known = self._failing.get(name)
        since = datetime.now(UTC) if known is None else known.since
        times = 1 if known is None else known.times + 1
        self._failing[name] = Failing(since, times, error)
        self._failures[name] = self._failures.get(name, 0) + 1

    def sound(self, name: str) -> None:
        """It works again."""
        if self._failing.pop(name, None) is not None:
            log.info("the %s worker works again", name)

    async def _keep_working(self, name: str, work: Work) -> None:
        while True:
            try:
                await self._until_failed(name, work)
            except Exception as error:
                self.failed(name, type(error).__name__)
                pause = self._pause(name)
                log.exception("the %s worker failed and begins again in %g s", name, pause)
            else:
                self.sound(name)
                return
            # A cancellation that the failing work swallowed still ends it.
            heed_cancellation()
            await asyncio.sleep(pause)

    async def _until_failed(self, name: str, work: Work) -> None:
        clock = asyncio.get_running_loop().call_later(self._rests.sound, self.sound, name)
        try:
            await work()
        finally:
            clock.cancel()

    def _pause(self, name: str) -> float:
        times = min(self._failing[name].times, 32)
        return float(min(self._rests.first * 2 ** (times - 1), self._rests.longest))
