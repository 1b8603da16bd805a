"""All sources: filtered, sorted, a page at a time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from core.search import SearchFilters
from core.source import SourceKind, SourceSort, SourceStatus
from server.catalog.sources import SourceListQuery, list_sources
from server.console.address import at
from server.console.entry import Entry
from server.console.facet import facets_of
from server.console.query import PageQuery
from server.console.rendering import page
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


class SourcesForm(PageQuery):
    """The page's address."""

    kind: SourceKind | None = None
    status: SourceStatus | None = None
    domain: str | None = Field(None, max_length=300)
    format: str | None = Field(None, max_length=50)
    owner: str | None = Field(None, max_length=300)
    tag: str | None = Field(None, max_length=300)
    has_schema: bool | None = None
    has_owner: bool | None = None
    sort: SourceSort = SourceSort.NAME
    cursor: str | None = Field(None, max_length=2_000)

    def but(self, **changed: object) -> str:
        """The address with these parts changed, at its first page."""
        return at("sources", **{**self.given, **changed})


@router.get("/sources")
async def sources(
    request: Request, services: Running, form: Annotated[SourcesForm, Query()]
) -> HTMLResponse:
    query = SourceListQuery(**form.given, limit=_ROWS, cursor=form.cursor)
    found = await list_sources(services, query)
    words = await services.facets.vocabulary(services.cluster)
    filters = SearchFilters(**form.model_dump(include=set(SearchFilters.model_fields)))
    total = None if form.status else await services.facets.count(filters, services.cluster)
    return page(
        request,
        "pages/sources.html",
        title="Sources",
        form=form,
        found=found,
        total=total,
        sorts=_SORTS,
        facets=tuple(each.chosen(getattr(form, each.name)) for each in facets_of(words)),
        more=form.but(cursor=found.next_cursor) if found.next_cursor else None,
    )
