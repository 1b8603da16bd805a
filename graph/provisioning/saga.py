"""The saga: an approved plan is carried out step by step, to the end or back to the start.

Killed at any point and run again, it ends with exactly one of each thing, or with none.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from core.approval import Approval, ApprovalStatus, Step, StepStatus, Verdict
from core.plan import Plan, PlanKind
from core.provisioned import failure_of
from graph.provisioning.access import GrantAccess
from graph.provisioning.check import CheckPlan
from graph.provisioning.failure import is_away, is_final
from graph.provisioning.grants import CheckAccess, GiveAccess, Granting
from graph.provisioning.product import StoreProduct, SwitchRulesOn
from graph.provisioning.registration import RegisterSchema
from graph.provisioning.step import Result, SagaStep, Work
from graph.provisioning.topic import ChangeTopic, CreateTopic
from tools.db.approvals import ApprovalRepository
from tools.db.errors import DatabaseUnreachableError
from tools.db.pool import Pool
from tools.db.products import ProductRepository
from tools.db.provisioning import StepOvertakenError, StepRepository
from tools.kafka.admin import KafkaAdmin
from tools.registry.client import Registry

log = logging.getLogger(__name__)

PATIENCE = timedelta(hours=1)
"""How long a step waits for a server that is away before all is undone."""


class NotApprovedError(Exception):
    """Nobody approved this plan, so nothing of it is carried out."""

    def __init__(self, approval_id: str) -> None:
        super().__init__(f"{approval_id} is not approved: nothing of it is carried out.")


class ProvisioningDelayedError(Exception):
    """A step could not be done or undone now; run the saga again later, it goes on from there."""

    def __init__(self, approval_id: str, step: str, cause: Exception) -> None:
        super().__init__(f"{approval_id} waits at the step {step}: {cause}")


class _StepFailedError(Exception):
    """A step failed for good."""


class Saga:
    """Carries out approved plans. All that it writes, it writes through its steps."""

    def __init__(
        self,
        pool: Pool,
        admin: KafkaAdmin,
        registry: Registry | None,
        *,
        bootstrap_servers: str | None = None,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._approvals = ApprovalRepository(pool)
        self._rows = StepRepository(pool)
        self._patience = patience
        check = CheckPlan(admin, registry, ProductRepository(pool), self._rows)
        rest: tuple[SagaStep, ...] = (
            RegisterSchema(registry, admin),
            StoreProduct(pool, bootstrap_servers),
            GrantAccess(admin),
            SwitchRulesOn(pool),
        )
        self._steps: dict[PlanKind, tuple[SagaStep, ...]] = {
            PlanKind.CREATE: (check, CreateTopic(admin), *rest),
            PlanKind.PROMOTE: (check, ChangeTopic(admin), *rest),
            PlanKind.ACCESS: (
                CheckAccess(admin, ProductRepository(pool)),
                GiveAccess(Granting(pool, admin)),
            ),
        }

    async def run(self, approval_id: str) -> Approval:
        """Carry the plan out, or go on where an earlier run stopped; returns how it ended.

        Raises NotApprovedError, ProvisioningDelayedError, and StepOvertakenError where another
        worker carries on.
        """
        approval = await self._approvals.get(approval_id)
        if approval.status.ended:
            return approval
        if approval.decision is None or approval.decision.verdict is Verdict.REJECT:
            raise NotApprovedError(approval_id)
        await self._approvals.begin(approval_id)
        steps = self._steps_of(approval.plan)
        rows = await self._rows.plan(approval_id, [step.name for step in steps])
        if not any(row.status is StepStatus.FAILED for row in rows):
            try:
                return await self._forward(approval, steps, rows)
            except _StepFailedError:
                rows = await self._rows.plan(approval_id, [step.name for step in steps])
        return await self._back(approval, steps, rows)

    def _steps_of(self, plan: Plan) -> tuple[SagaStep, ...]:
        steps = self._steps[plan.kind]
        if plan.access or plan.kind is PlanKind.ACCESS:
            return steps
        return tuple(step for step in steps if step.name != GrantAccess.name)

    async def _forward(
        self, approval: Approval, steps: Sequence[SagaStep], rows: Sequence[Step]
    ) -> Approval:
        for step, row in zip(steps, rows, strict=True):
            if row.status is not StepStatus.DONE:
                await self._attempt(approval, step)
        return await self._end(approval, ApprovalStatus.ACTIVE)

    async def _attempt(self, approval: Approval, step: SagaStep) -> None:
        row = await self._rows.begin(approval.id, step.name)
        try:
            result = await self._do(step, self._work(approval, row))
        except StepOvertakenError:
            raise
        except Exception as error:
            await self._failed(approval, row, error)
        else:
            await self._rows.finish(approval.id, row, result)

    async def _do(self, step: SagaStep, work: Work) -> Result:
        return await step.do(work)

    def _work(self, approval: Approval, row: Step) -> Work:
        async def note(result: Result) -> None:
            await self._rows.note(approval.id, row, result)

        return Work(approval, row.result, note)

    async def _failed(self, approval: Approval, row: Step, error: Exception) -> None:
        """Always raises: to undo what there is, or to try again later."""
        if is_final(error, row, self._patience):
            log.warning("%s failed at the step %s: %s", approval.id, row.name, error)
            await self._rows.fail(approval.id, row, str(error))
            raise _StepFailedError from error
        try:
            await self._rows.note(approval.id, row, detail=f"Waiting: {error}")
        except DatabaseUnreachableError:
            log.warning("%s waits at the step %s for Postgres", approval.id, row.name)
        raise ProvisioningDelayedError(approval.id, row.name, error) from error

    async def _back(
        self, approval: Approval, steps: Sequence[SagaStep], rows: Sequence[Step]
    ) -> Approval:
        """Undo, newest first, what has been done; the step that failed may have done a part."""
        for step, row in reversed(list(zip(steps, rows, strict=True))):
            if row.status in (StepStatus.DONE, StepStatus.FAILED) and "undone" not in row.result:
                told = await self._undone(approval, step, row)
                await self._rows.undo(approval.id, row.name, told)
        ended = await self._approvals.get(approval.id)
        return await self._end(approval, ApprovalStatus.FAILED, failure_of(ended.steps))

    async def _end(
        self, approval: Approval, status: ApprovalStatus, error: str | None = None
    ) -> Approval:
        await self._rows.release(approval.id)
        await self._approvals.finish(approval.id, status, error)
        return await self._approvals.get(approval.id)

    async def _undone(self, approval: Approval, step: SagaStep, row: Step) -> str:
        try:
            return await step.undo(approval.plan, row.result)
        except Exception as error:
            if is_away(error):
                raise ProvisioningDelayedError(approval.id, row.name, error) from error
            log.exception("%s: the step %s could not be undone", approval.id, row.name)
            return f"This could not be undone, do it by hand: {error}"
