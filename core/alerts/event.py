"""A transition of an alert, as it is kept, published and told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from core.alerts.alert import Alert


class EventKind(StrEnum):
    OPENED = "opened"
    GREW = "grew"
    """More findings of the same cause."""
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    MUTED = "muted"
    UNMUTED = "unmuted"


class AlertEvent(BaseModel):
    """`number` counts from 1 within the alert; `by` is None for what happened by itself. `told`:
    whether the team's channels hear of it."""

    model_config = ConfigDict(frozen=True)
    number: int
    kind: EventKind
    at: datetime
    by: str | None = None
    said: str
    told: bool = False


class Change(BaseModel):
    """An alert as it stands after a look or a deed (`id` 0: it is new), and what happened to it."""

    model_config = ConfigDict(frozen=True)
    alert: Alert
    events: tuple[AlertEvent, ...] = ()
