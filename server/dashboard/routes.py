"""/dashboard and /activity: where the cluster stands, and what happened lately."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator, AwareDatetime

from core.activity import ActivityKind
from core.dashboard import KEPT_DAYS
from server.catalog.sources import Cluster, Cursor, Limit, Page
from server.dashboard import examples
from server.dashboard.views import (
    COUNTED,
    ActivityView,
    Dashboard,
    Lists,
    activity_view,
    dashboard_view,
    start_of,
)
from server.openapi import answers
from server.services import Running
from tools.db.activity import ActivityRepository

router = APIRouter(tags=["dashboard"])


def _utc(moment: datetime) -> datetime:
    """Postgres takes no offset of a day, and Python no time that is out of the calendar in UTC."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("it lies outside the calendar in UTC") from error


Moment = Annotated[AwareDatetime, AfterValidator(_utc)]

Days = Annotated[
    int,
    Query(ge=1, le=KEPT_DAYS, description="what happened within so many days (UTC); 1 is today"),
]


@router.get(
    "/dashboard",
    operation_id="getDashboard",
    summary="Where the cluster stands",
    responses=answers(examples.DASHBOARD, 503),
)
async def get_dashboard(services: Running, days: Days = 1, cluster: Cluster = None) -> Dashboard:
    """Counted now; scores are added up once a minute. Each figure's `href` is the list behind it,
    with as many rows. Trends have a point for each day that was measured, at most 90."""
    at = cluster or services.cluster
    found = await services.dashboard.measured(at)
    since = start_of(days, found.at)
    activity = ActivityRepository(services.pool)
    happened = await activity.counts(at, COUNTED.values(), since, found.at)
    return dashboard_view(
        at,
        found,
        happened,
        await services.dashboard.days(at),
        since=since,
        floor=services.settings.quality_floor,
        lists=Lists(None if at == services.cluster else at),
    )


@router.get(
    "/activity",
    operation_id="listActivity",
    summary="List what happened",
    responses=answers({"items": [examples.ACTIVITY], "next_cursor": None}, 400, 503),
)
async def list_activity(
    services: Running,
    kind: Annotated[
        list[ActivityKind] | None, Query(description="any of these; default: all")
    ] = None,
    since: Annotated[Moment | None, Query(description="from this time on")] = None,
    until: Annotated[Moment | None, Query(description="up to this time")] = None,
    cluster: Cluster = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ActivityView]:
    """Newest first: what scans found, deeds on products, plans and recommendations, and alerts, as
    they were noted when they happened. Deeds are of no cluster and in the list of each."""
    page = await ActivityRepository(services.pool).list(
        cluster or services.cluster,
        kinds=kind,
        since=since,
        until=until,
        limit=limit,
        cursor=cursor,
    )
    return Page(items=tuple(map(activity_view, page.items)), next_cursor=page.next_cursor)
