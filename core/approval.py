"""An approval: a plan that waits for a person, what was decided, and how carrying it out went."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from core.impact import Impact
from core.plan import Plan


class Verdict(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    MODIFY = "modify"


class ApprovalStatus(StrEnum):
    """`pending` -> `rejected` | `expired` | `approved` -> `provisioning` -> `active` | `failed`."""

    PENDING = "pending"
    APPROVED = "approved"
    PROVISIONING = "provisioning"
    ACTIVE = "active"
    FAILED = "failed"
    """Carrying it out failed for good, and what had been done was undone."""
    REJECTED = "rejected"
    EXPIRED = "expired"

    @property
    def ended(self) -> bool:
        return self in (self.ACTIVE, self.FAILED, self.REJECTED, self.EXPIRED)


class StepStatus(StrEnum):
    """`doing` is where a process may have died: such a step is looked at and done again."""

    WAITING = "waiting"
    DOING = "doing"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"


class Step(BaseModel):
    """`result` says what the step made, `detail` what went wrong or was undone."""

    model_config = ConfigDict(frozen=True)
    name: str
    status: StepStatus
    result: dict[str, Any] = Field(default_factory=dict)
    detail: str | None = None
    attempts: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None


class Decision(BaseModel):
    """`by` is an entity reference, `via` the way it came: api, callback, policy or chat."""

    model_config = ConfigDict(frozen=True)
    verdict: Verdict
    by: str
    via: str
    comment: str = ""
    at: datetime
    plan_hash: str
    """Of the plan as decided on; after a modification, of the modified one."""


class Approval(BaseModel):
    """`thread_id` is the graph thread that waits for it; `plan` is the one in force."""

    model_config = ConfigDict(frozen=True)
    id: str
    status: ApprovalStatus
    plan: Plan
    plan_hash: str
    requested_by: str
    thread_id: str
    created_at: datetime
    expires_at: datetime
    decision: Decision | None = None
    original: Plan | None = None
    """The plan as drafted, where a modification replaced it."""
    impact: Impact | None = None
    """As it was when it was decided on: carrying it out changes what exists."""
    steps: tuple[Step, ...] = ()
    seconds: float | None = None
    """From the decision to the end of provisioning."""
    error: str | None = None
