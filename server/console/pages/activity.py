"""What happened, newest first."""

from __future__ import annotations

from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from core.activity import ActivityKind
from server.console.pages.dashboard import about
from server.console.query import PageQuery
from server.console.rendering import page
from server.dashboard.routes import Moment, list_activity
from server.services import Running

router = APIRouter()


class ActivityForm(PageQuery):
    place: ClassVar[str] = "activity"
    kind: ActivityKind | None = None
    since: Moment | None = None
    until: Moment | None = None
    cluster: str | None = Field(None, max_length=200)


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
    return page(
        request,
        "pages/activity.html",
        title="Activity",
        found=found.items,
        form=form,
        kinds=list(ActivityKind),
        about=about,
        more=form.after(found.next_cursor),
    )
