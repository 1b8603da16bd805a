"""Search results: managed and discovered apart, why each matched, and what is recommended."""

from __future__ import annotations

from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field

from core.search import SearchFilters
from core.source import SourceKind
from server.catalog.search import SearchAnswer, SearchRequest
from server.catalog.search import search as search_sources
from server.console.address import at
from server.console.facet import Facet, facets_of
from server.console.highlight import words_of
from server.console.query import PageQuery
from server.console.rendering import page
from server.services import Running

router = APIRouter()

_HITS = 20


class SearchForm(PageQuery):
    place: ClassVar[str] = "search"
    q: str = Field("", max_length=2_000)
    kind: SourceKind | None = None
    domain: str | None = Field(None, max_length=300)
    format: str | None = Field(None, max_length=50)
    owner: str | None = Field(None, max_length=300)
    tag: str | None = Field(None, max_length=300)
    has_schema: bool | None = None
    has_owner: bool | None = None

    @property
    def filters(self) -> SearchFilters:
        return SearchFilters(**self.model_dump(include=set(SearchFilters.model_fields)))


@router.get("/search")
async def search(
    request: Request, services: Running, form: Annotated[SearchForm, Query()]
) -> Response:
    if not form.q.strip():
        return RedirectResponse(at("sources", **form.given), 303)
    asked = SearchRequest(
        query=form.q,
        limit=_HITS,
        cursor=form.cursor,
        filters=form.filters,
        cluster=services.cluster,
    )
    found = await search_sources(asked, services)
    words = await services.facets.vocabulary(services.cluster)
    return page(
        request,
        "pages/search.html",
        title=f"{form.q[:60]} - Search",
        query=form.q,
        form=form,
        found=found,
        facets=_facets(form, facets_of(words)),
        groups=_groups(found),
        marked=words_of(form.q),
        more=form.after(found.next_cursor),
    )


def _facets(form: SearchForm, known: tuple[Facet, ...]) -> tuple[Facet, ...]:
    """With what is chosen, even where no present source has it."""
    return tuple(facet.chosen(getattr(form, facet.name)) for facet in known)


def _groups(found: SearchAnswer) -> tuple[tuple[str, str, tuple[object, ...]], ...]:
    return (
        ("managed", "Data products", found.managed),
        ("discovered", "Discovered topics", found.discovered),
    )
