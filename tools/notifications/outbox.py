"""The outbox: brings each queued message to its channel, at least once, patiently."""

from __future__ import annotations

import logging
from datetime import timedelta

from tools.db.deliveries import Delivery, DeliveryRepository
from tools.db.pool import Pool
from tools.notifications.channel import Notifications
from tools.notifications.messages import ApprovalLinkOf, LinkOf, LinksOf, Messages
from tools.notifications.sending import SECONDS, DeliveryFailedError, send

PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (15, 60, 5 * 60, 15 * 60, 3_600, 3 * 3_600, 6 * 3_600, 12 * 3_600)
)
"""After each attempt that failed; after the last one the delivery is given up: a day in all."""

_LEASE = timedelta(seconds=4 * SECONDS)

log = logging.getLogger(__name__)


class Outbox:
    """Any number of processes may work on it. `links_of`, `link_of` and `approval_link_of` make the
    addresses of what is behind notices, alerts and requests for access."""

    def __init__(
        self,
        pool: Pool,
        settings: Notifications,
        links_of: LinksOf,
        link_of: LinkOf | None = None,
        approval_link_of: ApprovalLinkOf | None = None,
    ) -> None:
        self._deliveries = DeliveryRepository(pool)
        self._messages = Messages(pool, links_of, link_of, approval_link_of)
        self._settings = settings

    async def deliver_due(self) -> int:
        """Deliver what is due, one after the other; gives back how many were tried."""
        tried = 0
        while (found := await self._deliveries.claim(self._settings.per_hour, _LEASE)) is not None:
            tried += 1
            await self._deliver(found)
        return tried

    async def _deliver(self, delivery: Delivery) -> None:
        channel = self._settings.by_key(delivery.channel)
        if channel is None:
            await self._deliveries.failed(delivery.id, "the channel is configured no longer")
            return
        message = await self._messages.of(delivery)
        try:
            await send(message, channel, self._settings.smtp)
        except DeliveryFailedError as error:
            await self._failed(delivery, error)
        else:
            await self._deliveries.sent(delivery.id)

    async def _failed(self, delivery: Delivery, error: DeliveryFailedError) -> None:
        told = f"attempt {delivery.attempts}: {error}"
        if error.final or delivery.attempts > len(PAUSES):
            log.warning("%s: %s gave up: %s", delivery.about, delivery.channel, told)
            await self._deliveries.failed(delivery.id, told)
            return
        pause = PAUSES[delivery.attempts - 1]
        if error.after is not None:
            pause = max(pause, timedelta(seconds=error.after))
        log.info("%s: %s waits: %s", delivery.about, delivery.channel, told)
        await self._deliveries.again(delivery.id, pause, told)
