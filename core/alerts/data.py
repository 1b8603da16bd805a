"""What an event of an alert says to machines: on the topic of alerts, and to webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field

from core.alerts.alert import Alert, AlertFinding, AlertStatus
from core.alerts.event import AlertEvent, EventKind
from core.alerts.finding import FindingKind
from core.quality.rule import Dimension, Metric, Severity

TYPE = "io.headwater.alert.{kind}.v1"

MOST_FINDINGS = 100
"""In one event, so that any broker takes it; the API tells all."""


class FindingData(BaseModel):
    """`figures` are those of now; where the records lie is told by the API alone."""

    model_config = ConfigDict(frozen=True)
    rule_id: str
    field: str | None
    metric: Metric
    kind: FindingKind
    dimension: Dimension
    severity: Severity
    inferred: bool
    since: datetime
    broken: bool
    figures: Mapping[str, float]
    told: str
    schema_ids: tuple[str, ...]


class AlertData(BaseModel):
    """The alert as the event left it."""

    model_config = ConfigDict(frozen=True, title="HeadwaterAlertEvent")
    event: EventKind
    number: int = Field(description="of the event within the alert, from 1")
    at: datetime
    by: str | None = Field(description="who did it; null: by itself")
    said: str
    alert_id: int
    cluster: str
    source: str
    status: AlertStatus
    severity: Severity
    title: str
    team: str | None
    owner_guessed: bool
    since: datetime = Field(description="of the first record it is about, by the broker's clock")
    opened_at: datetime
    reopened_at: datetime | None
    resolved_at: datetime | None
    reopened: int = Field(description="how often")
    muted_until: datetime | None
    findings: tuple[FindingData, ...]
    findings_left_out: int = 0


def data_of(alert: Alert, event: AlertEvent) -> AlertData:
    return AlertData(
        event=event.kind,
        number=event.number,
        at=event.at,
        by=event.by,
        said=event.said,
        alert_id=alert.id,
        cluster=alert.cluster,
        source=alert.source,
        status=alert.status,
        severity=alert.severity,
        title=alert.title,
        team=alert.team,
        owner_guessed=alert.owner_guessed,
        since=alert.since,
        opened_at=alert.opened_at,
        reopened_at=alert.reopened_at,
        resolved_at=None if alert.resolved is None else alert.resolved.at,
        reopened=alert.reopened,
        muted_until=None if alert.muted is None else alert.muted.until,
        findings=tuple(finding_data(each) for each in alert.findings[:MOST_FINDINGS]),
        findings_left_out=max(0, len(alert.findings) - MOST_FINDINGS),
    )


def finding_data(finding: AlertFinding) -> FindingData:
    names = FindingData.model_fields.keys() - {"broken", "figures"}
    kept = {name: getattr(finding, name) for name in names}
    return FindingData(**kept, broken=finding.held_since is None, figures=finding.last)


def uid_of(alert: Alert, event: AlertEvent) -> UUID:
    """The same each time that the event is told, and another in another catalog's life."""
    name = f"headwater:alert:{alert.cluster}:{alert.source}:{alert.cause}:{event.number}"
    return uuid5(NAMESPACE_URL, name)


def attributes(data: AlertData, uid: str) -> dict[str, str]:
    """The context attributes of CloudEvents 1.0.2; consumers tell repeats by `id`. The partition
    key keeps the events of a source in order."""
    return {
        "specversion": "1.0",
        "id": uid,
        "source": f"/headwater/{data.cluster}",
        "type": TYPE.format(kind=data.event.value),
        "subject": data.source,
        "time": data.at.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "partitionkey": key_of(data),
    }


def cloud_event(data: AlertData, uid: str) -> dict[str, Any]:
    """Structured JSON."""
    return {**attributes(data, uid), "data": data.model_dump(mode="json")}


def key_of(data: AlertData) -> str:
    return f"{data.cluster}/{data.source}"
