"""The outbox worker: looks every few seconds for notices whose time has come."""

from __future__ import annotations

import asyncio
import logging

from tools.cancellation import heed_cancellation
from tools.db.errors import DatabaseUnreachableError
from tools.notifications.outbox import Outbox

LOOK_SECONDS = 2.0

log = logging.getLogger(__name__)


async def run_outbox(outbox: Outbox, look_seconds: float = LOOK_SECONDS) -> None:
    """Work until cancelled; a Postgres that is away is waited for."""
    while True:
        try:
            await outbox.deliver_due()
        except DatabaseUnreachableError as error:
            log.warning("the outbox lost Postgres and goes on later: %s", error)
        heed_cancellation()
        await asyncio.sleep(look_seconds)
