"""Costs: what topics, products and teams cost in a month, and what could be saved."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from core.cost.sharing import CostBy
from server.console.entry import Entry
from server.console.period_query import SPANS, PeriodQuery, teams_of
from server.console.rendering import page
from server.costs.pages import CostPage
from server.costs.routes import list_costs, list_savings
from server.csv import TableFormat
from server.principal import Asker
from server.services import Running
from server.usage.scope import mine_of

router = APIRouter()

ENTRY = Entry("Costs", "/costs", "coin", 90)

_TABS = {
    "topic": "By topic",
    "product": "By product",
    "team": "By team",
    "savings": "What could be saved",
}


class CostForm(PeriodQuery):
    place: ClassVar[str] = "costs"
    by: Literal["topic", "product", "team", "savings"] = "topic"

    @property
    def table(self) -> str:
        """The address of the same as CSV, which is the API's."""
        period = self.period
        given = {"by": self.by, "team": self.team, "from": period.since, "to": period.until}
        known = {name: value for name, value in given.items() if value is not None}
        return f"/costs?{urlencode({**known, 'format': TableFormat.CSV.value})}"


@router.get("/costs")
async def costs(
    request: Request, services: Running, asker: Asker, form: Annotated[CostForm, Query()]
) -> HTMLResponse:
    mine, period = mine_of(asker), form.period
    found: CostPage | Response | object
    if form.by == "savings":
        found = saved = await list_savings(
            services, period, mine, team=form.team, cursor=form.cursor
        )
        following = saved.next_cursor
    else:
        found = listed = await list_costs(
            services,
            period,
            mine,
            TableFormat.JSON,
            by=CostBy(form.by),
            team=form.team,
            cursor=form.cursor,
        )
        following = listed.next_cursor if isinstance(listed, CostPage) else None
    return page(
        request,
        "pages/savings.html" if form.by == "savings" else "pages/costs.html",
        title="Costs",
        form=form,
        found=found,
        period=period,
        tabs=[(label, form.but(by=name), name == form.by) for name, label in _TABS.items()],
        spans=SPANS,
        teams=await teams_of(services, form.team),
        everything=asker.may_decide,
        more=form.after(following),
    )
