"""Usage: what is written and read by whom, what nobody uses, what was searched for in vain."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from core.usage.trend import daily
from core.usage.unused import UnusedKind
from server.console.entry import Entry
from server.console.period_query import SPANS, PeriodQuery, teams_of
from server.console.rendering import page
from server.principal import Asker
from server.services import Running
from server.usage.routes import list_searches, list_unused, list_usage
from server.usage.scope import all_of, mine_of

router = APIRouter()

ENTRY = Entry("Usage", "/usage", "chart", 80)


class View(StrEnum):
    SOURCES = "sources"
    UNUSED = "unused"
    SEARCHES = "searches"


_LABELS = {
    View.SOURCES: "By source",
    View.UNUSED: "Used by nobody",
    View.SEARCHES: "Searched for in vain",
}


class UsageForm(PeriodQuery):
    place: ClassVar[str] = "usage"
    view: View = View.SOURCES
    kind: UnusedKind | None = None


@router.get("/usage")
async def usage(
    request: Request, services: Running, asker: Asker, form: Annotated[UsageForm, Query()]
) -> HTMLResponse:
    views = [view for view in View if view is not View.SEARCHES or asker.may_decide]
    # An address with searches in it may be opened by somebody who may not see them.
    found = await _found(services, asker, form)
    return page(
        request,
        f"pages/usage_{form.view}.html",
        title="Usage",
        form=form,
        found=found,
        period=form.period,
        tabs=[(_LABELS[each], form.but(view=each, kind=None), each is form.view) for each in views],
        spans=SPANS,
        teams=await teams_of(services, form.team),
        everything=asker.may_decide,
        daily=daily,
        more=form.after(found.next_cursor),
    )


async def _found(services: Running, asker: Asker, form: UsageForm) -> Any:
    period, mine = form.period, mine_of(asker)
    match form.view:
        case View.SOURCES:
            return await list_usage(
                services, period, mine, team=form.team, limit=50, cursor=form.cursor
            )
        case View.UNUSED:
            return await list_unused(
                services, period, mine, kind=form.kind, team=form.team, cursor=form.cursor
            )
        case View.SEARCHES:
            return await list_searches(
                services, period, all_of(asker), nothing_found=True, cursor=form.cursor
            )
