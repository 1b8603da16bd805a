"""/sources/{name}/quality and /quality: what watchers counted, as scores."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from core.quality.score import Score
from core.quality.summary import LiveQuality, QualitySummary
from core.source import SourceDetail, SourceKind
from server.catalog import examples
from server.catalog.sources import Cluster, Name
from server.openapi import answers
from server.services import Running, Services

router = APIRouter(tags=["quality"])

Hours = Annotated[
    int, Query(ge=1, le=24 * 30, description="how long a stretch, which ends now", examples=[24])
]


class Watched(BaseModel):
    """All sources that are watched, by name."""

    model_config = ConfigDict(frozen=True)
    items: tuple[QualitySummary, ...]


class Live(BaseModel):
    """All sources that are counted, by name."""

    model_config = ConfigDict(frozen=True)
    items: tuple[LiveQuality, ...]


@router.get(
    "/sources/{name}/quality",
    operation_id="getSourceQuality",
    summary="The quality of one source",
    responses=answers(examples.QUALITY, 404, 503),
)
async def get_quality(
    name: Name, services: Running, hours: Hours = 24, cluster: Cluster = None
) -> Score:
    """Counted record by record: the score with its dimensions, its rules with some of the records
    that broke them (partition, offset, the redacted shape of the value), and its history by minute
    and hour. `basis` says whose rules they are."""
    return await score_of(
        await services.sources.get(name, cluster or services.cluster), services, hours
    )


async def score_of(source: SourceDetail, services: Services, hours: int) -> Score:
    """Of a source that was read already."""
    found = source.summary
    return await services.quality.score(
        found.name,
        found.cluster,
        schema=source.schema,
        managed=found.kind is SourceKind.MANAGED,
        span=timedelta(hours=hours),
    )


@router.get(
    "/quality",
    operation_id="listQuality",
    summary="The quality of all sources that are watched",
    responses=answers({"items": [examples.QUALITY_SUMMARY]}, 503),
)
async def list_quality(services: Running, cluster: Cluster = None) -> Watched:
    """Scores of the last 24 hours, with those of the 24 hours before, by name."""
    found = await services.quality.summaries(cluster or services.cluster)
    return Watched(items=tuple(found.values()))


@router.get(
    "/quality/live",
    operation_id="listLiveQuality",
    summary="What is counted now, of all sources",
    responses=answers({"items": [examples.LIVE_QUALITY]}, 503),
)
async def list_live_quality(services: Running, cluster: Cluster = None) -> Live:
    """Cheap enough to be asked every other second: scores of the last five minutes, records per
    second, lag, the last half hour in slices, and how many alerts stand."""
    at = cluster or services.cluster
    found = await services.quality.live(at)
    standing = await services.alerts.standing_counts(at)
    return Live(
        items=tuple(
            each.model_copy(update={"alerts": standing.get(each.source, 0)})
            for each in found.values()
        )
    )
