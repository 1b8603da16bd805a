"""What an approver is shown beside a plan: what it would change, and what to think of."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from core.grant_diff import grant_diff
from core.plan import Plan, PlanKind
from core.plan_diff import Existing, PlanDiff, plan_diff
from core.plan_risks import risks_of


class Impact(BaseModel):
    """`at` is when Kafka, the registry and the catalog were asked what exists."""

    model_config = ConfigDict(frozen=True)
    diff: PlanDiff
    risks: tuple[str, ...] = ()
    at: datetime


def impact_of(plan: Plan, existing: Existing, at: datetime) -> Impact:
    differ = grant_diff if plan.kind is PlanKind.ACCESS else plan_diff
    return Impact(diff=differ(plan, existing), risks=risks_of(plan, existing), at=at)
