"""What the conversation may do for a principal: propose, and decide through the gate."""

from __future__ import annotations

from collections.abc import Sequence

from core.approval import Approval, ApprovalStatus, Verdict
from core.comparison import Comparison
from core.generation import GenerationRequest
from core.promotion import PromotionRefusedError, PromotionRequest
from core.similarity.relation import Relation
from graph.asker import Asker, Compared, Consolidated, Decided, Promoted, Proposed
from server.consolidations import Consolidations
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
from server.usage.scope import mine_of
from tools.comparison.comparer import Comparer, NothingToCompareError
from tools.consolidation.consolidator import NotConsolidatedError
from tools.db.approvals import ApprovalNotFoundError, ApprovalRepository
from tools.db.cursor import Page
from tools.db.pairs import PairRepository
from tools.db.sources import SourceNotFoundError, SourceRepository
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

_NOT_ANALYSED = (
    KafkaFailedError,
    NotConsolidatedError,
    NothingToCompareError,
    RegistryFailedError,
    SourceNotFoundError,
)


def asker_of(principal: Principal, gate: Gate) -> Asker:
    """Only one who has proved who they are gets a way to decide at all: a steward, or a member of a
    team, which decides on access to its products. The gate has the last word."""

    async def decide(approval_id: str, verdict: Verdict, comment: str) -> Decided:
        try:
            made = await gate.decide(approval_id, principal, verdict, comment, via=Via.CHAT)
        except _REFUSALS as error:
            return Decided(None, str(error))
        return Decided(made)

    may_decide = principal.authenticated and (principal.may_decide or bool(principal.teams))
    return Asker(
        principal.ref, principal.may_write, decide if may_decide else None, mine_of(principal)
    )


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


class ChatAnalyst:
    """What is the same twice on `cluster`."""

    def __init__(
        self,
        comparer: Comparer,
        pairs: PairRepository,
        sources: SourceRepository,
        consolidations: Consolidations,
        *,
        cluster: str,
    ) -> None:
        self._comparer = comparer
        self._pairs = pairs
        self._sources = sources
        self._consolidations = consolidations
        self._cluster = cluster

    async def compare(self, left: str, right: str) -> Compared:
        try:
            return Compared(await self._comparer.compare(left, right, self._cluster))
        except _NOT_ANALYSED as error:
            return Compared(None, str(error))

    async def related(self, name: str) -> Sequence[Comparison]:
        source = await self._sources.get(name, self._cluster)
        return await self._pairs.of_source(source.id)

    async def duplicates(self) -> Sequence[Comparison]:
        return await self._pairs.listed(self._cluster, [Relation.DUPLICATE])

    async def consolidate(self, names: tuple[str, ...], requested_by: str) -> Consolidated:
        try:
            made = await self._consolidations.work_out(names, self._cluster, requested_by, None)
        except _NOT_ANALYSED as error:
            return Consolidated(None, str(error))
        return Consolidated(made)


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
