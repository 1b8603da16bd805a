from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

import pytest

from server.workers.crew import Crew, Rests, Work

SHORT = Rests(first=0.001, longest=0.004, sound=30.0)


class Faulty:
    """Raises so many times, then works until cancelled."""

    def __init__(self, times: int) -> None:
        self.begun = 0
        self._times = times
        self.works = asyncio.Event()

    async def run(self) -> None:
        self.begun += 1
        if self.begun <= self._times:
            raise KeyError(f"a bug, attempt {self.begun}")
        self.works.set()
        await asyncio.Event().wait()


@asynccontextmanager
async def working(crew: Crew, workers: Mapping[str, Work]) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(crew.run(workers))
    yield task
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_worker_that_raises_begins_again_and_the_others_go_on() -> None:
    faulty, sound, crew = Faulty(4), Faulty(0), Crew(SHORT)

    async with working(crew, {"judge": faulty.run, "outbox": sound.run}) as task:
        await asyncio.wait_for(faulty.works.wait(), 5)

        assert not task.done()
        assert (faulty.begun, sound.begun) == (5, 1)
        assert crew.failures == {"judge": 4, "outbox": 0}


async def test_it_is_told_as_failing_with_its_traceback_until_it_worked_for_long_enough(
    caplog: pytest.LogCaptureFixture,
) -> None:
    faulty, crew = Faulty(2), Crew(Rests(first=0.001, longest=0.001, sound=0.05))

    async with working(crew, {"judge": faulty.run}):
        await asyncio.wait_for(faulty.works.wait(), 5)
        told = crew.failing["judge"]
        while crew.failing:  # noqa: ASYNC110
            await asyncio.sleep(0.005)

    assert (told.times, told.error) == (2, "KeyError")
    records = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.exc_info is not None for record in records] == [True, True]
    assert "judge" in records[0].getMessage()


async def test_pauses_grow_up_to_the_longest(caplog: pytest.LogCaptureFixture) -> None:
    faulty, crew = Faulty(5), Crew(SHORT)

    async with working(crew, {"judge": faulty.run}):
        await asyncio.wait_for(faulty.works.wait(), 5)

    pauses = [record.args[1] for record in caplog.records if record.levelno == logging.ERROR]  # type: ignore[index]
    assert pauses == [0.001, 0.002, 0.004, 0.004, 0.004]


async def test_work_that_ends_by_itself_is_not_begun_again() -> None:
    begun = 0

    async def once() -> None:
        nonlocal begun
        begun += 1

    await Crew(SHORT).run({"warm-up": once})

    assert begun == 1
