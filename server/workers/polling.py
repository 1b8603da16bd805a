"""Work that looks by itself, now and then, for what there is to do."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from tools.cancellation import heed_cancellation
from tools.db.errors import DatabaseConflictError, DatabaseUnreachableError

log = logging.getLogger(__name__)


async def repeatedly(look: Callable[[], Awaitable[object]], seconds: float, worker: str) -> None:
    """Look until cancelled, with a pause of so many seconds; a Postgres that is away is waited
    for. `worker` is what the log calls it."""
    while True:
        try:
            await look()
        except (DatabaseUnreachableError, DatabaseConflictError) as error:
            log.warning("the %s worker goes on later: %s", worker, error)
        heed_cancellation()
        await asyncio.sleep(seconds)
