"""An alert as an agent reads it: what broke, what came with it, whom it concerns, what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, ConfigDict

from core.alerts.advice import steps
from core.alerts.alert import Alert, AlertFinding, AlertStatus
from core.alerts.event import EventKind
from core.alerts.finding import Position
from core.alerts.wording import sentence_of
from core.quality.rule import Severity
from core.quality.window import Window
from core.source import Consumer, Owner, SourceDetail
from tools.clients import Clients
from tools.db.sources import SourceNotFoundError

MOST_FINDINGS = 10
_MOST_PLACES = 3
_MOST_EVENTS = 20
_BEFORE = timedelta(hours=1)
_LONGEST = timedelta(days=2)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class AlertLine(_Part):
    """An alert in a list; `title` says topic, field, what, since when and owner."""

    id: int
    source: str
    status: AlertStatus
    severity: Severity
    title: str
    team: str | None
    since: datetime
    opened_at: datetime
    resolved_at: datetime | None
    muted_until: datetime | None
    reopened: int


class BrokenThing(_Part):
    """One finding of an alert; `figures` are those of its latest look."""

    rule_id: str
    field: str | None
    said: str
    since: datetime
    broken: bool
    inferred: bool
    figures: Mapping[str, float]
    positions: tuple[Position, ...]


class SchemaSeen(_Part):
    """A registered schema that records named: so many since the alert's beginning, and in the hour
    before it."""

    schema_id: str
    since: int
    before: int


class AlertHappening(_Part):
    kind: EventKind
    at: datetime
    by: str | None
    said: str


class AlertSheet(AlertLine):
    """`records` and `bad` are those counted from its beginning to its end, or to now, two days at
    most; `changes` what scans found of the source's schema about its beginning."""

    broken: tuple[BrokenThing, ...]
    broken_left_out: int
    until: datetime
    records: int
    bad: int
    schemas: tuple[SchemaSeen, ...]
    changes: tuple[str, ...]
    owner: Owner | None
    consuming_teams: tuple[str, ...]
    consumers: tuple[Consumer, ...]
    events: tuple[AlertHappening, ...]
    steps: tuple[str, ...]

    @property
    def new_schemas(self) -> tuple[str, ...]:
        return tuple(each.schema_id for each in self.schemas if each.since and not each.before)


def alert_line(alert: Alert) -> AlertLine:
    return AlertLine(
        id=alert.id,
        source=alert.source,
        status=alert.status,
        severity=alert.severity,
        title=alert.title,
        team=alert.team,
        since=alert.since,
        opened_at=alert.opened_at,
        resolved_at=None if alert.resolved is None else alert.resolved.at,
        muted_until=None if alert.muted is None else alert.muted.until,
        reopened=alert.reopened,
    )


async def alert_sheet(clients: Clients, alert_id: int) -> AlertSheet:
    """Raises AlertNotFoundError."""
    alert = await clients.alerts.get(alert_id)
    source = await _source(clients, alert)
    until = _end(alert)
    window = await clients.quality.window(alert.source, alert.cluster, alert.since, until)
    schemas = _schemas(alert, window, await _before(clients, alert))
    teams = () if source is None else source.summary.consuming_teams
    new = [each.schema_id for each in schemas if each.since and not each.before]
    return AlertSheet(
        **alert_line(alert).model_dump(),
        broken=tuple(_broken(each) for each in alert.findings[:MOST_FINDINGS]),
        broken_left_out=max(0, len(alert.findings) - MOST_FINDINGS),
        until=until,
        records=window.records,
        bad=window.bad,
        schemas=schemas,
        changes=await _changes(clients, alert),
        owner=None if source is None else source.summary.owner,
        consuming_teams=teams,
        consumers=() if source is None else source.consumers,
        events=await _events(clients, alert_id),
        steps=steps(alert, new, teams),
    )


async def _source(clients: Clients, alert: Alert) -> SourceDetail | None:
    try:
        return await clients.sources.get(alert.source, alert.cluster)
    except SourceNotFoundError:
        return None


def _end(alert: Alert) -> datetime:
    end = datetime.now(UTC) if alert.resolved is None else alert.resolved.at
    return min(end, alert.since + _LONGEST)


async def _before(clients: Clients, alert: Alert) -> Window:
    begin = alert.since - _BEFORE
    return await clients.quality.window(alert.source, alert.cluster, begin, alert.since)


def _schemas(alert: Alert, since: Window, before: Window) -> tuple[SchemaSeen, ...]:
    """Those that the alert names first, then by how many records named them."""
    ids = sorted(
        alert.schema_ids | since.schemas.keys(),
        key=lambda each: (each not in alert.schema_ids, -since.schemas[each], each),
    )
    return tuple(
        SchemaSeen(schema_id=each, since=since.schemas[each], before=before.schemas[each])
        for each in ids[:MOST_FINDINGS]
    )


async def _changes(clients: Clients, alert: Alert) -> tuple[str, ...]:
    page = await clients.sources.changes(alert.source, alert.cluster, limit=10)
    return tuple(
        f"{change.kind.value} {change.at:%Y-%m-%d %H:%M} UTC: {'; '.join(change.lines[:5])}"
        for change in page.items
        if change.lines and alert.since - _BEFORE <= change.at <= _end(alert) + _BEFORE
    )


async def _events(clients: Clients, alert_id: int) -> tuple[AlertHappening, ...]:
    kept: Sequence[AlertHappening] = [
        AlertHappening(kind=each.kind, at=each.at, by=each.by, said=each.said)
        for each in await clients.alerts.events(alert_id)
    ]
    return tuple(kept[-_MOST_EVENTS:])


def _broken(finding: AlertFinding) -> BrokenThing:
    return BrokenThing(
        rule_id=finding.rule_id,
        field=finding.field,
        said=sentence_of(finding),
        since=finding.since,
        broken=finding.held_since is None,
        inferred=finding.inferred,
        figures=finding.last,
        positions=finding.positions[:_MOST_PLACES],
    )
