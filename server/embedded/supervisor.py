"""Keeps one server running: starts it, waits until it answers, starts it again when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path
from typing import Protocol

from server.embedded.child import Child, Command, describe_exit, tail
from server.embedded.data_dir import DataDir
from server.embedded.errors import StartFailedError
from server.embedded.progress import Progress

_PROBE_SECONDS = 0.1
_LONGEST_PAUSE = 30.0
_STEADY_SECONDS = 60.0


class Server(Protocol):
    """An embedded server as its supervisor sees it."""

    @property
    def name(self) -> str: ...

    @property
    def address(self) -> str: ...

    @property
    def start_seconds(self) -> float: ...

    @property
    def attempts(self) -> int:
        """How often the first start is tried."""

    def command(self) -> Command: ...

    async def answers(self) -> bool:
        """One real request; False while it is not up."""


class Supervisor:
    def __init__(self, server: Server, data_dir: DataDir, progress: Progress) -> None:
        self._server = server
        self._data_dir = data_dir
        self._progress = progress
        self._child: Child | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        return self._server.name

    async def start(self) -> None:
        """Returns when the server answers. Raises StartFailedError."""
        with self._progress.step(f"Starting {self._server.name}") as step:
            for attempt in range(1, self._server.attempts + 1):
                try:
                    await self._run()
                    break
                except StartFailedError:
                    if attempt == self._server.attempts:
                        raise
                    await asyncio.sleep(0.5 * attempt)
            step.note(self._server.address)
        self._watch = asyncio.create_task(self._keep_running())

    async def stop(self) -> None:
        if self._watch:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        if self._child:
            await self._child.stop()
            self._data_dir.forget(self._server.name)

    async def _run(self) -> None:
        command = self._server.command()
        self._child = child = await Child.spawn(command)
        self._data_dir.remember(self._server.name, child)
        deadline = time.monotonic() + self._server.start_seconds
        while not await self._server.answers():
            if child.exit_code is not None:
                raise self._failed(describe_exit(child.exit_code), command.log)
            if time.monotonic() > deadline:
                await child.stop()
                raise self._failed(f"no answer in {self._server.start_seconds:g} s", command.log)
            await asyncio.sleep(_PROBE_SECONDS)

    def _failed(self, reason: str, log: Path) -> StartFailedError:
        return StartFailedError(self._server.name, reason, log, tail(log))

    async def _keep_running(self) -> None:
        pause = 0.5
        while self._child:
            running_since = time.monotonic()
            code = await self._child.wait()
            if time.monotonic() - running_since > _STEADY_SECONDS:
                pause = 0.5
            name = self._server.name
            self._progress.say(f"{name} ended ({describe_exit(code)}); starting it in {pause:g} s")
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
            await self._restart()

    async def _restart(self) -> None:
        started = time.monotonic()
        try:
            await self._run()
        except StartFailedError as error:
            self._progress.say(str(error))
        else:
            seconds = time.monotonic() - started
            self._progress.say(f"{self._server.name} is back after {seconds:.1f} s")
