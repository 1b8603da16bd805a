"""What a delivery says: of a notice, of an event of an alert, or of a request for access."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from core.alerts.alert import Alert
from core.alerts.data import AlertData, data_of
from core.alerts.event import EventKind
from core.alerts.forms import alert_message
from core.notices.access import access_message
from core.notices.forms import Links, notice_message
from core.notices.message import Message
from core.notices.notice import Notice
from tools.db.alerts import AlertRepository, KeptEvent
from tools.db.approvals import ApprovalRepository
from tools.db.deliveries import Delivery
from tools.db.notices import NoticeRepository
from tools.db.pool import Pool

LinksOf = Callable[[Notice], Awaitable[Links]]
LinkOf = Callable[[Alert], Awaitable[str]]
ApprovalLinkOf = Callable[[str], str]


class Messages:
    """`links_of` makes the addresses of a notice's answers, `link_of` that of an alert's page,
    `approval_link_of` that of an approval by its id."""

    def __init__(
        self,
        pool: Pool,
        links_of: LinksOf,
        link_of: LinkOf | None = None,
        approval_link_of: ApprovalLinkOf | None = None,
    ) -> None:
        self._notices = NoticeRepository(pool)
        self._alerts = AlertRepository(pool)
        self._approvals = ApprovalRepository(pool)
        self._approval_link_of = approval_link_of or "/approvals/{}".format
        self._links_of = links_of
        self._link_of = link_of

    async def of(self, delivery: Delivery) -> Message:
        if delivery.notice_id is not None:
            notice = await self._notices.get(delivery.notice_id)
            return notice_message(notice, await self._links_of(notice))
        if delivery.approval_id is not None:
            return await self._of_request(delivery.approval_id)
        event = await self._alerts.event(delivery.alert_event_id or 0)
        alert = await self._alerts.get(event.alert_id)
        link = None if self._link_of is None else await self._link_of(alert)
        return alert_message(_gathered(event, alert), event.uid, link)

    async def _of_request(self, approval_id: str) -> Message:
        approval = await self._approvals.get(approval_id)
        grant = approval.plan.grant
        assert grant is not None  # noqa: S101 (only requests for access are queued)
        return access_message(approval, grant, self._approval_link_of(approval_id))


def _gathered(event: KeptEvent, alert: Alert) -> AlertData:
    """An opening with what was found of the same cause until now; all else as it was then."""
    opening = event.kind in (EventKind.OPENED, EventKind.REOPENED)
    if not opening or not alert.active or alert.reopened != event.data.reopened:
        return event.data
    now = data_of(alert, event)
    kept = {"title": now.title, "findings": now.findings, "severity": now.severity}
    return event.data.model_copy(update=kept)
