"""/consolidations/{id}/bridge: have the server carry the old topics into the unified one."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from core.approval import Approval, ApprovalStatus
from core.consolidation import Consolidation
from server.approvals.desk import AtDesk, Desk
from server.catalog.consolidations import Id
from server.openapi import answers
from server.principal import Writer, require_owner
from server.services import Running
from server.workers.bridging import NotProvisionedError
from tools.db.bridges import BridgeState

router = APIRouter(tags=["consolidation"])

_BRIDGE: dict[str, Any] = {
    "consolidation_id": "con-0123456789ab",
    "wanted": True,
    "asked_by": "user:default/jane",
    "asked_at": "2026-01-02T04:00:02Z",
    "running": True,
    "progress": {
        "carried": 4331,
        "rejected": 69,
        "tombstones": 0,
        "transactions": 3,
        "lag": 0,
        "seconds": 12.5,
    },
    "told_at": "2026-01-02T04:00:20Z",
    "error": None,
}


@router.get(
    "/consolidations/{consolidation_id}/bridge",
    operation_id="getBridge",
    summary="What the server's bridge does",
    responses=answers(_BRIDGE, 404, 503),
)
async def get_bridge(consolidation_id: Id, services: Running) -> BridgeState:
    """What it carried since its process began, how far it lags behind, and why it does not run."""
    await services.worked_out.get(consolidation_id)
    return await services.bridges.get(consolidation_id)


@router.post(
    "/consolidations/{consolidation_id}/bridge/start",
    operation_id="startBridge",
    summary="Have the server carry the old topics over",
    status_code=202,
    responses=answers(_BRIDGE, 401, 403, 404, 409, 503, status=202),
)
async def start(
    consolidation_id: Id, services: Running, desk: AtDesk, writer: Writer
) -> BridgeState:
    """It runs until it is stopped, also after a restart, each message once. Its unified topic must
    be an active product."""
    made = await services.worked_out.get(consolidation_id)
    approval = await _approval(made, desk)
    if approval is not None:
        require_owner(writer, approval.plan.product.owner)
    if approval is None or approval.status is not ApprovalStatus.ACTIVE:
        raise NotProvisionedError(made)
    return await services.bridges.want(consolidation_id, True, writer.ref)


@router.post(
    "/consolidations/{consolidation_id}/bridge/stop",
    operation_id="stopBridge",
    summary="Have the server carry no more",
    status_code=202,
    responses=answers({**_BRIDGE, "wanted": False}, 401, 403, 404, 503, status=202),
)
async def stop(
    consolidation_id: Id, services: Running, desk: AtDesk, writer: Writer
) -> BridgeState:
    """What was carried stays; started again it goes on where it stopped."""
    approval = await _approval(await services.worked_out.get(consolidation_id), desk)
    if approval is not None:
        require_owner(writer, approval.plan.product.owner)
    await services.bridges.get(consolidation_id)
    return await services.bridges.want(consolidation_id, False, writer.ref)


async def _approval(made: Consolidation, desk: Desk) -> Approval | None:
    return None if made.approval_id is None else await desk.approvals.get(made.approval_id)
