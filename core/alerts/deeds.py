"""What people do to alerts; a deed that is done already changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.alerts import wording
from core.alerts.alert import Acknowledgement, Alert, AlertStatus, Mute, Resolution
from core.alerts.event import Change, EventKind
from core.alerts.living import Living

LONGEST_MUTE = timedelta(days=90)


class AlertResolvedError(Exception):
    """There is nothing to acknowledge."""

    def __init__(self, alert: Alert) -> None:
        super().__init__(
            f"Alert {alert.id} is resolved already. It opens again by itself where it breaks again."
        )


class MuteEndError(ValueError):
    """A mute needs an end that is ahead and not too far."""

    def __init__(self, until: datetime) -> None:
        super().__init__(
            f"An alert cannot be muted until {until.isoformat()}: give a time that is ahead, "
            f"by {LONGEST_MUTE.days} days at most."
        )


def acknowledge(alert: Alert, by: str, now: datetime, comment: str | None) -> Change | None:
    """Raises AlertResolvedError."""
    if not alert.active:
        raise AlertResolvedError(alert)
    known = alert.acknowledged
    if known is not None and (known.by, known.comment) == (by, comment):
        return None
    living = Living(alert)
    living.update(
        status=AlertStatus.ACKNOWLEDGED,
        acknowledged=Acknowledgement(by=by, at=now, comment=comment),
    )
    living.happened(EventKind.ACKNOWLEDGED, now, comment or "Acknowledged.", by)
    return living.change


def resolve(alert: Alert, by: str, now: datetime, reason: str) -> Change | None:
    """None where it is resolved already, by whomever. What is still broken when the policy's
    grace has passed reopens it."""
    if not alert.active:
        return None
    living = Living(alert)
    living.update(status=AlertStatus.RESOLVED, resolved=Resolution(by=by, at=now, reason=reason))
    living.happened(EventKind.RESOLVED, now, reason, by)
    return living.change


def mute(
    alert: Alert, by: str, now: datetime, until: datetime, reason: str | None
) -> Change | None:
    """Until then it is counted and not told. Raises MuteEndError."""
    known = alert.muted
    if known is not None and (known.until, known.by, known.reason) == (until, by, reason):
        return None
    if not now < until <= now + LONGEST_MUTE:
        raise MuteEndError(until)
    until = until.astimezone(UTC)
    living = Living(alert)
    missed = 0 if known is None else known.missed
    living.update(muted=Mute(until=until, by=by, at=now, reason=reason, missed=missed))
    living.happened(EventKind.MUTED, now, wording.muted_said(until, reason), by)
    return living.change


def unmute(alert: Alert, by: str, now: datetime) -> Change | None:
    if alert.muted is None:
        return None
    living = Living(alert)
    living.update(muted=None)
    living.happened(EventKind.UNMUTED, now, "Unmuted.", by)
    return living.change
