"""/consolidations: several sources as one, worked out and proved, and taken to approval."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Path, Query, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, ConfigDict, Field

from core.consolidation import Consolidation
from core.consolidation_plan import ConsolidationRequest
from server.approvals import examples as approval_examples
from server.approvals.desk import AtDesk
from server.approvals.views import ApprovalView
from server.catalog import examples
from server.catalog.sources import Cluster, Cursor, Limit, Page
from server.openapi import answers
from server.principal import Writer
from server.services import Running
from tools.consolidation.consolidator import MOST

router = APIRouter(tags=["consolidation"])

Id = Annotated[str, Path(pattern=r"^con-[0-9a-f]{12}$", examples=["con-0123456789ab"])]
Name = Annotated[str, Field(min_length=1, max_length=249)]

_PROPOSAL: dict[str, Any] = {"owner": "procurement", "product_name": "Suppliers"}


class SourcesToUnify(BaseModel):
    """`topic` is what the unified topic shall be called; by default the convention tells."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"sources": ["supplier-events", "supplier_data_raw"]}]},
    )
    sources: tuple[Name, ...] = Field(min_length=2, max_length=MOST)
    topic: str | None = Field(None, pattern=r"^[A-Za-z0-9._-]{1,200}$")


@router.post(
    "/consolidations",
    operation_id="consolidate",
    summary="Work out one schema for several sources, and prove it",
    status_code=201,
    responses=answers(examples.CONSOLIDATION, 401, 403, 404, 409, 413, 415, 503, status=201),
)
async def consolidate(
    request: SourcesToUnify,
    services: Running,
    writer: Writer,
    response: Response,
    cluster: Cluster = None,
) -> Consolidation:
    """What the sources are now, the unified schema with where each field comes from, a mapping per
    source, how many real messages come through it, and the way there. Nothing is changed."""
    made = await services.consolidations.work_out(
        request.sources, cluster or services.cluster, writer.ref, request.topic
    )
    response.headers["Location"] = f"/consolidations/{made.id}"
    return made


@router.get(
    "/consolidations",
    operation_id="listConsolidations",
    summary="List consolidations",
    responses=answers({"items": [examples.CONSOLIDATION], "next_cursor": None}, 400, 503),
)
async def list_consolidations(
    services: Running,
    in_progress: Annotated[
        bool | None,
        Query(description="whether its plan waits or is carried out, or its bridge is to run"),
    ] = None,
    cluster: Cluster = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[Consolidation]:
    """Newest first."""
    page = await services.worked_out.list(
        cluster or services.cluster, in_progress=in_progress, limit=limit, cursor=cursor
    )
    return Page(items=page.items, next_cursor=page.next_cursor)


@router.get(
    "/consolidations/{consolidation_id}",
    operation_id="getConsolidation",
    summary="One consolidation",
    responses=answers(examples.CONSOLIDATION, 404, 503),
)
async def get_consolidation(consolidation_id: Id, services: Running) -> Consolidation:
    """As it was worked out; `approval_id` is of the plan that was made of it last."""
    return await services.worked_out.get(consolidation_id)


@router.get(
    "/consolidations/{consolidation_id}/flink.sql",
    operation_id="exportConsolidationAsFlinkSql",
    summary="The same mappings as Flink SQL",
    response_class=PlainTextResponse,
    responses=answers("CREATE TABLE ...", 404, 503, media_type="text/plain"),
)
async def flink(consolidation_id: Id, services: Running) -> PlainTextResponse:
    """Source and sink tables with a statement set, for those who run it on a cluster instead of
    `headwater bridge`."""
    return PlainTextResponse(await services.consolidations.flink(consolidation_id))


@router.post(
    "/consolidations/{consolidation_id}/approve-request",
    operation_id="proposeConsolidation",
    summary="Ask for the unified product",
    status_code=202,
    responses=answers(approval_examples.APPROVAL, 401, 403, 404, 409, 413, 415, 503, status=202),
)
async def propose(
    consolidation_id: Id,
    request: Annotated[ConsolidationRequest, Body(examples=[_PROPOSAL])],
    services: Running,
    desk: AtDesk,
    writer: Writer,
    response: Response,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255)] = None,
) -> ApprovalView:
    """The plan waits for a decision: topic, schema, product and rules beside the old topics. The
    same Idempotency-Key gives the same approval again."""
    approval = await services.consolidations.propose(
        consolidation_id, request, writer.ref, idempotency_key
    )
    response.headers["Location"] = f"/approvals/{approval.id}"
    return await desk.view(approval)
