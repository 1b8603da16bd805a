"""Alerts as the API shows them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core.alerts.alert import Alert, AlertStatus
from core.alerts.event import AlertEvent
from server.catalog.actions import Action
from tools.db.alerts import KeptEvent
from tools.db.deliveries import Delivery


class AlertView(Alert):
    """An alert with what can be done about it."""

    actions: tuple[Action, ...]


class EventView(AlertEvent):
    """`uid` is the CloudEvent's id; `published_at` is when it arrived on the topic of alerts."""

    uid: str
    published_at: datetime | None


class AlertDetail(AlertView):
    """With all that happened to it, and how that reached the team's channels. No deliveries: there
    is no channel for the team, nor one for everybody."""

    events: tuple[EventView, ...]
    deliveries: tuple[Delivery, ...]


def alert_view(alert: Alert) -> AlertView:
    return AlertView(**_kept(alert), actions=_actions(alert))


def alert_detail(
    alert: Alert, events: Iterable[KeptEvent], deliveries: tuple[Delivery, ...]
) -> AlertDetail:
    return AlertDetail(
        **_kept(alert),
        actions=_actions(alert),
        events=tuple(EventView(**_event(each)) for each in events),
        deliveries=deliveries,
    )


def _kept(alert: Alert) -> dict[str, object]:
    return {name: getattr(alert, name) for name in Alert.model_fields}


def _event(event: KeptEvent) -> dict[str, object]:
    return {name: getattr(event, name) for name in EventView.model_fields}


def _actions(alert: Alert) -> tuple[Action, ...]:
    names = ["unmute" if alert.muted else "mute"]
    if alert.active:
        names = ["resolve", *names]
    if alert.active and alert.status is not AlertStatus.ACKNOWLEDGED:
        names = ["acknowledge", *names]
    return tuple(
        Action(name=name, method="POST", path=f"/alerts/{alert.id}/{name}") for name in names
    )
