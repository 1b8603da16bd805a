"""The bridge worker: runs the bridges that are asked for, each in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.consolidation import Consolidation
from core.lineage.mapped import fields_of
from core.lineage.node import group, topic
from server.settings import Settings
from server.workers.bridge_process import task_of
from server.workers.child import child, ending, lines_of
from server.workers.polling import repeatedly
from tools.bridge.job import group_of
from tools.db.bridges import BridgeRepository
from tools.db.consolidations import ConsolidationRepository
from tools.db.errors import DatabaseUnreachableError
from tools.db.pool import Pool
from tools.provenance.runs import OwnRun, RunTeller, telling

_LOOK_SECONDS = 2.0
_LEASE = timedelta(seconds=30)
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 120.0

log = logging.getLogger(__name__)


class Bridges:
    """Of this process; over several, each bridge runs in one. One whose process was killed is taken
    over when its lease ends, and goes on where its last transaction ended."""

    def __init__(self, pool: Pool, settings: Settings, runs: RunTeller | None = None) -> None:
        self._runs = runs
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
                async with telling(self._runs, _run_of(made)):
                    carried = await self._carry(made)
                pause = _FIRST_PAUSE if carried else min(pause * 2, _LONGEST_PAUSE)
            except DatabaseUnreachableError as error:
                log.warning("bridge %s lost Postgres: %s", name, error)
            await asyncio.sleep(pause)

    async def _carry(self, made: Consolidation) -> bool:
        """Run its process to the end; whether it carried anything."""
        carried = told_why = False
        async with child("server.workers.bridge_process", task_of(self._settings, made)) as process:
            async for told in lines_of(process):
                told_why = "error" in told
                carried |= await self._heard(made.id, told)
            if await process.wait() != 0 and not told_why:
                ended = ending(process.returncode)
                log.warning("the bridge of %s: %s", made.id, ended)
                await self._bridges.failed(made.id, self._runner, ended)
        return carried

    async def _heard(self, name: str, told: Mapping[str, Any]) -> bool:
        error = told.get("error")
        if error is not None:
            await self._bridges.failed(name, self._runner, error)
            return False
        await self._bridges.told(name, self._runner, told)
        return bool(told["carried"])


def _run_of(made: Consolidation) -> OwnRun:
    carrier = group(made.cluster, group_of(made.id))
    target = topic(made.cluster, made.unified.topic)
    return OwnRun(
        carrier,
        "BRIDGE",
        reads=[source.name for source in made.current],
        writes=[made.unified.topic],
        fields=tuple(fields_of(made.mappings, target, carrier)),
    )
