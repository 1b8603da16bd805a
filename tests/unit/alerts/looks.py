"""Findings of a stream, and the looks at them one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from core.alerts.alert import Alert, AlertStatus
from core.alerts.event import AlertEvent, Change, EventKind
from core.alerts.finding import Finding, FindingKind
from core.alerts.life import Place, changes, is_standing
from core.alerts.policy import AlertPolicy
from core.quality.rule import DIMENSIONS, Metric, Severity

T0 = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
PLACE = Place("default", "orders.v1", "group:default/orders")


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def finding(name: str | None = "customer_id", since: float = 0, **more: Any) -> Finding:
    """Broken, of a rule `<metric>-<name>`."""
    metric = more.pop("metric", Metric.REQUIRED)
    given: dict[str, Any] = {
        "source": PLACE.source,
        "rule_id": f"{metric.value}-{name or 'stream'}".lower().replace("_", "-"),
        "metric": metric,
        "kind": FindingKind.RULE,
        "field": name,
        "dimension": DIMENSIONS[metric],
        "severity": Severity.ERROR,
        "broken": True,
        "since": at(since),
        "at": at(since),
    }
    return Finding(**{**given, **more})


def holding(of: Finding) -> Finding:
    return of.model_copy(update={"broken": False})


@dataclass
class Stream:
    """The alerts of one source, as a store would keep them."""

    policy: AlertPolicy = field(default_factory=AlertPolicy)
    alerts: dict[int, Alert] = field(default_factory=dict)
    events: list[tuple[int, AlertEvent]] = field(default_factory=list)

    def look(self, seconds: float, *findings: Finding, retired: tuple[str, ...] = ()) -> None:
        now = at(seconds)
        standing = [one for one in self.alerts.values() if is_standing(one, now, self.policy)]
        for change in changes(PLACE, standing, findings, now, self.policy, retired):
            self.keep(change)

    def keep(self, change: Change | None) -> None:
        assert change is not None
        number = change.alert.id or len(self.alerts) + 1
        self.alerts[number] = change.alert.model_copy(update={"id": number})
        self.events += [(number, event) for event in change.events]

    @property
    def only(self) -> Alert:
        (alert,) = self.alerts.values()
        return alert

    @property
    def active(self) -> list[Alert]:
        return [one for one in self.alerts.values() if one.status is not AlertStatus.RESOLVED]

    @property
    def kinds(self) -> list[EventKind]:
        return [event.kind for _, event in self.events]

    @property
    def told(self) -> list[EventKind]:
        return [event.kind for _, event in self.events if event.told]
