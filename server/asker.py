"""What the conversation may do for a principal: propose, and decide through the gate."""

from __future__ import annotations

from core.approval import Approval, ApprovalStatus, Verdict
from core.generation import GenerationRequest
from core.promotion import PromotionRefusedError, PromotionRequest
from graph.asker import Asker, Decided, Promoted, Proposed
from server.gate import Gate, Via
from server.generations import Generations
from server.principal import Principal
from server.promotions import AlreadyManagedError, Promotions
from server.refusals import (
    AlreadyDecidedError,
    ApprovalExpiredError,
    DecisionForbiddenError,
    PlanChangedError,
    PlanRefusedError,
)
from tools.db.approvals import ApprovalNotFoundError, ApprovalRepository
from tools.db.cursor import Page
from tools.db.sources import SourceNotFoundError
from tools.kafka.errors import KafkaFailedError
from tools.registry.errors import RegistryFailedError

_REFUSALS = (
    AlreadyDecidedError,
    ApprovalExpiredError,
    ApprovalNotFoundError,
    DecisionForbiddenError,
    PlanChangedError,
    PlanRefusedError,
)
_NOT_PROMOTED = (
    AlreadyManagedError,
    KafkaFailedError,
    PromotionRefusedError,
    RegistryFailedError,
    SourceNotFoundError,
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
    """Plans for a conversation: it waits `seconds` for a draft and promotes topics of `cluster`."""

    def __init__(
        self,
        generations: Generations,
        promotions: Promotions,
        approvals: ApprovalRepository,
        *,
        cluster: str,
        seconds: float,
    ) -> None:
        self._generations = generations
        self._promotions = promotions
        self._approvals = approvals
        self._cluster = cluster
        self._seconds = seconds

    async def propose(self, request: GenerationRequest, requested_by: str) -> Proposed:
        started = await self._generations.start(request, requested_by)
        generation = await self._generations.drafted(started.id, self._seconds)
        if generation.approval_id is None:
            return Proposed(generation, None)
        return Proposed(generation, await self._approvals.get(generation.approval_id))

    async def promote(self, topic: str, request: PromotionRequest, requested_by: str) -> Promoted:
        try:
            made = await self._promotions.promote(topic, self._cluster, request, requested_by)
        except _NOT_PROMOTED as error:
            return Promoted(None, str(error))
        return Promoted(made)


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
