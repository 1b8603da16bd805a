"""What the conversation may do for a principal: propose, and decide through the gate."""

from __future__ import annotations

from core.approval import Approval, ApprovalStatus, Verdict
from core.generation import GenerationRequest
from graph.asker import Asker, Decided, Proposed
from server.gate import Gate, Via
from server.generations import Generations
from server.principal import Principal
from server.refusals import (
    AlreadyDecidedError,
    ApprovalExpiredError,
    DecisionForbiddenError,
    PlanChangedError,
    PlanRefusedError,
)
from tools.db.approvals import ApprovalNotFoundError, ApprovalRepository
from tools.db.cursor import Page

_REFUSALS = (
    AlreadyDecidedError,
    ApprovalExpiredError,
    ApprovalNotFoundError,
    DecisionForbiddenError,
    PlanChangedError,
    PlanRefusedError,
)


def asker_of(principal: Principal, gate: Gate) -> Asker:
    """Only one who has proved who they are, and may decide, gets a way to decide at all."""

    async def decide(approval_id: str, verdict: Verdict, comment: str) -> Decided:
        try:
            made = await gate.decide(approval_id, principal, verdict, comment, via=Via.CHAT)
        except _REFUSALS as error:
            return Decided(None, str(error))
        return Decided(made)

    may_decide = principal.authenticated and principal.may_decide
    return Asker(principal.ref, principal.may_write, decide if may_decide else None)


class ChatProposer:
    """Starts a generation and waits for its draft, so far as a conversation waits."""

    def __init__(
        self, generations: Generations, approvals: ApprovalRepository, seconds: float
    ) -> None:
        self._generations = generations
        self._approvals = approvals
        self._seconds = seconds

    async def propose(self, request: GenerationRequest, requested_by: str) -> Proposed:
        started = await self._generations.start(request, requested_by)
        generation = await self._generations.drafted(started.id, self._seconds)
        if generation.approval_id is None:
            return Proposed(generation, None)
        return Proposed(generation, await self._approvals.get(generation.approval_id))


class ChatInbox:
    """Approvals to read."""

    def __init__(self, approvals: ApprovalRepository) -> None:
        self._approvals = approvals

    async def waiting(self, limit: int) -> Page[Approval]:
        return await self._approvals.list(ApprovalStatus.PENDING, limit=limit)

    async def find(self, approval_id: str) -> Approval | None:
        try:
            return await self._approvals.get(approval_id)
        except ApprovalNotFoundError:
            return None
