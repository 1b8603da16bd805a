"""How a command that serves ends: in order, whichever signal ends it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine

import typer

_TERMINATED = 143


def run_until_stopped(work: Coroutine[object, object, None]) -> None:
    """Run `work`; SIGTERM and SIGHUP cancel it and exit with 143, Ctrl-C is Python's own."""
    try:
        asyncio.run(_cancelled_by_signals(work))
    except asyncio.CancelledError:
        raise typer.Exit(_TERMINATED) from None


async def _cancelled_by_signals(work: Coroutine[object, object, None]) -> None:
    task = asyncio.current_task()
    for ending in (signal.SIGTERM, signal.SIGHUP):
        if task:
            asyncio.get_running_loop().add_signal_handler(ending, task.cancel)
    await work
