"""The outbox: brings each queued notice to its channel, at least once, patiently."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from core.notices.forms import Links
from core.notices.notice import Notice
from tools.db.notices import Delivery, NoticeRepository
from tools.db.pool import Pool
from tools.notifications.channel import Notifications
from tools.notifications.sending import SECONDS, DeliveryFailedError, send

PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (15, 60, 5 * 60, 15 * 60, 3_600, 3 * 3_600, 6 * 3_600, 12 * 3_600)
)
"""After each attempt that failed; after the last one the delivery is given up: a day in all."""

_LEASE = timedelta(seconds=4 * SECONDS)

LinksOf = Callable[[Notice], Awaitable[Links]]

log = logging.getLogger(__name__)


class Outbox:
    """Any number of processes may work on it. `links_of` makes the addresses of the answers."""

    def __init__(self, pool: Pool, settings: Notifications, links_of: LinksOf) -> None:
        self._notices = NoticeRepository(pool)
        self._settings = settings
        self._links_of = links_of

    async def deliver_due(self) -> int:
        """Deliver what is due, one after the other; gives back how many were tried."""
        tried = 0
        while (found := await self._notices.claim(self._settings.per_hour, _LEASE)) is not None:
            tried += 1
            await self._deliver(found)
        return tried

    async def _deliver(self, delivery: Delivery) -> None:
        channel = self._settings.by_key(delivery.channel)
        if channel is None:
            await self._notices.failed(delivery.id, "the channel is configured no longer")
            return
        notice = await self._notices.get(delivery.notice_id)
        try:
            await send(notice, channel, await self._links_of(notice), self._settings.smtp)
        except DeliveryFailedError as error:
            await self._failed(delivery, error)
        else:
            await self._notices.sent(delivery.id)

    async def _failed(self, delivery: Delivery, error: DeliveryFailedError) -> None:
        told = f"attempt {delivery.attempts}: {error}"
        if error.final or delivery.attempts > len(PAUSES):
            log.warning("notice %s: %s gave up: %s", delivery.notice_id, delivery.channel, told)
            await self._notices.failed(delivery.id, told)
            return
        pause = PAUSES[delivery.attempts - 1]
        if error.after is not None:
            pause = max(pause, timedelta(seconds=error.after))
        log.info("notice %s: %s waits: %s", delivery.notice_id, delivery.channel, told)
        await self._notices.again(delivery.id, pause, told)
