"""Which of a topic's alerts is the answer to a fault: what is broken now and was not before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Alert = Mapping[str, Any]
"""As `GET /alerts` gives it."""

Key = tuple[str, str, str | None]
"""An alert's id, and the metric and field of one of its findings."""

_OVER = "resolved"


@dataclass(frozen=True, slots=True)
class Sighting:
    """`at` is when the alert was opened, or, where a finding joined one, when that was first seen.
    `fields` are those of the new findings, `since` is when the first of these says that it broke.
    """

    alert: str
    at: datetime
    since: datetime
    metrics: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(slots=True)
class Lookout:
    """`known` is what was broken before the fault; what has held meanwhile is news again."""

    known: set[Key] = field(default_factory=set)

    def before(self, alerts: Iterable[Alert]) -> None:
        """The fault has not begun."""
        self.known = broken(alerts)

    def sighted(self, alerts: Iterable[Alert], begins: datetime, now: datetime) -> Sighting | None:
        """The first alert with something new in it, or None so far."""
        given = list(alerts)
        keys = broken(given)
        self.known &= keys
        fresh = sorted(keys - self.known, key=str)
        if not fresh:
            return None
        name = fresh[0][0]
        mine = [key for key in fresh if key[0] == name]
        metrics = tuple(dict.fromkeys(metric for _, metric, _ in mine))
        fields = tuple(dict.fromkeys(field for _, _, field in mine if field is not None))
        alert = next(alert for alert in given if str(alert["id"]) == name)
        since = min(
            datetime.fromisoformat(finding["since"])
            for finding in alert["findings"]
            if _key(alert, finding) in mine
        )
        opened = _opened(alert)
        return Sighting(name, opened if opened >= begins else now, since, metrics, fields)


def broken(alerts: Iterable[Alert]) -> set[Key]:
    """Every finding of the alerts that are not over."""
    return {
        _key(alert, finding)
        for alert in alerts
        if alert["status"] != _OVER
        for finding in alert["findings"]
    }


def is_over(alerts: Iterable[Alert], name: str) -> bool:
    """Whether the alert of that id is resolved."""
    return any(str(alert["id"]) == name and alert["status"] == _OVER for alert in alerts)


def _key(alert: Alert, finding: Mapping[str, Any]) -> Key:
    return (str(alert["id"]), str(finding["metric"]), finding.get("field"))


def _opened(alert: Alert) -> datetime:
    """When it was opened last."""
    return datetime.fromisoformat(alert.get("reopened_at") or alert["opened_at"])
