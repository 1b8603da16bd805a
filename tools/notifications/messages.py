"""What a delivery says: of a notice, or of an event of an alert."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from core.alerts.alert import Alert
from core.alerts.data import AlertData, data_of
from core.alerts.event import EventKind
from core.alerts.forms import alert_message
from core.notices.forms import Links, notice_message
from core.notices.message import Message
from core.notices.notice import Notice
from tools.db.alerts import AlertRepository, KeptEvent
from tools.db.deliveries import Delivery
from tools.db.notices import NoticeRepository
from tools.db.pool import Pool

LinksOf = Callable[[Notice], Awaitable[Links]]
LinkOf = Callable[[Alert], Awaitable[str]]


class Messages:
    """`links_of` makes the addresses of a notice's answers, `link_of` that of an alert's page."""

    def __init__(self, pool: Pool, links_of: LinksOf, link_of: LinkOf | None = None) -> None:
        self._notices = NoticeRepository(pool)
        self._alerts = AlertRepository(pool)
        self._links_of = links_of
        self._link_of = link_of

    async def of(self, delivery: Delivery) -> Message:
        if delivery.notice_id is not None:
            notice = await self._notices.get(delivery.notice_id)
            return notice_message(notice, await self._links_of(notice))
        event = await self._alerts.event(delivery.alert_event_id or 0)
        alert = await self._alerts.get(event.alert_id)
        link = None if self._link_of is None else await self._link_of(alert)
        return alert_message(_gathered(event, alert), event.uid, link)


def _gathered(event: KeptEvent, alert: Alert) -> AlertData:
    """An opening with what was found of the same cause until now; all else as it was then."""
    opening = event.kind in (EventKind.OPENED, EventKind.REOPENED)
    if not opening or not alert.active or alert.reopened != event.data.reopened:
        return event.data
    now = data_of(alert, event)
    kept = {"title": now.title, "findings": now.findings, "severity": now.severity}
    return event.data.model_copy(update=kept)
