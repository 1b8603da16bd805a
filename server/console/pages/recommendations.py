"""What to do about the topics, with its evidence; accepted or dismissed here."""

from __future__ import annotations

from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field

from core.recommendations.recommendation import RecommendationKind, RecommendationStatus
from server.catalog.recommendations import (
    Acceptance,
    Dismissal,
    Id,
    accept,
    dismiss,
    get_recommendation,
    list_recommendations,
)
from server.console.address import at
from server.console.entry import Entry
from server.console.form import Posted, filled, see_other
from server.console.query import PageQuery
from server.console.rendering import page
from server.principal import Writer
from server.services import Running

router = APIRouter()

ENTRY = Entry("Recommendations", "/recommendations", "idea", 20)

_ROWS = 24


class RecommendationsForm(PageQuery):
    """The page's address; without a status, those that are open. `all` is every one."""

    place: ClassVar[str] = "recommendations"
    status: str = Field(RecommendationStatus.OPEN, pattern="^(open|accepted|dismissed|done|all)$")
    kind: RecommendationKind | None = None
    source: str | None = Field(None, max_length=249)


@router.get("/recommendations")
async def recommendations(
    request: Request, services: Running, form: Annotated[RecommendationsForm, Query()]
) -> HTMLResponse:
    found = await list_recommendations(
        services,
        status=None if form.status == "all" else RecommendationStatus(form.status),
        kind=form.kind,
        source=form.source,
        limit=_ROWS,
        cursor=form.cursor,
    )
    return page(
        request,
        "pages/recommendations.html",
        title="Recommendations",
        form=form,
        found=found,
        kinds=tuple(RecommendationKind),
        statuses=(*RecommendationStatus, "all"),
        more=form.after(found.next_cursor),
    )


@router.get("/recommendations/{recommendation_id}")
async def recommendation(
    request: Request, recommendation_id: Id, services: Running
) -> HTMLResponse:
    found = await get_recommendation(recommendation_id, services)
    return page(request, "pages/recommendation.html", title=found.proposal.title, found=found)


@router.post("/recommendations/{recommendation_id}/accept")
async def accepted(
    recommendation_id: Id, services: Running, writer: Writer, form: Posted
) -> RedirectResponse:
    comment = filled(Acceptance, comment=form.maybe("comment"))
    await accept(recommendation_id, services, writer, comment)
    return see_other(at("recommendations", recommendation_id), "Accepted.")


@router.post("/recommendations/{recommendation_id}/dismiss")
async def dismissed(
    recommendation_id: Id, services: Running, writer: Writer, form: Posted
) -> RedirectResponse:
    reason = filled(Dismissal, reason=form.text("reason"))
    await dismiss(recommendation_id, reason, services, writer)
    said = "Dismissed. It comes back only when its facts change."
    return see_other(at("recommendations", recommendation_id), said)
