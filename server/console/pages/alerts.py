"""What is or was wrong: alerts with their findings and history, and what people do about them."""

from __future__ import annotations

from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field

from core.alerts.alert import AlertStatus
from core.alerts.wording import sentence_of
from core.quality.rule import Severity
from server.alerts import routes as api
from server.alerts.routes import Id
from server.console.address import at
from server.console.entry import Entry
from server.console.form import Posted, filled, see_other
from server.console.query import PageQuery
from server.console.rendering import page
from server.principal import Writer
from server.services import Running

router = APIRouter()

ENTRY = Entry("Alerts", "/alerts", "bell", 50)

_ROWS = 40
_MUTES = ((60, "An hour"), (480, "8 hours"), (1_440, "A day"), (10_080, "A week"))


class AlertsForm(PageQuery):
    """The page's address; without a status, those that stand."""

    place: ClassVar[str] = "alerts"
    status: str = Field("standing", pattern="^(standing|open|acknowledged|resolved|reopened|all)$")
    source: str | None = Field(None, max_length=249)
    severity: Severity | None = None
    team: str | None = Field(None, max_length=150)

    @property
    def one(self) -> AlertStatus | None:
        return None if self.status in ("standing", "all") else AlertStatus(self.status)


@router.get("/alerts")
async def alerts(
    request: Request, services: Running, form: Annotated[AlertsForm, Query()]
) -> HTMLResponse:
    found = await api.list_alerts(
        services,
        status=form.one,
        active=True if form.status == "standing" else None,
        source=form.source,
        severity=form.severity,
        team=form.team,
        limit=_ROWS,
        cursor=form.cursor,
    )
    return page(
        request,
        "pages/alerts.html",
        title="Alerts",
        form=form,
        found=found,
        statuses=("standing", *AlertStatus, "all"),
        severities=tuple(Severity),
        more=form.after(found.next_cursor),
    )


@router.get("/alerts/{alert_id}")
async def alert(request: Request, alert_id: Id, services: Running) -> HTMLResponse:
    found = await api.get_alert(alert_id, services)
    return page(
        request,
        "pages/alert.html",
        title=found.title or f"Alert {found.id}",
        found=found,
        findings=tuple((each, sentence_of(each)) for each in found.findings),
        may={action.name for action in found.actions},
        mutes=_MUTES,
    )


@router.post("/alerts/{alert_id}/acknowledge")
async def acknowledge(
    alert_id: Id, services: Running, writer: Writer, form: Posted
) -> RedirectResponse:
    asked = filled(api.AlertAcknowledgement, comment=form.maybe("comment"))
    await api.acknowledge(alert_id, services, writer, asked)
    return see_other(at("alerts", alert_id), "You look after it now.")


@router.post("/alerts/{alert_id}/resolve")
async def resolve(
    alert_id: Id, services: Running, writer: Writer, form: Posted
) -> RedirectResponse:
    asked = filled(api.AlertResolution, reason=form.text("reason"))
    await api.resolve(alert_id, asked, services, writer)
    said = "Resolved. It reopens where it is still broken some minutes from now."
    return see_other(at("alerts", alert_id), said)


@router.post("/alerts/{alert_id}/mute")
async def mute(alert_id: Id, services: Running, writer: Writer, form: Posted) -> RedirectResponse:
    asked = filled(api.Muting, minutes=form.maybe("minutes"), reason=form.maybe("reason"))
    await api.mute(alert_id, asked, services, writer)
    return see_other(at("alerts", alert_id), "Muted: no channel hears of it until then.")


@router.post("/alerts/{alert_id}/unmute")
async def unmute(alert_id: Id, services: Running, writer: Writer, form: Posted) -> RedirectResponse:
    await api.unmute(alert_id, services, writer)
    return see_other(at("alerts", alert_id), "It is told again.")
