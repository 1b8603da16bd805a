"""An alert while a look or a deed changes it."""

from __future__ import annotations

from datetime import datetime

from core.alerts.alert import Alert, AlertFinding, FindingKey, graver, seen_again, taken
from core.alerts.event import AlertEvent, Change, EventKind
from core.alerts.finding import Finding

TOLD = frozenset({EventKind.OPENED, EventKind.ESCALATED, EventKind.REOPENED, EventKind.RESOLVED})
"""What a team hears of, where the alert is not muted."""


class Living:
    """`joined` are the findings that are new to it, `again` those that broke again."""

    def __init__(self, alert: Alert) -> None:
        self.before = alert
        self.alert = alert
        self.events: list[AlertEvent] = []
        self.joined: list[AlertFinding] = []
        self.again: list[AlertFinding] = []

    @property
    def change(self) -> Change | None:
        """None where it stands as it stood."""
        if self.alert == self.before and self.alert.id:
            return None
        return Change(alert=self.alert, events=tuple(self.events))

    def update(self, **values: object) -> None:
        self.alert = self.alert.model_copy(update=values)

    def happened(self, kind: EventKind, at: datetime, said: str, by: str | None = None) -> None:
        """While it is muted, what would be told is counted."""
        mute = self.alert.muted if kind in TOLD else None
        if mute is not None:
            self.update(muted=mute.model_copy(update={"missed": mute.missed + 1}))
        self.noted(kind, at, said, by, told=kind in TOLD and mute is None)

    def noted(
        self, kind: EventKind, at: datetime, said: str, by: str | None = None, *, told: bool
    ) -> None:
        number = self.alert.transitions + 1
        self.events.append(AlertEvent(number=number, kind=kind, at=at, by=by, said=said, told=told))
        self.update(transitions=number, updated_at=at)

    def find(self, key: FindingKey) -> AlertFinding | None:
        return next((each for each in self.alert.findings if each.key == key), None)

    def put(self, finding: AlertFinding) -> None:
        """In the place of the one with its key, or as a new one. Severity never falls."""
        known = {each.key: each for each in self.alert.findings} | {finding.key: finding}
        severity = graver(self.alert.severity, finding.severity)
        self.update(findings=tuple(known.values()), severity=severity)

    def join(self, finding: Finding) -> None:
        made = taken(finding)
        self.put(made)
        self.update(since=min(self.alert.since, finding.since))
        self.joined.append(made)

    def see(self, known: AlertFinding, finding: Finding) -> None:
        """Broken still, or again. A flap within one opening is the same trouble as before; what
        held when the alert was reopened begins anew."""
        again = seen_again(known, finding)
        opening = self.alert.reopened_at or self.alert.opened_at
        if known.held_since is not None and known.held_since <= opening:
            again = again.model_copy(update={"since": finding.since, "first": finding.figures})
            self.again.append(again)
        self.put(again)
