"""Search results: managed and discovered apart, why each matched, and what is recommended."""

from __future__ import annotations

from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field

from server.catalog.search import SearchAnswer, SearchRequest
from server.catalog.search import search as search_sources
from server.console.address import at
from server.console.form import see_other
from server.console.highlight import words_of
from server.console.rendering import page
from server.console.source_query import SourceQuery
from server.services import Running

router = APIRouter()

_HITS = 20


class SearchForm(SourceQuery):
    place: ClassVar[str] = "search"
    q: str = Field("", max_length=2_000)


@router.get("/search")
async def search(
    request: Request, services: Running, form: Annotated[SearchForm, Query()]
) -> Response:
    if not form.q.strip():
        return see_other(at("sources", **form.given))
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
        facets=form.facets(words),
        groups=_groups(found),
        marked=words_of(form.q),
        more=form.after(found.next_cursor),
    )


def _groups(found: SearchAnswer) -> tuple[tuple[str, str, tuple[object, ...]], ...]:
    return (
        ("managed", "Data products", found.managed),
        ("discovered", "Discovered topics", found.discovered),
    )
