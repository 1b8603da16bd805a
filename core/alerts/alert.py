"""An alert: what is wrong with one source by one cause, from its opening to its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from core.alerts.finding import Finding, FindingKind, Position
from core.quality.rule import Dimension, Metric, Severity

MOST_POSITIONS = 10
"""Of one finding: half of them the first that were found, half the last."""


class AlertStatus(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    """Somebody looks after it."""
    RESOLVED = "resolved"
    REOPENED = "reopened"
    """It was resolved, and broke again soon."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class AlertFinding(_Part):
    """A finding over time: `first` and `last` are its figures when it joined and when it was last
    broken. `held_since` is None while it is broken; `withdrawn` that its rule is no more."""

    rule_id: str
    metric: Metric
    kind: FindingKind
    field: str | None = None
    dimension: Dimension
    severity: Severity
    inferred: bool = False
    since: datetime
    at: datetime
    held_since: datetime | None = None
    withdrawn: bool = False
    first: Mapping[str, float] = {}
    last: Mapping[str, float] = {}
    told: str = ""
    positions: tuple[Position, ...] = ()
    schema_ids: tuple[str, ...] = ()

    @property
    def key(self) -> FindingKey:
        return (self.rule_id, self.field)

    @property
    def subject(self) -> str:
        return _subject(self.field, self.metric)


class Acknowledgement(_Part):
    by: str
    at: datetime
    comment: str | None = None


class Resolution(_Part):
    """`by` is None where all held again by itself."""

    by: str | None = None
    at: datetime
    reason: str


class Mute(_Part):
    until: datetime
    by: str
    at: datetime
    reason: str | None = None
    missed: int = 0
    """What nobody was told meanwhile."""


class Alert(_Part):
    """`cause` names what opened it and when: it opens once. `since` is the time of the first record
    (or missing record) that it is about, by the broker's clock. `severity` is the gravest that it
    has had. `reopened` is how often, `transitions` how many events it has behind it. `team` None:
    nobody is known to own the source."""

    id: int = 0
    cluster: str
    source: str
    cause: str
    status: AlertStatus = AlertStatus.OPEN
    severity: Severity
    title: str = ""
    team: str | None = None
    owner_guessed: bool = False
    findings: tuple[AlertFinding, ...]
    since: datetime
    opened_at: datetime
    reopened_at: datetime | None = None
    updated_at: datetime
    acknowledged: Acknowledgement | None = None
    resolved: Resolution | None = None
    muted: Mute | None = None
    reopened: int = 0
    transitions: int = 0

    @property
    def active(self) -> bool:
        return self.status is not AlertStatus.RESOLVED

    @property
    def held_since(self) -> datetime | None:
        """Since when all its findings hold; None while one is broken."""
        held = [finding.held_since for finding in self.findings]
        return None if None in held else max(each for each in held if each is not None)

    @property
    def schema_ids(self) -> frozenset[str]:
        return frozenset(each for finding in self.findings for each in finding.schema_ids)


FindingKey = tuple[str, str | None]
"""The rule and the field: what a source has one finding of."""


def key_of(finding: Finding) -> FindingKey:
    return (finding.rule_id, finding.field)


def subject_of(finding: Finding) -> str:
    return _subject(finding.field, finding.metric)


def taken(finding: Finding) -> AlertFinding:
    """As it joins an alert."""
    kept = finding.model_dump(exclude={"source", "broken", "figures", "positions"})
    return AlertFinding(
        **kept, first=finding.figures, last=finding.figures, positions=_kept(finding.positions)
    )


def seen_again(known: AlertFinding, finding: Finding) -> AlertFinding:
    """Still broken, or broken again before it was resolved: new figures, the same beginning."""
    return known.model_copy(
        update={
            "at": finding.at,
            "held_since": None,
            "withdrawn": False,
            "severity": graver(known.severity, finding.severity),
            "last": finding.figures,
            "told": finding.told,
            "positions": _kept((*known.positions, *finding.positions)),
            "schema_ids": tuple(dict.fromkeys((*known.schema_ids, *finding.schema_ids))),
        }
    )


def graver(*severities: Severity) -> Severity:
    return Severity.ERROR if Severity.ERROR in severities else Severity.WARNING


_ARRIVAL = frozenset({Metric.FRESHNESS, Metric.VOLUME, Metric.ROWS})


def _subject(field: str | None, metric: Metric) -> str:
    """What a finding is about: too few records and none for too long are the same trouble."""
    if field is not None:
        return f"field {field}"
    return "arrival" if metric in _ARRIVAL else metric.value


def _kept(positions: tuple[Position, ...]) -> tuple[Position, ...]:
    distinct = {(each.partition, each.offset): each for each in positions}
    found = tuple(distinct.values())
    half = MOST_POSITIONS // 2
    return found if len(found) <= MOST_POSITIONS else (*found[:half], *found[-half:])
