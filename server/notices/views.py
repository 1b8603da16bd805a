"""Notices as the API shows them."""

from __future__ import annotations

from collections.abc import Iterable

from core.notices.notice import Notice
from server.catalog.actions import Action, comparing, promoting
from tools.db.deliveries import Delivery


class NoticeView(Notice):
    """A notice with what became of its deliveries, and what can be done about it. No deliveries:
    the team had no channel when it was found."""

    deliveries: tuple[Delivery, ...]
    actions: tuple[Action, ...]


def notice_view(notice: Notice, deliveries: Iterable[Delivery]) -> NoticeView:
    mine = tuple(each for each in deliveries if each.notice_id == notice.id)
    return NoticeView(**notice.model_dump(), deliveries=mine, actions=_actions(notice))


def _actions(notice: Notice) -> tuple[Action, ...]:
    return (
        comparing(notice.text.source, notice.text.instead),
        Action(name="answer", method="POST", path=f"/notices/{notice.id}/answer"),
        promoting(notice.text.source),
    )
