"""The gate between a plan and the cluster: who may decide, once, on exactly which plan."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from core.approval import Approval, ApprovalStatus, Verdict
from core.cost.estimate import CostEstimate
from core.impact import Impact
from core.plan import Plan, PlanKind
from core.plan_changes import InvalidChangesError, change, same
from server.policy import AutoProvision, Policy
from server.principal import Principal
from server.refusals import (
    AlreadyDecidedError,
    ApprovalExpiredError,
    DecisionForbiddenError,
    PlanChangedError,
    PlanRefusedError,
)
from tools.db import audit
from tools.db.approvals import ApprovalRepository
from tools.db.pool import Connection, Pool

WithClaim = Callable[[Connection], Awaitable[None]]
"""Runs in the transaction of the claim; what it raises undoes the claim."""

EXPIRY = "system:headwater/expiry"


class Via(StrEnum):
    """The way a decision came."""

    API = "api"
    CALLBACK = "callback"
    POLICY = "policy"
    CHAT = "chat"


class ResumeQueue(Protocol):
    """Queues the job that resumes the flow of a decided approval, within that transaction."""

    async def defer(self, approval_id: str, connection: Connection) -> None: ...


class PlanReview(Protocol):
    """What a changed plan goes through again, as a drafted one did."""

    def granted(self, plan: Plan) -> Plan:
        """The plan with the access that its owner gets."""
        ...

    async def problems(self, plan: Plan) -> Sequence[str]:
        """Why it cannot be carried out, in words; empty where it can."""
        ...

    async def cost(self, plan: Plan) -> CostEstimate | None: ...


Foresee = Callable[[Plan], Awaitable[Impact]]
"""Tells what carrying out a plan would change now."""

_FORESEE_SECONDS = 1.0
"""A decision does not wait longer for servers that do not answer."""


@dataclass(frozen=True)
class PolicyOutcome:
    """`rule` is the one by which the plan was approved; None left it pending, `why` says why."""

    approval: Approval
    rule: AutoProvision | None
    why: str


class Gate:
    """Every decision comes through here: the claim, its audit entry and the job are one."""

    def __init__(
        self,
        pool: Pool,
        queue: ResumeQueue,
        review: PlanReview,
        policy: Policy | None = None,
        foresee: Foresee | None = None,
    ) -> None:
        self._pool = pool
        self._queue = queue
        self._review = review
        self._policy = policy or Policy()
        self._foresee = foresee
        self._approvals = ApprovalRepository(pool)

    async def decide(
        self,
        approval_id: str,
        principal: Principal,
        verdict: Verdict,
        comment: str = "",
        changes: Mapping[str, Any] | None = None,
        via: Via = Via.API,
        *,
        plan_hash: str | None = None,
        with_claim: WithClaim | None = None,
    ) -> Approval:
        """Decide, or repeat what was decided: the same decision gives the same approval again.

        `plan_hash` is the plan that was looked at. Raises ApprovalNotFoundError,
        DecisionForbiddenError, InvalidChangesError, PlanRefusedError, PlanChangedError,
        AlreadyDecidedError and ApprovalExpiredError.
        """
        verdict, via = Verdict(verdict), Via(via)
        approval = await self._approvals.get(approval_id)
        self.permit(approval, principal, verdict, via)
        wanted = _changed(approval, verdict, changes)
        if approval.status is not ApprovalStatus.PENDING:
            return await self._repeat(approval, verdict, wanted, plan_hash, with_claim)
        if plan_hash not in (None, approval.plan_hash):
            raise PlanChangedError(approval)
        if verdict is Verdict.MODIFY:
            wanted = await self._reviewed(approval.plan, wanted)
        claimed = await self._claim(
            approval, verdict, principal.ref, via, comment, wanted, with_claim
        )
        if claimed is not None:
            return claimed
        lost = await self._approvals.get(approval_id)
        return await self._repeat(lost, verdict, wanted, plan_hash, with_claim)

    async def withdraw(self, approval_id: str, principal: Principal, comment: str = "") -> Approval:
        """The requester takes a plan back while it waits, which is a rejection of their own.

        Raises as `decide` does.
        """
        approval = await self._approvals.get(approval_id)
        if principal.ref.lower() != approval.requested_by.lower():
            raise DecisionForbiddenError.not_asked_by(principal.ref, approval)
        if approval.status is not ApprovalStatus.PENDING:
            return await self._repeat(approval, Verdict.REJECT, approval.plan, None, None)
        told = " ".join(filter(None, ("withdrawn by who asked for it", comment)))
        claimed = await self._claim(
            approval, Verdict.REJECT, principal.ref, Via.API, told, approval.plan
        )
        return claimed or await self.withdraw(approval_id, principal, comment)

    async def revise(
        self,
        approval_id: str,
        principal: Principal,
        changes: Mapping[str, Any],
        plan_hash: str | None = None,
    ) -> Approval:
        """The requester changes the own plan while it waits; it is checked and priced again.

        Raises ApprovalNotFoundError, DecisionForbiddenError, InvalidChangesError,
        PlanRefusedError, PlanChangedError, AlreadyDecidedError and ApprovalExpiredError.
        """
        approval = await self._approvals.get(approval_id)
        if principal.ref.lower() != approval.requested_by.lower():
            raise DecisionForbiddenError.not_requester(principal.ref, approval.requested_by)
        _refuse_decided(approval)
        if plan_hash not in (None, approval.plan_hash):
            raise PlanChangedError(approval)
        wanted = change(approval.plan, changes, by="the requester")
        wanted = await self._reviewed(approval.plan, wanted)
        async with self._pool.connection() as conn, conn.transaction():
            revised = await self._approvals.revise(conn, approval, wanted)
            if revised is not None:
                await self._note(conn, revised, principal.ref, "approval.revise", approval)
                return revised
        now = await self._approvals.get(approval_id)
        _refuse_decided(now)
        raise PlanChangedError(now)

    async def decide_by_policy(self, approval_id: str) -> PolicyOutcome:
        """Approve where an auto_provision rule allows it, else leave it pending and say why."""
        approval = await self._approvals.get(approval_id)
        if approval.status is not ApprovalStatus.PENDING:
            return PolicyOutcome(approval, None, f"it is {approval.status.value} already")
        ruling = self._policy.ruling(approval.plan, approval.requested_by)
        if ruling.rule is None:
            return PolicyOutcome(approval, None, ruling.why)
        by = f"policy:auto_provision/{ruling.rule.name}"
        claimed = await self._claim(
            approval, Verdict.APPROVE, by, Via.POLICY, ruling.why, approval.plan
        )
        if claimed is None:
            return PolicyOutcome(await self._approvals.get(approval_id), None, "decided meanwhile")
        return PolicyOutcome(claimed, ruling.rule, ruling.why)

    async def expire(self) -> tuple[Approval, ...]:
        """Note those whose time is over, and queue the end of their flows."""
        async with self._pool.connection() as conn, conn.transaction():
            expired = await self._approvals.expire(conn)
            for approval in expired:
                await self._note(conn, approval, EXPIRY, "approval.expire")
                await self._queue.defer(approval.id, conn)
        return expired

    def permit(self, approval: Approval, principal: Principal, verdict: Verdict, via: Via) -> None:
        """Raises DecisionForbiddenError: no approver, his own plan, or said in a chat by anyone.

        On access to a product its owner decides too.
        """
        if via == Via.CHAT and not principal.authenticated:
            raise DecisionForbiddenError.in_chat()
        if not (principal.may_decide or _is_owners(approval.plan, principal)):
            raise DecisionForbiddenError.no_approver(principal.ref, _owner_beside(approval.plan))
        own = principal.ref.lower() == approval.requested_by.lower()
        if own and self._policy.four_eyes and verdict != Verdict.REJECT:
            raise DecisionForbiddenError.own_plan(principal)

    async def _reviewed(self, drafted: Plan, plan: Plan) -> Plan:
        """The plan with its cost, and with the access of a new owner. Raises PlanRefusedError."""
        if plan.product.owner != drafted.product.owner:
            plan = self._review.granted(plan)
        problems = await self._review.problems(plan)
        if problems:
            raise PlanRefusedError(problems)
        return plan.model_copy(update={"cost": await self._review.cost(plan)})

    async def _claim(
        self,
        approval: Approval,
        verdict: Verdict,
        by: str,
        via: Via,
        comment: str,
        plan: Plan,
        with_claim: WithClaim | None = None,
    ) -> Approval | None:
        impact = await self._impact(plan)
        async with self._pool.connection() as conn, conn.transaction():
            claimed = await self._approvals.claim(
                conn,
                approval,
                verdict=verdict,
                by=by,
                via=via,
                comment=comment,
                plan=plan,
                impact=impact,
            )
            if claimed is None:
                return None
            if with_claim is not None:
                await with_claim(conn)
            await self._note(conn, claimed, by, "approval.decide", approval)
            await self._queue.defer(claimed.id, conn)
        return claimed

    async def _impact(self, plan: Plan) -> Impact | None:
        """What is kept as what was known; a decision does not fail for want of it."""
        if self._foresee is None:
            return None
        try:
            async with asyncio.timeout(_FORESEE_SECONDS):
                return await self._foresee(plan)
        except TimeoutError:
            return None

    async def _repeat(
        self,
        approval: Approval,
        verdict: Verdict,
        wanted: Plan,
        plan_hash: str | None,
        with_claim: WithClaim | None,
    ) -> Approval:
        """What a decision gets that comes after another one, or after the end."""
        decision = approval.decision
        if decision is None:
            raise ApprovalExpiredError(approval)
        looked_at = {None, approval.plan_hash, _drafted(approval).hash}
        if plan_hash not in looked_at:
            raise PlanChangedError(approval)
        if decision.verdict is not verdict or not same(wanted, approval.plan):
            raise AlreadyDecidedError(approval)
        if with_claim is not None:
            async with self._pool.connection() as conn, conn.transaction():
                await with_claim(conn)
        return approval

    async def _note(
        self,
        conn: Connection,
        approval: Approval,
        actor: str,
        action: str,
        before: Approval | None = None,
    ) -> None:
        await audit.record(
            conn,
            actor=actor,
            action=action,
            target=f"approval:{approval.id}",
            before=None if before is None else _state(before),
            after=_state(approval),
        )


def _owner_beside(plan: Plan) -> str | None:
    """Who decides beside stewards; None where nobody does."""
    return plan.product.owner if plan.kind is PlanKind.ACCESS else None


def _is_owners(plan: Plan, principal: Principal) -> bool:
    owner = _owner_beside(plan)
    return owner is not None and principal.is_of(owner)


def _refuse_decided(approval: Approval) -> None:
    if approval.status is ApprovalStatus.PENDING:
        return
    raise (
        ApprovalExpiredError(approval)
        if approval.decision is None
        else AlreadyDecidedError(approval)
    )


def _drafted(approval: Approval) -> Plan:
    return approval.original or approval.plan


def _changed(approval: Approval, verdict: Verdict, changes: Mapping[str, Any] | None) -> Plan:
    """The plan that is decided on. Raises InvalidChangesError."""
    if verdict is Verdict.MODIFY:
        return change(_drafted(approval), changes or {})
    if changes:
        told = f"{verdict.value} takes none; decide modify to approve with changes"
        raise InvalidChangesError((("changes", told),))
    return approval.plan


def _state(approval: Approval) -> dict[str, Any]:
    decision = approval.decision
    told = {} if decision is None else decision.model_dump(mode="json", exclude={"at"})
    return {**told, "status": approval.status.value, "plan_hash": approval.plan_hash}
