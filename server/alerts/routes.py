"""/alerts: what is wrong with the topics, and what people do about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from core.alerts.alert import AlertStatus
from core.alerts.deeds import LONGEST_MUTE
from core.generation import SAYS_SOMETHING
from core.quality.rule import Severity
from server.alerts import examples
from server.alerts.link_page import alert_page
from server.alerts.views import AlertDetail, AlertView, alert_detail, alert_view
from server.body import storable
from server.catalog.sources import Cluster, Cursor, Limit, Page
from server.openapi import answers
from server.ownership import require_alert
from server.page import answer_by_link, keep_private, or_page
from server.principal import Writer, reference
from server.services import Running
from tools.db.deliveries import DeliveryRepository

router = APIRouter(tags=["alerts"])

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
Token = Annotated[str, Path(min_length=1, max_length=200)]

_PROBLEMS = (401, 403, 404, 409, 413, 415, 503)
_LONGEST = 2_000
_ONE_END: dict[str, Any] = {
    "oneOf": [
        {
            "required": ["until"],
            "properties": {"until": {"type": "string"}, "minutes": {"type": "null"}},
        },
        {
            "required": ["minutes"],
            "properties": {"minutes": {"type": "integer"}, "until": {"type": "null"}},
        },
    ]
}


class AlertAcknowledgement(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"comment": "We look into it."}]}
    )
    comment: str | None = Field(None, max_length=_LONGEST)


class SignedAcknowledgement(AlertAcknowledgement):
    """`acknowledged_by` is the entity reference of who looks after it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"acknowledged_by": "user:default/jane"}]},
    )
    acknowledged_by: str = Field(min_length=1, max_length=150)


class AlertResolution(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"reason": "The producer was rolled back."}]},
    )
    reason: str = Field(min_length=1, max_length=_LONGEST, pattern=SAYS_SOMETHING)


class Muting(BaseModel):
    """`until` or `minutes`: a mute has an end."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={**_ONE_END, "examples": [{"minutes": 60, "reason": "A migration."}]},
    )
    until: AwareDatetime | None = None
    minutes: int | None = Field(None, ge=1, le=LONGEST_MUTE // timedelta(minutes=1))
    reason: str | None = Field(None, max_length=_LONGEST)

    @model_validator(mode="after")
    def _one_end(self) -> Muting:
        if (self.until is None) is (self.minutes is None):
            raise ValueError("a mute has one end: give either `until` or `minutes`")
        return self

    def end(self, now: datetime) -> datetime:
        return self.until or now + timedelta(minutes=self.minutes or 0)


@router.get(
    "/alerts",
    operation_id="listAlerts",
    summary="List what is or was wrong",
    responses=answers({"items": [examples.ALERT], "next_cursor": None}, 400, 503),
)
async def list_alerts(
    services: Running,
    status: Annotated[AlertStatus | None, Query(description="default: all")] = None,
    active: Annotated[
        bool | None, Query(description="true: all that are not resolved; false: the others")
    ] = None,
    source: Annotated[str | None, Query(max_length=249, description="of this topic")] = None,
    severity: Severity | None = None,
    team: Annotated[str | None, Query(max_length=150, description="owned by this team")] = None,
    cluster: Cluster = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[AlertView]:
    """Newest first. One alert of each cause, with all that it broke."""
    page = await services.alerts.list(
        cluster or services.cluster,
        status=status,
        active=active,
        source=source,
        severity=severity,
        team=team,
        limit=limit,
        cursor=cursor,
    )
    return Page(items=tuple(map(alert_view, page.items)), next_cursor=page.next_cursor)


@router.get(
    "/alerts/{alert_id}",
    operation_id="getAlert",
    summary="One alert",
    responses=answers(examples.DETAIL, 404, 503),
)
async def get_alert(alert_id: Id, services: Running) -> AlertDetail:
    """With all that happened to it, where the broken records lie, and its deliveries."""
    repository = services.alerts
    alert = await repository.get(alert_id)
    deliveries = await DeliveryRepository(services.pool).of_alert(alert_id)
    return alert_detail(alert, await repository.events(alert_id), deliveries)


@router.post(
    "/alerts/{alert_id}/acknowledge",
    operation_id="acknowledgeAlert",
    summary="Look after it",
    responses=answers(examples.ACKNOWLEDGED, *_PROBLEMS),
)
async def acknowledge(
    alert_id: Id, services: Running, writer: Writer, request: AlertAcknowledgement | None = None
) -> AlertView:
    """It stays so until all of it holds, or it is resolved; the same again changes nothing."""
    await require_alert(services, writer, alert_id)
    comment = None if request is None else storable(request.comment)
    return alert_view(await services.alerting.book.acknowledge(alert_id, writer.ref, comment))


@router.post(
    "/alerts/{alert_id}/resolve",
    operation_id="resolveAlert",
    summary="Say that it is over",
    responses=answers(examples.RESOLVED, *_PROBLEMS),
)
async def resolve(
    alert_id: Id, request: AlertResolution, services: Running, writer: Writer
) -> AlertView:
    """Alerts are resolved by themselves when all holds again. What is still broken some minutes
    after a person resolved it is reopened. Of a resolved alert nothing changes."""
    await require_alert(services, writer, alert_id)
    reason = storable(request.reason) or ""
    return alert_view(await services.alerting.book.resolve(alert_id, writer.ref, reason))


@router.post(
    "/alerts/{alert_id}/mute",
    operation_id="muteAlert",
    summary="Hear nothing of it until a time",
    responses=answers(examples.MUTED, *_PROBLEMS),
)
async def mute(alert_id: Id, request: Muting, services: Running, writer: Writer) -> AlertView:
    """It is counted and published, and told to no channel. What is still broken when the mute ends
    is told then. At most 90 days."""
    await require_alert(services, writer, alert_id)
    end, reason = request.end(datetime.now(UTC)), storable(request.reason)
    return alert_view(await services.alerting.book.mute(alert_id, writer.ref, end, reason))


@router.post(
    "/alerts/{alert_id}/unmute",
    operation_id="unmuteAlert",
    summary="Hear of it again",
    responses=answers({**examples.ALERT}, *_PROBLEMS),
)
async def unmute(alert_id: Id, services: Running, writer: Writer) -> AlertView:
    """Of an alert that is not muted nothing changes."""
    await require_alert(services, writer, alert_id)
    return alert_view(await services.alerting.book.unmute(alert_id, writer.ref))


@router.get(
    "/alerts/link/{token}",
    operation_id="getAlertByLink",
    summary="The alert that a signed link is for",
    response_model=AlertView,
    responses=or_page(answers(examples.ALERT, 403, 404, 410, 503)),
)
async def look(token: Token, services: Running, request: Request) -> Response:
    """Does nothing, so that a preview of the link is harmless. Browsers get a page."""
    number = await services.alerting.links.read(token)
    view = alert_view(await services.alerts.get(number))
    return answer_by_link(request, view, lambda: alert_page(view))


@router.post(
    "/alerts/link/{token}",
    operation_id="acknowledgeAlertByLink",
    summary="Acknowledge by a signed link",
    responses=answers(examples.ACKNOWLEDGED, 403, 404, 409, 410, 413, 415, 503),
)
async def acknowledge_by_link(
    token: Token, request: SignedAcknowledgement, services: Running, response: Response
) -> AlertView:
    """The link was sent to the team: who has it looks after the alert, under the name they give."""
    number = await services.alerting.links.read(token)
    by = reference(request.acknowledged_by)
    made = await services.alerting.book.acknowledge(number, by, storable(request.comment))
    keep_private(response.headers)
    return alert_view(made)
