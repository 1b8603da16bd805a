"""The bridge worker: runs the bridges that are asked for, each in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import sys
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson

from core.consolidation import Consolidation
from server.settings import Settings
from server.workers.bridge_process import task_of
from server.workers.polling import repeatedly
from tools.db.bridges import BridgeRepository
from tools.db.consolidations import ConsolidationRepository
from tools.db.errors import DatabaseUnreachableError
from tools.db.pool import Pool

_LOOK_SECONDS = 2.0
_LEASE = timedelta(seconds=30)
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 120.0
_STOP_SECONDS = 20.0
"""For the transaction that is open to be committed."""

log = logging.getLogger(__name__)


class Bridges:
    """Of this process; over several, each bridge runs in one. One whose process was killed is taken
    over when its lease ends, and goes on where its last transaction ended."""

    def __init__(self, pool: Pool, settings: Settings) -> None:
        self._settings = settings
        self._bridges = BridgeRepository(pool)
        self._consolidations = ConsolidationRepository(pool)
        self._runner = f"runner-{secrets.token_hex(6)}"
        self._running: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Work until cancelled, then stop all bridges in order."""
        try:
            await repeatedly(self._look, _LOOK_SECONDS, "bridge")
        finally:
            await self._stop(*self._running)

    async def _look(self) -> None:
        mine = await self._bridges.hold(self._runner, _LEASE)
        await self._stop(*(name for name in self._running if name not in mine))
        self._forget_broken()
        for name in mine:
            if name not in self._running:
                self._running[name] = asyncio.create_task(self._keep_running(name))

    def _forget_broken(self) -> None:
        """Tasks that ended by a fault of ours, so that they are started again."""
        for name in [name for name, task in self._running.items() if task.done()]:
            task = self._running.pop(name)
            if not task.cancelled() and (fault := task.exception()):
                log.error("the bridge of %s failed and is tried again", name, exc_info=fault)

    async def _stop(self, *names: str) -> None:
        tasks = [self._running.pop(name) for name in names]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for name in names:
            with contextlib.suppress(DatabaseUnreachableError):
                await self._bridges.let_go(name, self._runner)

    async def _keep_running(self, name: str) -> None:
        """Starts it again when it failed, after a pause that grows."""
        pause = _FIRST_PAUSE
        while True:
            try:
                made = await self._consolidations.get(name)
                carried = await self._carry(made)
                pause = _FIRST_PAUSE if carried else min(pause * 2, _LONGEST_PAUSE)
            except DatabaseUnreachableError as error:
                log.warning("bridge %s lost Postgres: %s", name, error)
            await asyncio.sleep(pause)

    async def _carry(self, made: Consolidation) -> bool:
        """Run its process to the end; whether it carried anything."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "server.workers.bridge_process",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        carried = told_why = False
        try:
            assert process.stdin is not None  # noqa: S101 (asked for)
            process.stdin.write(task_of(self._settings, made))
            await process.stdin.drain()
            assert process.stdout is not None  # noqa: S101 (asked for)
            async for line in process.stdout:
                told = orjson.loads(line)
                told_why = "error" in told
                carried |= await self._heard(made.id, told)
            if await process.wait() != 0 and not told_why:
                ended = _ending(process.returncode)
                log.warning("the bridge of %s: %s", made.id, ended)
                await self._bridges.failed(made.id, self._runner, ended)
        finally:
            await _ended(process)
        return carried

    async def _heard(self, name: str, told: Mapping[str, Any]) -> bool:
        error = told.get("error")
        if error is not None:
            await self._bridges.failed(name, self._runner, error)
            return False
        await self._bridges.told(name, self._runner, told)
        return bool(told["carried"])


def _ending(code: int | None) -> str:
    how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
    return (
        f"Its process ended with {how} and did not say why. The server's log has what it wrote; it "
        "is started again by itself."
    )


async def _ended(process: asyncio.subprocess.Process) -> None:
    """In order: its standard input ends, then a signal, and at last by force."""
    if process.returncode is not None:
        return
    if process.stdin is not None:
        process.stdin.close()
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
