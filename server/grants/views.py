"""Requests for access and grants as the API shows them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from core.approval import Approval, ApprovalStatus, Decision
from core.grant import GrantPlan
from core.grant_life import Grant, GrantStatus, grant_id_of
from core.plan_diff import PartDiff
from server.approvals.views import ApprovalView


class RequestState(StrEnum):
    """`granted` is what was given; how long it lasts, and how it ended, the grant tells."""

    PENDING = "pending"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    EXPIRED = "expired"
    """Nobody decided in time."""
    GRANTING = "granting"
    GRANTED = "granted"
    FAILED = "failed"


_STATES = {
    ApprovalStatus.PENDING: RequestState.PENDING,
    ApprovalStatus.APPROVED: RequestState.GRANTING,
    ApprovalStatus.PROVISIONING: RequestState.GRANTING,
    ApprovalStatus.ACTIVE: RequestState.GRANTED,
    ApprovalStatus.FAILED: RequestState.FAILED,
    ApprovalStatus.REJECTED: RequestState.REJECTED,
    ApprovalStatus.EXPIRED: RequestState.EXPIRED,
}


class AccessRequestView(BaseModel):
    """`id` is that of its approval, at which it is decided on. `asked` is what is (or was) to be
    given, after a modification as it was approved."""

    model_config = ConfigDict(frozen=True)
    id: str
    state: RequestState
    product_id: str
    product_name: str
    owner: str = Field(description="who decides, besides stewards")
    asked: GrantPlan
    requested_by: str
    created_at: datetime
    expires_at: datetime = Field(description="until when it may be decided on")
    decision: Decision | None
    grant_id: str | None = Field(description="what came of it, where it was granted")
    error: str | None


class AccessRequestDetail(AccessRequestView):
    """With what an owner needs to see before deciding."""

    plan_hash: str = Field(description="hand it back with the decision")
    diff: PartDiff | None = Field(description="what Kafka would allow then")
    risks: tuple[str, ...]


class GrantView(BaseModel):
    """`found` were there before and are left alone at the end; `kept` says what stayed, and why."""

    model_config = ConfigDict(frozen=True)
    grant: Grant
    overdue: bool = Field(description="its time is over, and its end is not done yet")
    words: str


class Revocation(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "the project ended"}]}
    )
    reason: str = Field(min_length=1, max_length=1_000, pattern=r"\S")


class Withdrawal(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"comment": "not needed any more"}, {}]}
    )
    comment: str = Field("", max_length=1_000)


def request_view(approval: Approval) -> AccessRequestView:
    return AccessRequestView(**_facts(approval))


def request_detail(approval: Approval, shown: ApprovalView) -> AccessRequestDetail:
    impact = shown.impact
    return AccessRequestDetail(
        **_facts(approval),
        plan_hash=approval.plan_hash,
        diff=None if impact is None else impact.diff.access,
        risks=approval.plan.risks if impact is None else impact.risks,
    )


def _facts(approval: Approval) -> dict[str, object]:
    plan, state = approval.plan, _state(approval)
    granted = state is RequestState.GRANTED
    return {
        "id": approval.id,
        "state": state,
        "product_id": plan.product.id,
        "product_name": plan.product.name,
        "owner": plan.product.owner,
        "asked": plan.grant,
        "requested_by": approval.requested_by,
        "created_at": approval.created_at,
        "expires_at": approval.expires_at,
        "decision": approval.decision,
        "grant_id": grant_id_of(approval.id) if granted else None,
        "error": approval.error,
    }


def _state(approval: Approval) -> RequestState:
    decision = approval.decision
    if approval.status is ApprovalStatus.REJECTED and decision is not None:
        own = decision.by.lower() == approval.requested_by.lower()
        return RequestState.WITHDRAWN if own else RequestState.REJECTED
    return _STATES[approval.status]


def grant_view(grant: Grant, now: datetime) -> GrantView:
    overdue = grant.plan.until <= now and grant.status in (GrantStatus.ACTIVE, GrantStatus.ENDING)
    return GrantView(grant=grant, overdue=overdue, words=grant.words)
