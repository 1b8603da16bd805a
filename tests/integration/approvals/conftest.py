"""The gate over a real Postgres and a real job queue; the review stands for the plan's checks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from procrastinate import App, PsycopgConnector

from core.approval import Approval
from core.cost.estimate import CostEstimate
from core.plan import Plan
from server.approvals import inbox, links
from server.approvals.desk import Desk, desk_for
from server.bearer import Bearers
from server.embedded.stack import EmbeddedStack
from server.gate import Gate
from server.policy import Policy
from server.principal import Principal, Principals, Role
from server.problems import speak_problems
from server.settings import Settings
from server.translations import TRANSLATIONS
from tests.integration.approvals.plans import a_plan, cost_of
from tools.db.approvals import ApprovalRepository
from tools.db.keys import KeyRepository
from tools.db.pool import Connection, Pool, open_pool
from tools.db.products import ProductRepository
from tools.existing import ExistingReader
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection
from tools.registry.client import Registry

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

    def granted(self, plan: Plan) -> Plan:
        return plan

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


@dataclass(frozen=True)
class Open:
    """What the routes find in a running app."""

    settings: Settings
    desk: Desk
    bearers: Bearers


AppOf = Callable[..., FastAPI]
Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
async def app_of(house: House, stack: EmbeddedStack) -> AsyncIterator[AppOf]:
    """Makes an app of the approvals' routes alone, with these settings."""
    registry = Registry(stack.schema_registry)
    kafka = KafkaAdmin(KafkaConnection(stack.bootstrap_servers), timeout=5.0)
    existing = ExistingReader(kafka, registry, ProductRepository(house.pool))
    client = httpx.AsyncClient()

    def app(**settings: Any) -> FastAPI:
        given = Settings(**settings)
        app = FastAPI(title="approvals")
        desk = desk_for(given, house.pool, existing, Jobs(house.database_url), Review())
        known = Principals(given.principals, open_to_all=given.open)
        bearers = Bearers(known, KeyRepository(house.pool), (), client)
        app.state.services = Open(given, desk, bearers)
        speak_problems(app, TRANSLATIONS)
        for router in (links.router, inbox.router):
            app.include_router(router)
        return app

    yield app
    await registry.close()
    await client.aclose()


@pytest.fixture
def serve(app_of: AppOf) -> Serve:
    """Gives a client of such an app."""

    @asynccontextmanager
    async def serving(**settings: Any) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(app_of(**settings), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            yield client

    return serving


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    pool = await open_pool(database_url)
    gate = Gate(pool, Jobs(database_url), Review())
    yield House(pool, database_url, ApprovalRepository(pool), gate)
    await pool.close()
