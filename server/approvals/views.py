"""Approvals as the API shows them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from core.approval import Approval, ApprovalStatus, Decision, Step, Verdict
from core.cost.estimate import CostEstimate
from core.impact import Impact
from core.modification import modification
from core.plan import Plan, PlanKind
from core.provisioned import AccessGiven, Provisioned, provisioned


class CostView(BaseModel):
    """A month's cost: `monthly` is the sum of the items' amounts, each by its own formula."""

    model_config = ConfigDict(frozen=True)
    monthly: Decimal
    formula: str = Field(examples=["storage + throughput + partitions"])
    estimate: CostEstimate


class StepView(BaseModel):
    """One step of carrying the plan out; `seconds` from its start to its end."""

    model_config = ConfigDict(frozen=True)
    step: Step
    seconds: float | None


class ApprovalSummary(BaseModel):
    """One line of the inbox."""

    model_config = ConfigDict(frozen=True)
    id: str
    status: ApprovalStatus
    kind: PlanKind
    product_id: str
    product_name: str
    owner: str
    topic: str
    monthly_cost: Decimal | None
    currency: str | None
    plan_hash: str
    requested_by: str
    created_at: datetime
    expires_at: datetime
    decision: Decision | None
    access: str | None = Field(None, description="of access to a product: who gets what till when")


class ApprovalView(BaseModel):
    """A plan with all that an approver needs to see.

    `impact` is as of now while it waits, and as it was at the decision afterwards; null where it
    was not known then. `modifications` say what a modification changed of the plan as drafted.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    status: ApprovalStatus
    plan: Plan
    plan_hash: str = Field(description="hand it back with the decision")
    requested_by: str
    thread_id: str
    created_at: datetime
    expires_at: datetime
    impact: Impact | None
    cost: CostView | None
    decision: Decision | None
    modifications: tuple[str, ...]
    steps: tuple[StepView, ...]
    result: Provisioned | AccessGiven | None = Field(
        description="what was made, as data and in words"
    )
    seconds: float | None = Field(description="from the decision to the end of provisioning")
    error: str | None


class CallbackView(BaseModel):
    """A link for one decision on one plan. Whoever has it may use it, so hand it on with care."""

    model_config = ConfigDict(frozen=True)
    url: str
    token: str
    expires_at: datetime
    decider: str | None = Field(description="the only one who may use it; null: any approver")


class LinkView(BaseModel):
    """What a link would decide on. Looking decides nothing: POST to the same path does."""

    model_config = ConfigDict(frozen=True)
    approval: ApprovalView
    expires_at: datetime
    decider: str | None
    decisions: tuple[Verdict, ...] = tuple(Verdict)


def summary_view(approval: Approval) -> ApprovalSummary:
    plan = approval.plan
    return ApprovalSummary(
        id=approval.id,
        status=approval.status,
        kind=plan.kind,
        product_id=plan.product.id,
        product_name=plan.product.name,
        owner=plan.product.owner,
        topic=plan.topic.name,
        monthly_cost=plan.cost and plan.cost.total,
        currency=plan.cost and plan.cost.currency,
        plan_hash=approval.plan_hash,
        requested_by=approval.requested_by,
        created_at=approval.created_at,
        expires_at=approval.expires_at,
        decision=approval.decision,
        access=plan.grant and plan.grant.line,
    )


def approval_view(approval: Approval, impact: Impact | None) -> ApprovalView:
    original = approval.original
    return ApprovalView(
        id=approval.id,
        status=approval.status,
        plan=approval.plan,
        plan_hash=approval.plan_hash,
        requested_by=approval.requested_by,
        thread_id=approval.thread_id,
        created_at=approval.created_at,
        expires_at=approval.expires_at,
        impact=impact,
        cost=_cost(approval.plan.cost),
        decision=approval.decision,
        modifications=() if original is None else modification(original, approval.plan),
        steps=tuple(StepView(step=step, seconds=_seconds(step)) for step in approval.steps),
        result=provisioned(approval),
        seconds=approval.seconds,
        error=approval.error,
    )


def _cost(estimate: CostEstimate | None) -> CostView | None:
    if estimate is None:
        return None
    formula = " + ".join(item.name for item in estimate.items)
    return CostView(monthly=estimate.total, formula=formula, estimate=estimate)


def _seconds(step: Step) -> float | None:
    if step.started_at is None or step.finished_at is None:
        return None
    return (step.finished_at - step.started_at).total_seconds()
