"""POST /sources/{name}/promote: make a discovered topic a managed product, by approval."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Response

from core.promotion import PromotionRequest
from server.approvals import examples
from server.approvals.desk import AtDesk
from server.approvals.views import ApprovalView
from server.catalog.sources import Cluster, Name
from server.openapi import answers
from server.principal import Writer
from server.services import Running

router = APIRouter(tags=["sources"])

_REQUEST: dict[str, Any] = {
    "owner": "procurement",
    "product_name": "Supplier events",
    "description": "Everything that happens to our suppliers.",
}


@router.post(
    "/sources/{name}/promote",
    operation_id="promoteSource",
    summary="Plan a product from a discovered topic",
    status_code=202,
    responses=answers(examples.APPROVAL, 401, 403, 404, 409, 413, 415, 503, status=202),
)
async def promote(
    name: Name,
    request: Annotated[PromotionRequest, Body(examples=[_REQUEST])],
    services: Running,
    desk: AtDesk,
    writer: Writer,
    response: Response,
    cluster: Cluster = None,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255)] = None,
) -> ApprovalView:
    """The plan waits for a decision; until then, and on the topic itself, nothing changes.

    Its schema is the registered one, or else the inferred one; contract and rules come from what
    the scans have seen. The same Idempotency-Key gives the same approval again.
    """
    approval = await services.promotions.promote(
        name, cluster or services.cluster, request, writer.ref, idempotency_key
    )
    response.headers["Location"] = f"/approvals/{approval.id}"
    return await desk.view(approval)
