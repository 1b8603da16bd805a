"""A cancellation that got lost below."""

from __future__ import annotations

import asyncio


def heed_cancellation() -> None:
    """Raise CancelledError where this task was cancelled: call it in each round of a loop.

    Python 3.11's `asyncio.wait_for` drops a cancellation that arrives together with its result,
    and an error of a lost connection can take its place; the loop would go on for ever.
    """
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
