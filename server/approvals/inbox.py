"""/approvals: what waits for a person, and the decision on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from core.approval import ApprovalStatus
from core.plan import PlanKind
from server.approvals import examples
from server.approvals.desk import AtDesk
from server.approvals.said import ONLY_MODIFY, Said
from server.approvals.views import (
    ApprovalSummary,
    ApprovalView,
    CallbackView,
    summary_view,
)
from server.catalog.sources import Cursor, Limit, Page
from server.home import home_of
from server.openapi import answers
from server.principal import Asker, Decider, Reference, Writer

router = APIRouter(tags=["approvals"])

ApprovalId = Annotated[str, Path(min_length=1, max_length=64, examples=["apr-3f9a1c2b7d4e"])]

_MAX_HOURS = 24 * 30


class DecisionRequest(Said):
    """With `plan_hash` nothing is decided on another plan than the one that was looked at."""

    model_config = ConfigDict(
        json_schema_extra={
            **ONLY_MODIFY,
            "examples": [
                {"decision": "approve", "comment": "as discussed"},
                {
                    "decision": "modify",
                    "comment": "twelve will do",
                    "changes": {"topic.partitions": 12, "product.tags": ["fraud"]},
                },
            ],
        },
    )
    plan_hash: str | None = Field(None, pattern="^[0-9a-f]{64}$")


class RevisionRequest(BaseModel):
    """Values by their paths in the plan. With `plan_hash` no other plan is changed than the one
    that was looked at."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"changes": {"topic.partitions": 12}}]},
    )
    changes: dict[str, Any] = Field(min_length=1)
    plan_hash: str | None = Field(None, pattern="^[0-9a-f]{64}$")


class CallbackRequest(BaseModel):
    """Both may be left out: a day, and any approver."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"hours": 8, "decider": "user:default/jane"}, {}]},
    )
    hours: float = Field(24, gt=0, le=_MAX_HOURS)
    decider: Reference | None = Field(None, description="the only one who may use it")


@router.get(
    "/approvals",
    operation_id="listApprovals",
    summary="List approvals",
    responses=answers({"items": [examples.SUMMARY], "next_cursor": None}, 400, 401, 503),
)
async def list_approvals(
    desk: AtDesk,
    asker: Asker,
    status: Annotated[ApprovalStatus | None, Query(description="default: all")] = None,
    kind: Annotated[PlanKind | None, Query(description="default: all")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ApprovalSummary]:
    """Newest first."""
    page = await desk.approvals.list(status, kind=kind, limit=limit, cursor=cursor)
    items = tuple(summary_view(approval) for approval in page.items)
    return Page(items=items, next_cursor=page.next_cursor)


@router.get(
    "/approvals/{approval_id}",
    operation_id="getApproval",
    summary="What would be approved, and how carrying it out went",
    responses=answers(examples.APPROVAL, 401, 404, 503),
)
async def get_approval(approval_id: ApprovalId, desk: AtDesk, asker: Asker) -> ApprovalView:
    """The plan, what it changes of what exists, its cost, what to think of, and each step."""
    return await desk.view(await desk.approvals.get(approval_id))


@router.post(
    "/approvals/{approval_id}/decision",
    operation_id="decideApproval",
    summary="Approve, reject or modify a plan",
    responses=answers(examples.DECIDED, 401, 403, 404, 409, 410, 413, 415, 503),
)
async def decide(
    approval_id: ApprovalId, asked: DecisionRequest, desk: AtDesk, decider: Decider
) -> ApprovalView:
    """Decides once; the same decision again gives the same answer, a contrary one 409.

    The requester of a plan cannot approve or modify it, unless the policy says so. Carrying out an
    approved plan begins at once: GET the approval to watch its steps.
    """
    decided = await desk.gate.decide(
        approval_id,
        decider,
        asked.decision,
        asked.comment,
        asked.changes,
        plan_hash=asked.plan_hash,
    )
    return await desk.view(decided)


@router.post(
    "/approvals/{approval_id}/revise",
    operation_id="reviseApproval",
    summary="Change one's own plan while it waits",
    responses=answers(examples.APPROVAL, 401, 403, 404, 409, 410, 413, 415, 503),
)
async def revise(
    approval_id: ApprovalId, asked: RevisionRequest, desk: AtDesk, writer: Writer
) -> ApprovalView:
    """For whoever asked for it. It is checked and priced again, has another hash, and still waits
    for its decision. The paths are those that a decision to modify takes."""
    revised = await desk.gate.revise(approval_id, writer, asked.changes, asked.plan_hash)
    return await desk.view(revised)


@router.post(
    "/approvals/{approval_id}/callbacks",
    operation_id="createApprovalCallback",
    summary="Make a signed link for one decision",
    status_code=201,
    responses=answers(examples.CALLBACK, 401, 403, 404, 409, 410, 413, 415, 503, status=201),
)
async def create_callback(
    approval_id: ApprovalId,
    desk: AtDesk,
    decider: Decider,
    request: Request,
    asked: CallbackRequest | None = None,
) -> CallbackView:
    """For tools that have no account here: good once, for this plan, until it expires.

    Only whoever could approve the plan may have one made.
    """
    wanted = asked or CallbackRequest()
    lifetime = timedelta(hours=wanted.hours)
    token, made = await desk.callbacks.mint(approval_id, decider, lifetime, wanted.decider)
    return CallbackView(
        url=f"{home_of(request)}/approvals/callback/{token}",
        token=token,
        expires_at=made.expires_at,
        decider=made.decider,
    )
