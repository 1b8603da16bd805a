"""The quality monitor's tools for alerts: what is or was wrong, and one of them in full. They only
read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from langchain.tools import ToolRuntime
from pydantic import BaseModel, ConfigDict, Field

from core.alerts.alert import Alert
from core.names import key
from tools.clients import Clients
from tools.db.alerts import AlertNotFoundError
from tools.incident_sheet import AlertLine, AlertSheet, alert_line, alert_sheet
from tools.typed import Effect, typed_tool

_PAGE, _PAGES = 100, 5


class AlertListFindings(BaseModel):
    """Alerts, newest first: those that stand, or with `since` all that stood at some time after
    it. `more` where the list was cut."""

    model_config = ConfigDict(frozen=True)
    type: Literal["alerts"] = "alerts"
    names: tuple[str, ...] | None
    team: str | None
    since: datetime | None
    items: tuple[AlertLine, ...]
    more: bool


class AlertFindings(BaseModel):
    """One alert with what explains it; None where there is none of this number."""

    model_config = ConfigDict(frozen=True)
    type: Literal["alert"] = "alert"
    id: int
    sheet: AlertSheet | None


@typed_tool(effect=Effect.READ)
async def list_alerts(
    runtime: ToolRuntime[Clients],
    names: Annotated[
        list[str] | None, Field(description="exact topic names; leave out for all")
    ] = None,
    team: Annotated[str | None, Field(description="only of what this team owns")] = None,
    since: Annotated[
        datetime | None,
        Field(description="RFC 3339: resolved ones too, if they stood after it"),
    ] = None,
    limit: Annotated[int, Field(ge=1, le=100)] = 20,
) -> AlertListFindings:
    """List what is wrong with topics now; with `since` also what was."""
    found, cut = await _read(runtime.context, _aware(since))
    fitting = [
        alert
        for alert in found
        if (names is None or alert.source in names) and (team is None or _owns(team, alert))
    ]
    return AlertListFindings(
        names=None if names is None else tuple(names),
        team=team,
        since=since,
        items=tuple(alert_line(alert) for alert in fitting[:limit]),
        more=cut or len(fitting) > limit,
    )


@typed_tool(effect=Effect.READ)
async def describe_alert(
    alert_id: Annotated[int, Field(ge=1, le=2**63 - 1)], runtime: ToolRuntime[Clients]
) -> AlertFindings:
    """Explain one alert by its number: what broke, since when, which schemas came with it, how many
    records, who owns and consumes the topic, and what to do next."""
    try:
        sheet = await alert_sheet(runtime.context, alert_id)
    except AlertNotFoundError:
        return AlertFindings(id=alert_id, sheet=None)
    return AlertFindings(id=alert_id, sheet=sheet)


async def alerts_of(clients: Clients, name: str, since: datetime) -> tuple[AlertLine, ...]:
    """Of one topic: those that stand, and those that stood after this."""
    page = await clients.alerts.list(clients.cluster, source=name, limit=_PAGE)
    return tuple(alert_line(alert) for alert in page.items if _stood(alert, since))


async def _read(clients: Clients, since: datetime | None) -> tuple[list[Alert], bool]:
    """Page by page, as far as an answer is worth; and whether there are more."""
    found: list[Alert] = []
    cursor: str | None = None
    for _ in range(_PAGES):
        page = await clients.alerts.list(
            clients.cluster, active=True if since is None else None, limit=_PAGE, cursor=cursor
        )
        found += [alert for alert in page.items if since is None or _stood(alert, since)]
        cursor = page.next_cursor
        if cursor is None:
            break
    return found, cursor is not None


def _stood(alert: Alert, since: datetime) -> bool:
    return alert.resolved is None or alert.active or alert.resolved.at >= since


def _owns(team: str, alert: Alert) -> bool:
    """`the fraud team` owns what `group:default/fraud-team` does."""
    return alert.team is not None and _bare(team) == _bare(alert.team.rsplit("/", 1)[-1])


def _bare(team: str) -> str:
    return key(team.lower().removeprefix("the ")).removesuffix("team")


def _aware(at: datetime | None) -> datetime | None:
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)
