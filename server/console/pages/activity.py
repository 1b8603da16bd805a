"""What happened, newest first."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from core.activity import ActivityKind
from server.console.address import at
from server.console.pages.dashboard import about
from server.console.query import PageQuery
from server.console.rendering import page
from server.dashboard.routes import Moment, list_activity
from server.services import Running

router = APIRouter()


class ActivityForm(PageQuery):
    kind: ActivityKind | None = None
    since: Moment | None = None
    until: Moment | None = None
    cluster: str | None = Field(None, max_length=200)
    cursor: str | None = Field(None, max_length=2_000)


@router.get("/activity")
async def activity(
    request: Request, services: Running, form: Annotated[ActivityForm, Query()]
) -> HTMLResponse:
    found = await list_activity(
        services,
        kind=None if form.kind is None else [form.kind],
        since=form.since,
        until=form.until,
        cluster=form.cluster,
        cursor=form.cursor,
    )
    more = {**form.given, "cursor": found.next_cursor}
    return page(
        request,
        "pages/activity.html",
        title="Activity",
        found=found.items,
        form=form,
        kinds=list(ActivityKind),
        about=about,
        more=at("activity", **more) if found.next_cursor else None,
        first=at("activity", **form.given) if form.cursor else None,
    )
