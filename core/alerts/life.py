"""What a look at a source's findings does to its alerts: a state machine without a clock.

Findings of one source are of one cause, and so one alert, where they begin near each other, came
with the same new schema, or are about the same field. An alert is resolved once all of its findings
have held for a while; what breaks again soon reopens it, and each time it must hold twice as long.
A flap that is shorter than that is no transition, and nobody hears of it: of a stream that breaks
and recovers at an even pace people hear a few times, and then it stays open.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.alerts import wording
from core.alerts.alert import (
    Alert,
    AlertFinding,
    AlertStatus,
    FindingKey,
    Resolution,
    key_of,
    subject_of,
    taken,
)
from core.alerts.event import Change, EventKind
from core.alerts.finding import Finding
from core.alerts.living import Living
from core.alerts.policy import AlertPolicy
from core.quality.rule import Severity


@dataclass(frozen=True, slots=True)
class Place:
    """The source, and who owns it now."""

    cluster: str
    source: str
    team: str | None = None
    owner_guessed: bool = False


def changes(
    place: Place,
    standing: Sequence[Alert],
    findings: Sequence[Finding],
    now: datetime,
    policy: AlertPolicy,
    retired: Collection[str] = (),
) -> tuple[Change, ...]:
    """`standing` are the source's active alerts and those that may be reopened (`is_standing`);
    `findings` all that this look judged: what it says nothing of stays as it is. `retired` are
    rules that are in force no longer: what they found counts as holding."""
    living = [Living(alert) for alert in sorted(standing, key=_age)]
    look = _Look(place, living, now, policy)
    look.meet({key_of(each): each for each in findings}, frozenset(retired))
    return tuple(change for each in look.living if (change := each.change) is not None)


def cause_of(finding: Finding) -> str:
    """Of an alert that it opens; the same each time that this beginning is found."""
    return f"{finding.rule_id}|{finding.field or ''}|{finding.since.isoformat()}"


def is_standing(alert: Alert, now: datetime, policy: AlertPolicy) -> bool:
    """Whether a finding may still change it: it is active, or resolved lately, or resolved by a
    person while it was broken."""
    if alert.resolved is None or alert.held_since is None:
        return True
    return now - alert.resolved.at <= policy.cooldown(alert)


@dataclass
class _Look:
    place: Place
    living: list[Living]
    now: datetime
    policy: AlertPolicy

    def meet(self, found: Mapping[FindingKey, Finding], retired: frozenset[str]) -> None:
        unmet = {key: each for key, each in found.items() if each.broken}
        for living in self.living:
            self._watch(living, found, retired, unmet)
        settled = [each for each in sorted(unmet.values(), key=_begin) if not self._take(each)]
        for finding in settled:
            # What settled it may have been reopened by another.
            self._take(finding)
        for living in self.living:
            self._settle(living)

    def _watch(
        self,
        living: Living,
        found: Mapping[FindingKey, Finding],
        retired: frozenset[str],
        unmet: dict[FindingKey, Finding],
    ) -> None:
        """What the alert has already: figures, what holds now, and what a person has time for."""
        for known in living.alert.findings:
            finding = found.get(known.key)
            if finding is not None and finding.broken:
                if living.alert.active:
                    unmet.pop(known.key, None)
                    living.see(known, finding)
                elif known.held_since is None and self._in_grace(living.alert):
                    unmet.pop(known.key, None)
            elif known.held_since is None and (finding or known.rule_id in retired):
                held = {"held_since": self.now, "withdrawn": finding is None}
                living.put(known.model_copy(update=held))

    def _take(self, finding: Finding) -> bool:
        """What is broken and in no active alert; False for what a person resolved just now."""
        living = self._of_its_cause(finding)
        if living is None and (living := self._resolved_of(finding)) is not None:
            self._reopen(living, finding)
        if living is not None:
            known = living.find(key_of(finding))
            living.join(finding) if known is None else living.see(known, finding)
        elif self._is_settled(finding):
            return False
        else:
            self._open(finding)
        return True

    def _of_its_cause(self, finding: Finding) -> Living | None:
        """The active alert that has it, and else the one that begins nearest to it."""
        active = [one for one in self.living if one.alert.active]
        found = [one for one in active if one.find(key_of(finding)) is not None] or [
            one for one in active if self._is_cause(one.alert, finding)
        ]
        return min(found, key=lambda one: abs(one.alert.since - finding.since), default=None)

    def _is_cause(self, alert: Alert, finding: Finding) -> bool:
        return (
            abs(alert.since - finding.since) <= self.policy.cause
            or not alert.schema_ids.isdisjoint(finding.schema_ids)
            or any(each.subject == subject_of(finding) for each in alert.findings)
        )

    def _resolved_of(self, finding: Finding) -> Living | None:
        """The alert that was resolved of it last, where that was lately."""
        return next(
            (
                one
                for one in reversed(self.living)
                if one.find(key_of(finding)) is not None
                and (
                    is_standing(one.alert, self.now, self.policy)
                    or one.alert.cause == cause_of(finding)
                )
            ),
            None,
        )

    def _reopen(self, living: Living, finding: Finding) -> None:
        """Without what another active alert took over meanwhile."""
        elsewhere = {
            each.key for one in self.living if one.alert.active for each in one.alert.findings
        }
        living.update(
            findings=tuple(each for each in living.alert.findings if each.key not in elsewhere),
            status=AlertStatus.REOPENED,
            resolved=None,
            acknowledged=None,
            reopened=living.alert.reopened + 1,
            reopened_at=self.now,
            since=finding.since,
            team=self.place.team,
            owner_guessed=self.place.owner_guessed,
        )

    def _open(self, finding: Finding) -> None:
        made = Alert(
            cluster=self.place.cluster,
            source=self.place.source,
            cause=cause_of(finding),
            severity=finding.severity,
            team=self.place.team,
            owner_guessed=self.place.owner_guessed,
            findings=(taken(finding),),
            since=finding.since,
            opened_at=self.now,
            updated_at=self.now,
        )
        self.living.append(Living(made))

    def _is_settled(self, finding: Finding) -> bool:
        """Of the cause of what a person resolved just now."""
        return any(
            self._in_grace(one.alert) and self._is_cause(one.alert, finding) for one in self.living
        )

    def _in_grace(self, alert: Alert) -> bool:
        """Whoever resolved it has so long to be right."""
        resolved = alert.resolved
        if resolved is None or resolved.by is None:
            return False
        return self.now - resolved.at < self.policy.grace

    def _settle(self, living: Living) -> None:
        self._end_mute(living)
        if living.alert.active:
            living.update(title=wording.title_of(living.alert))
            self._tell(living)
            self._resolve(living)
        if living.alert != living.before:
            living.update(updated_at=self.now)

    def _tell(self, living: Living) -> None:
        alert, before = living.alert, living.before
        if not before.id:
            living.happened(EventKind.OPENED, self.now, wording.opened_said(alert))
        elif not before.active:
            living.happened(EventKind.REOPENED, self.now, self._reopened_said(living))
        else:
            if living.joined:
                living.happened(EventKind.GREW, self.now, wording.grew_said(living.joined))
            if alert.severity is not before.severity:
                living.happened(EventKind.ESCALATED, self.now, wording.escalated_said(alert))

    def _reopened_said(self, living: Living) -> str:
        resolved, broken = living.before.resolved, _broken(living.alert)
        if not living.again and resolved is not None and resolved.by is not None:
            return wording.still_broken_said(resolved.by, broken)
        hold = self.policy.hold(living.alert.reopened)
        return wording.reopened_said(living.alert, broken, hold)

    def _resolve(self, living: Living) -> None:
        alert, since = living.alert, living.alert.held_since
        if since is None:
            return
        hold = self.policy.hold(alert.reopened)
        withdrawn = all(finding.withdrawn for finding in alert.findings)
        if not withdrawn and self.now - since < hold:
            return
        said = wording.withdrawn_said() if withdrawn else wording.held_said(alert, hold)
        living.update(status=AlertStatus.RESOLVED, resolved=Resolution(at=self.now, reason=said))
        living.happened(EventKind.RESOLVED, self.now, said)

    def _end_mute(self, living: Living) -> None:
        """What still stands when a mute ends is told, if something of it was missed."""
        mute = living.alert.muted
        if mute is None or self.now < mute.until:
            return
        living.update(muted=None)
        told = living.before.active and living.alert.active and mute.missed > 0
        said = wording.mute_ended_said(living.alert.active, mute.missed)
        living.noted(EventKind.UNMUTED, self.now, said, told=told)


def _broken(alert: Alert) -> list[AlertFinding]:
    return [finding for finding in alert.findings if finding.held_since is None]


def _age(alert: Alert) -> tuple[datetime, int]:
    return (alert.opened_at, alert.id)


def _begin(finding: Finding) -> tuple[datetime, bool, str, str]:
    """The earliest first; of one time, the gravest."""
    mild = finding.severity is not Severity.ERROR
    return (finding.since, mild, finding.rule_id, finding.field or "")
