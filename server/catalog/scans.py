"""/scans: have the cluster scanned now, and see how far it got."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from sse_starlette import EventSourceResponse

from core.scan import ScanRun
from server.catalog import examples
from server.catalog.sources import Cursor, Limit, Page
from server.event_stream import MEDIA_TYPE, event_stream
from server.openapi import answers
from server.principal import Writer
from server.services import Running, Services

router = APIRouter(tags=["scans"])

OPERATION = "startScan"
_LOOK_SECONDS = 0.5

ScanId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class ScanRequest(BaseModel):
    """A scan has no options yet: it goes through all topics and reads those that moved."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{}]})


@router.post(
    "/scans",
    operation_id=OPERATION,
    summary="Scan the cluster now",
    status_code=202,
    responses=answers(examples.SCAN, 401, 403, 413, 415, 503, status=202),
)
async def start_scan(
    services: Running,
    writer: Writer,
    response: Response,
    request: ScanRequest | None = None,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255)] = None,
) -> ScanRun:
    """Queues a scan; one that waits already is given back instead, since it will see it all.

    The same Idempotency-Key gives the same scan again, also after it ended.
    """
    run = await _once(services, writer.ref, idempotency_key)
    response.headers["Location"] = f"/scans/{run.id}"
    return run


async def _once(services: Services, by: str, key: str | None) -> ScanRun:
    kept = None if key is None else await services.idempotency.find(OPERATION, key)
    if kept is not None:
        return await services.scans.get(int(kept))
    run = await services.discovery.enqueue_scan(by)
    await services.audit.note(by, "scan.start", f"scan:{run.id}")
    if key is None:
        return run
    kept = await services.idempotency.keep(OPERATION, key, str(run.id))
    return await services.scans.get(int(kept))


@router.get(
    "/scans",
    operation_id="listScans",
    summary="List scans",
    responses=answers({"items": [examples.SCAN], "next_cursor": None}, 400, 503),
)
async def list_scans(
    services: Running,
    cluster: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ScanRun]:
    """Newest first."""
    page = await services.scans.list(cluster or services.cluster, limit=limit, cursor=cursor)
    return Page(items=page.items, next_cursor=page.next_cursor)


@router.get(
    "/scans/{scan_id}",
    operation_id="getScan",
    summary="How far a scan got",
    responses=answers(examples.SCAN, 404, 503),
)
async def get_scan(scan_id: ScanId, services: Running) -> ScanRun:
    """Counts of topics; `error` says why a failed scan failed and what to do."""
    return await services.scans.get(scan_id)


@router.get(
    "/scans/{scan_id}/events",
    operation_id="watchScan",
    summary="Watch a scan as server-sent events",
    response_class=EventSourceResponse,
    responses=answers(
        'event: progress\ndata: {"id":4,"status":"running", ...}\n\n',
        404,
        503,
        media_type=MEDIA_TYPE,
    ),
)
async def watch_scan(scan_id: ScanId, request: Request, services: Running) -> EventSourceResponse:
    """A `progress` event whenever the scan got further, then `done` or `failed`."""
    await services.scans.get(scan_id)
    return event_stream(request, _events(services, scan_id))


async def _events(services: Services, scan_id: int) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    told: ScanRun | None = None
    while told is None or not told.ended:
        run = await services.scans.get(scan_id)
        if run != told:
            name = run.status.value if run.ended else "progress"
            yield name, run.model_dump(mode="json")
            told = run
            continue
        await asyncio.sleep(_LOOK_SECONDS)
