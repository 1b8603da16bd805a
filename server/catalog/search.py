"""POST /search: one search over managed and discovered sources."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from core.search import MAX_QUERY, SearchFilters, SearchQuery, SearchResult
from server.catalog.examples import SEARCH_ANSWER
from server.catalog.recommendation_views import RecommendationView, recommendation_view
from server.catalog.scored import scored_hits
from server.openapi import answers
from server.services import Running

router = APIRouter(tags=["search"])

_RECOMMENDED = 10


class SearchRequest(BaseModel):
    """What to look for; every filter that is given must hold."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"query": "supplier"},
                {"query": "customer e-mail", "limit": 5, "filters": {"kind": "managed"}},
            ]
        },
    )
    query: str = Field(
        description=f"words, a name or a field; at most {MAX_QUERY} characters",
        # Told here and checked by the search, whose errors say what to do.
        json_schema_extra={"minLength": 1, "maxLength": MAX_QUERY},
    )
    limit: int = Field(20, ge=1, le=100, description="hits over both lists together")
    cursor: str | None = Field(None, max_length=2000, description="next_cursor of the page before")
    filters: SearchFilters = SearchFilters()
    cluster: str | None = Field(None, max_length=200, description="null searches all clusters")


class SearchAnswer(SearchResult):
    """With what is recommended about the topics of this page, at most ten."""

    recommendations: tuple[RecommendationView, ...]


@router.post(
    "/search",
    operation_id="searchSources",
    summary="Search topics and data products",
    responses=answers(SEARCH_ANSWER, 400, 413, 415, 503),
)
async def search(request: SearchRequest, services: Running) -> SearchAnswer:
    """Best first, managed and discovered apart; each hit says why it is one. With them comes what
    is recommended about them, such as which of them are the same twice.

    Exact names come first, a topic's own and its data product's; typos and other spellings of a
    name are forgiven.
    """
    result = await services.search.search(
        SearchQuery(
            text=request.query.replace("\0", " "),
            limit=request.limit,
            cursor=request.cursor,
            filters=request.filters,
            cluster=request.cluster,
        )
    )
    hits = [hit.source for hit in (*result.managed, *result.discovered)]
    topics = [(source.cluster, source.name) for source in hits]
    found = await services.recommendations.about(topics, _RECOMMENDED)
    if request.cursor is None:
        at = request.cluster or services.cluster
        services.usage.tally.searched(at, request.query, found=bool(hits))
    managed, discovered = await scored_hits(services.quality, result.managed, result.discovered)
    return SearchAnswer(
        **{name: getattr(result, name) for name in SearchResult.model_fields}
        | {"managed": managed, "discovered": discovered},
        recommendations=tuple(recommendation_view(one) for one in found),
    )
