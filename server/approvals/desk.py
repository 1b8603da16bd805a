"""What the approvals' routes work with, as one part of the services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from core.approval import Approval
from server.approvals.callbacks import Callbacks
from server.approvals.views import ApprovalView, approval_view
from server.gate import Gate, PlanReview, ResumeQueue
from server.principal import Principals
from server.settings import Settings
from tools.db.approvals import ApprovalRepository
from tools.db.pool import Pool
from tools.existing import ExistingReader


@dataclass(frozen=True)
class Desk:
    """Approvals to read, the gate to decide, links for those outside."""

    approvals: ApprovalRepository
    gate: Gate
    callbacks: Callbacks
    existing: ExistingReader

    async def view(self, approval: Approval) -> ApprovalView:
        """With what it would change now, or, once decided on, with what was known then."""
        if approval.decision is not None:
            return approval_view(approval, approval.impact)
        return approval_view(approval, await self.existing.impact(approval.plan))


def desk_for(
    settings: Settings,
    pool: Pool,
    existing: ExistingReader,
    queue: ResumeQueue,
    review: PlanReview,
) -> Desk:
    """`queue` is the provisioning worker's, `review` what every plan is checked and priced by."""
    gate = Gate(pool, queue, review, settings.policy, existing.impact)
    callbacks = Callbacks(
        pool,
        gate,
        Principals(settings.principals, open_to_all=settings.open),
        settings.link_secret,
    )
    return Desk(ApprovalRepository(pool), gate, callbacks, existing)


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.services.desk
    return desk


AtDesk = Annotated[Desk, Depends(desk_of)]
