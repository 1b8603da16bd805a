"""The gate over a real Postgres and a real job queue; the review stands for the plan's checks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from procrastinate import App, PsycopgConnector

from core.approval import Approval
from core.cost.estimate import CostEstimate
from core.plan import Plan
from server.gate import Gate
from server.policy import Policy
from server.principal import Principal, Role
from tests.integration.approvals.plans import a_plan, cost_of
from tools.db.approvals import ApprovalRepository
from tools.db.pool import Connection, Pool, open_pool

JANE = Principal("user:default/jane", authenticated=True, roles=frozenset({Role.STEWARD}))
BOB = Principal("user:default/bob", authenticated=True, roles=frozenset({Role.STEWARD}))
EVE = Principal("user:default/eve", authenticated=True, roles=frozenset({Role.ADMIN}))
VIEWER = Principal("user:default/vic", authenticated=True, roles=frozenset({Role.VIEWER}))


class Jobs:
    """Queues the job of the worker that carries plans out; nothing works it off here."""

    def __init__(self, database_url: str) -> None:
        app = App(connector=PsycopgConnector(conninfo=database_url))
        self._task = app.task(name="provisioning.resume", queue="provisioning")(self._resume)

    async def defer(self, approval_id: str, connection: Connection) -> None:
        await self._task.configure(connection=connection).defer_async(approval_id=approval_id)

    async def _resume(self, approval_id: str) -> None:
        raise AssertionError(f"{approval_id} is not carried out in these tests")


class Review:
    """Refuses more than 100 partitions, and has its own price."""

    async def problems(self, plan: Plan) -> Sequence[str]:
        return ("100 partitions are the most",) if plan.topic.partitions > 100 else ()

    async def cost(self, plan: Plan) -> CostEstimate:
        return cost_of(plan.topic.partitions)


@dataclass(frozen=True)
class House:
    """A gate with its approvals."""

    pool: Pool
    database_url: str
    approvals: ApprovalRepository
    gate: Gate

    def with_policy(self, policy: Policy) -> Gate:
        return Gate(self.pool, Jobs(self.database_url), Review(), policy)

    async def pending(
        self, plan: Plan | None = None, *, by: str = JANE.ref, hours: float = 72
    ) -> Approval:
        plan = plan or a_plan()
        lifetime = timedelta(hours=hours)
        thread = f"generation-{plan.hash[:8]}-{by}-{hours}"
        return await self.approvals.create(
            plan, thread_id=thread, requested_by=by, lifetime=lifetime
        )

    async def jobs(self) -> list[str]:
        query = "select args ->> 'approval_id' as id from procrastinate_jobs order by id"
        async with self.pool.connection() as conn:
            return [row["id"] for row in await (await conn.execute(query)).fetchall()]


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    pool = await open_pool(database_url)
    gate = Gate(pool, Jobs(database_url), Review())
    yield House(pool, database_url, ApprovalRepository(pool), gate)
    await pool.close()
