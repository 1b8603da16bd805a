"""/recommendations: what to do about the cluster's topics, and what people decided on it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from core.generation import SAYS_SOMETHING
from core.recommendations.recommendation import RecommendationKind, RecommendationStatus
from server.catalog import examples
from server.catalog.recommendation_views import RecommendationView, recommendation_view
from server.catalog.sources import Cluster, Cursor, Limit, Page
from server.openapi import answers
from server.ownership import require_advised
from server.principal import Writer
from server.services import Running

router = APIRouter(tags=["recommendations"])

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]

_PROBLEMS = (401, 403, 404, 409, 413, 415, 503)


class Acceptance(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{}]})
    comment: str | None = Field(None, max_length=2_000)


class Dismissal(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "They are kept apart by law."}]}
    )
    reason: str = Field(min_length=1, max_length=2_000, pattern=SAYS_SOMETHING)


@router.get(
    "/recommendations",
    operation_id="listRecommendations",
    summary="List what to do about the topics",
    responses=answers({"items": [examples.RECOMMENDATION], "next_cursor": None}, 400, 503),
)
async def list_recommendations(
    services: Running,
    status: Annotated[RecommendationStatus | None, Query(description="default: all")] = None,
    kind: RecommendationKind | None = None,
    source: Annotated[str | None, Query(max_length=249, description="about this topic")] = None,
    cluster: Cluster = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[RecommendationView]:
    """Each with evidence, benefit, effort and risk, all measured; what is the same twice first."""
    page = await services.recommendations.list(
        cluster or services.cluster,
        status=status,
        kind=kind,
        source=source,
        limit=limit,
        cursor=cursor,
    )
    items = tuple(recommendation_view(found) for found in page.items)
    return Page(items=items, next_cursor=page.next_cursor)


@router.get(
    "/recommendations/{recommendation_id}",
    operation_id="getRecommendation",
    summary="One recommendation",
    responses=answers(examples.RECOMMENDATION, 404, 503),
)
async def get_recommendation(recommendation_id: Id, services: Running) -> RecommendationView:
    """With what can be done about it."""
    return recommendation_view(await services.recommendations.get(recommendation_id))


@router.post(
    "/recommendations/{recommendation_id}/accept",
    operation_id="acceptRecommendation",
    summary="Mean to do it",
    responses=answers({**examples.RECOMMENDATION, "status": "accepted"}, *_PROBLEMS),
)
async def accept(
    recommendation_id: Id, services: Running, writer: Writer, request: Acceptance | None = None
) -> RecommendationView:
    """It stays accepted until what it is about is no longer so: then it is done."""
    await require_advised(services, writer, recommendation_id)
    comment = None if request is None else request.comment
    found = await services.recommendations.decide(
        recommendation_id, RecommendationStatus.ACCEPTED, writer.ref, _clean(comment)
    )
    return recommendation_view(found)


@router.post(
    "/recommendations/{recommendation_id}/dismiss",
    operation_id="dismissRecommendation",
    summary="Decide against it",
    responses=answers({**examples.RECOMMENDATION, "status": "dismissed"}, *_PROBLEMS),
)
async def dismiss(
    recommendation_id: Id, request: Dismissal, services: Running, writer: Writer
) -> RecommendationView:
    """It does not come back while its facts are the same."""
    await require_advised(services, writer, recommendation_id)
    found = await services.recommendations.decide(
        recommendation_id, RecommendationStatus.DISMISSED, writer.ref, _clean(request.reason)
    )
    return recommendation_view(found)


def _clean(text: str | None) -> str | None:
    """Postgres keeps no null characters."""
    return None if text is None else text.replace("\0", " ").strip()
