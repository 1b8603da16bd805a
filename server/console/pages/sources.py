"""All sources: filtered, sorted, a page at a time."""

from __future__ import annotations

from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from core.recommendations.recommendation import RecommendationKind
from core.source import SourceSort, SourceStatus
from server.catalog.sources import SourceListQuery, list_sources
from server.console.entry import Entry
from server.console.figures import percent
from server.console.rendering import page
from server.console.source_query import SourceQuery
from server.services import Running

router = APIRouter()

ENTRY = Entry("Sources", "/sources", "sources", 10)

_ROWS = 50

_SORTS = {
    SourceSort.NAME: "Name",
    SourceSort.MESSAGES: "Most messages",
    SourceSort.FIELDS: "Most fields",
    SourceSort.NEWEST: "Newest",
}


class SourcesForm(SourceQuery):
    """The page's address."""

    place: ClassVar[str] = "sources"
    status: SourceStatus | None = None
    recommended: RecommendationKind | None = None
    scored: bool | None = None
    score_below: float | None = Field(None, gt=0, le=1)
    sort: SourceSort = SourceSort.NAME

    @property
    def narrowed(self) -> tuple[tuple[str, str], ...]:
        """What figures of the dashboard lead here by: each filter with what it says."""
        kind, scored, below = self.recommended, self.scored, self.score_below
        said = {
            "recommended": kind and f"recommended: {kind.value.replace('_', ' ')}",
            "scored": None if scored is None else "with a score" if scored else "without a score",
            "score_below": None if below is None else f"score below {percent(below)}",
        }
        return tuple((name, text) for name, text in said.items() if text)


@router.get("/sources")
async def sources(
    request: Request, services: Running, form: Annotated[SourcesForm, Query()]
) -> HTMLResponse:
    query = SourceListQuery(**form.given, limit=_ROWS, cursor=form.cursor)
    found = await list_sources(services, query)
    words = await services.facets.vocabulary(services.cluster)
    uncounted = form.status or form.narrowed
    total = None if uncounted else await services.facets.count(form.filters, services.cluster)
    return page(
        request,
        "pages/sources.html",
        title="Sources",
        form=form,
        found=found,
        total=total,
        sorts=_SORTS,
        facets=form.facets(words),
        more=form.after(found.next_cursor),
    )
