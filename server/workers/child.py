"""A process that works for its parent: told once what to do, telling how it goes line by line."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson

_STOP_SECONDS = 20.0
"""For what is open to be written."""


def stopping() -> threading.Event:
    """In the child: set when it is to end, because it was told so or its parent is no more."""
    stopped = threading.Event()
    # The parent decides when it ends, also where Ctrl-C reaches both.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())

    def until_orphaned() -> None:
        sys.stdin.buffer.read()
        stopped.set()

    threading.Thread(target=until_orphaned, daemon=True).start()
    return stopped


def said(told: dict[str, Any]) -> None:
    """In the child: a line to the parent."""
    sys.stdout.buffer.write(orjson.dumps(told) + b"\n")
    sys.stdout.buffer.flush()


@asynccontextmanager
async def child(module: str, task: bytes) -> AsyncIterator[asyncio.subprocess.Process]:
    """In the parent: a process of this package that was told its task; ended in order after."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdin is not None  # noqa: S101 (asked for)
        process.stdin.write(task)
        await process.stdin.drain()
        yield process
    finally:
        await _ended(process)


async def lines_of(process: asyncio.subprocess.Process) -> AsyncIterator[dict[str, Any]]:
    """What it says, until it ends."""
    assert process.stdout is not None  # noqa: S101 (asked for)
    async for line in process.stdout:
        yield orjson.loads(line)


def ending(code: int | None) -> str:
    """How a process ended that did not say why."""
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
