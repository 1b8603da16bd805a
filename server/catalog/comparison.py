"""/sources/{a}/comparison/{b}, related sources, and the analyses that find them."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from core.analysis import AnalysisRun
from core.source import SourceDetail
from server.catalog import examples
from server.catalog.comparison_views import ComparisonView, Family, Related, families_of, view
from server.catalog.sources import Cluster, Cursor, Limit, Name, Page
from server.openapi import answers
from server.principal import Writer
from server.services import Running, Services
from tools.db.cursor import read_cursor, write_cursor

router = APIRouter(tags=["comparison"])

AnalysisId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class AnalysisRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"whole": False}]})
    whole: StrictBool = Field(False, description="compare every source anew, not only changed ones")


@router.get(
    "/sources/{name}/comparison/{other}",
    operation_id="compareSources",
    summary="Compare two sources field by field",
    responses=answers(examples.COMPARISON, 404, 409, 503),
)
async def compare_sources(
    name: Name,
    other: Annotated[str, Path(min_length=1, max_length=249, examples=["supplier_data_raw"])],
    services: Running,
    cluster: Cluster = None,
) -> ComparisonView:
    """As they are now: which field is which, why and how sure, and what each side has alone."""
    return view(await services.comparer.compare(name, other, cluster or services.cluster))


@router.get(
    "/sources/{name}/related",
    operation_id="listRelatedSources",
    summary="Duplicates, overlaps and relatives of a source",
    responses=answers({"items": [examples.COMPARISON]}, 404, 503),
)
async def related_sources(name: Name, services: Running, cluster: Cluster = None) -> Related:
    """As the last analysis found them."""
    return await related_to(await services.sources.get(name, cluster or services.cluster), services)


async def related_to(source: SourceDetail, services: Services) -> Related:
    """Of a source that was read already."""
    found = await services.pairs.of_source(source.id)
    return Related(items=tuple(view(each) for each in found))


@router.get(
    "/families",
    operation_id="listFamilies",
    summary="Versions, environments, regions and dead letters of one topic",
    responses=answers({"items": [examples.FAMILY], "next_cursor": None}, 400, 503),
)
async def list_families(
    services: Running, cluster: Cluster = None, limit: Limit = 50, cursor: Cursor = None
) -> Page[Family]:
    """Told by their names; alike on purpose, so that none of them is called a duplicate."""
    (after,) = read_cursor(cursor, str)
    names = await services.sources.names(cluster or services.cluster)
    found = await asyncio.to_thread(families_of, names)
    rest = [family for family in found if after is None or family.stem > str(after)]
    more = len(rest) > limit
    return Page(
        items=tuple(rest[:limit]),
        next_cursor=write_cursor(rest[limit - 1].stem) if more else None,
    )


@router.post(
    "/analyses",
    operation_id="startAnalysis",
    summary="Compare the cluster's sources now",
    status_code=202,
    responses=answers(examples.ANALYSIS, 401, 403, 413, 415, 503, status=202),
)
async def start_analysis(
    services: Running,
    writer: Writer,
    response: Response,
    request: AnalysisRequest | None = None,
) -> AnalysisRun:
    """Queues an analysis; one that waits already and does as much is given back instead. Each scan
    is followed by one."""
    asked = request or AnalysisRequest()
    run = await services.analyzing.enqueue(writer.ref, whole=asked.whole)
    await services.audit.note(
        writer.ref, "analysis.start", f"analysis:{run.id}", {"whole": asked.whole}
    )
    response.headers["Location"] = f"/analyses/{run.id}"
    return run


@router.get(
    "/analyses",
    operation_id="listAnalyses",
    summary="List analyses",
    responses=answers({"items": [examples.ANALYSIS], "next_cursor": None}, 400, 503),
)
async def list_analyses(
    services: Running,
    cluster: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[AnalysisRun]:
    """Newest first."""
    page = await services.analyses.list(cluster or services.cluster, limit=limit, cursor=cursor)
    return Page(items=page.items, next_cursor=page.next_cursor)


@router.get(
    "/analyses/{analysis_id}",
    operation_id="getAnalysis",
    summary="How far an analysis got",
    responses=answers(examples.ANALYSIS, 404, 503),
)
async def get_analysis(analysis_id: AnalysisId, services: Running) -> AnalysisRun:
    """Counts of sources and pairs; `error` says why a failed one failed and what to do."""
    return await services.analyses.get(analysis_id)
