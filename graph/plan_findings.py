"""What the agents that propose and read approvals found, typed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from core.approval import Approval
from core.plan import Plan, SchemaDocument


class PlanFindings(BaseModel):
    """A plan that waits, as the chat shows it. The whole is at GET /approvals/{approval_id}."""

    model_config = ConfigDict(frozen=True)
    type: Literal["plan"] = "plan"
    approval_id: str
    status: str
    product_id: str
    product_name: str
    owner: str
    topic: str
    partitions: int
    retention_ms: int
    fields: SchemaDocument
    rules: tuple[str, ...]
    monthly_cost: Decimal | None
    currency: str | None
    written_by: str
    expires_at: datetime
    access: str | None = None
    """Of access to the product: who gets what until when."""


class ApprovalLine(BaseModel):
    """One of those that wait."""

    model_config = ConfigDict(frozen=True)
    id: str
    product_name: str
    owner: str
    topic: str
    requested_by: str
    expires_at: datetime
    access: str | None = None
    """Of access to the product: who gets what until when."""


class ApprovalsFindings(BaseModel):
    """What waits for a decision, newest first; `more` where the list was cut."""

    model_config = ConfigDict(frozen=True)
    type: Literal["approvals"] = "approvals"
    waiting: tuple[ApprovalLine, ...]
    more: bool


def plan_findings(approval: Approval) -> PlanFindings:
    plan: Plan = approval.plan
    return PlanFindings(
        approval_id=approval.id,
        status=approval.status.value,
        product_id=plan.product.id,
        product_name=plan.product.name,
        owner=plan.product.owner,
        topic=plan.topic.name,
        partitions=plan.topic.partitions,
        retention_ms=plan.topic.retention_ms,
        fields=plan.schema_plan.value,
        rules=tuple(rule.id for rule in plan.rules),
        monthly_cost=None if plan.cost is None else plan.cost.total,
        currency=None if plan.cost is None else plan.cost.currency,
        written_by=plan.written_by,
        expires_at=approval.expires_at,
        access=_access(approval),
    )


def _access(approval: Approval) -> str | None:
    grant = approval.plan.grant
    return None if grant is None else grant.line


def approval_line(approval: Approval) -> ApprovalLine:
    return ApprovalLine(
        id=approval.id,
        product_name=approval.plan.product.name,
        owner=approval.plan.product.owner,
        topic=approval.plan.topic.name,
        requested_by=approval.requested_by,
        expires_at=approval.expires_at,
        access=_access(approval),
    )
