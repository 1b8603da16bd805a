"""Waiting out a restart of Postgres in the middle of long work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tools.cancellation import heed_cancellation
from tools.db.errors import DatabaseConflictError, DatabaseUnreachableError

Result = TypeVar("Result")

_LONGEST_PAUSE = 5.0


async def patiently(call: Callable[[], Awaitable[Result]], seconds: float) -> Result:
    """Call again while Postgres is away or undoes it, for so many seconds; then raise its error.

    The call must be safe to repeat: a lost connection does not tell whether it was committed.
    """
    deadline = time.monotonic() + seconds
    pause = 0.2
    while True:
        try:
            return await call()
        except (DatabaseUnreachableError, DatabaseConflictError):
            if time.monotonic() + pause > deadline:
                raise
        heed_cancellation()
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
