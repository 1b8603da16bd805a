"""A corner of real servers in which plans are decided and carried out."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

from core.approval import Approval, Verdict
from core.cost.estimate import CostEstimate
from core.generation import GenerationRequest
from core.plan import Plan
from graph.flow import Flow
from graph.provisioning.saga import Saga
from graph.state import serializer
from server.gate import Gate
from server.policy import Policy
from server.principal import Principal, Role
from server.workers.provisioning import Provisioning
from server.workers.queue_worker import Pace
from tests.integration.kafka.bindings import Bindings
from tests.integration.provisioning.plans import plan_of
from tools.cost.price_book import read_price_book
from tools.db.approvals import ApprovalRepository
from tools.db.plan_facts import PlanFactsRepository
from tools.db.pool import Pool
from tools.db.products import ProductNotFoundError, ProductRepository
from tools.kafka.admin import KafkaAdmin
from tools.plan_review import PlanReviewer
from tools.registry.client import Registry
from tools.registry.errors import SubjectNotFoundError

JANE = Principal(ref="user:default/jane", authenticated=True, roles=frozenset({Role.STEWARD}))
ASKER = "user:default/joe"
QUICK = Pace(heartbeat=0.2, stalled=1.0, look=0.25, poll=0.25)


class NoObjections:
    """Modified plans are taken as they are."""

    def granted(self, plan: Plan) -> Plan:
        return plan

    async def problems(self, plan: Plan) -> Sequence[str]:
        return ()

    async def cost(self, plan: Plan) -> CostEstimate | None:
        return None


@dataclass(frozen=True)
class World:
    """What the servers themselves say of a plan's things: how many of each there are."""

    topics: int
    versions: int
    products: int


NOTHING, ONE_OF_EACH = World(0, 0, 0), World(1, 1, 1)


@dataclass
class Ground:
    """One set of clients; `saga` may be one that is disturbed."""

    database_url: str
    pool: Pool
    admin: KafkaAdmin
    registry: Registry
    prefix: str
    bootstrap_servers: str = ""
    saga_of: Callable[..., Saga] = Saga
    lifetime: timedelta = timedelta(hours=1)
    patience: timedelta = timedelta(hours=1)
    made: list[Plan] = field(default_factory=list)

    async def open(self) -> Ground:
        self.saver = AsyncPostgresSaver(self.pool, serde=serializer())
        await self.saver.setup()
        self.approvals = ApprovalRepository(self.pool)
        self.products = ProductRepository(self.pool)
        self.saga = self.saga_of(self.pool, self.admin, self.registry, patience=self.patience)
        self.flow = Flow(self.saver, self.approvals, self.saga, self, lifetime=self.lifetime)
        self.provisioning = Provisioning(self.flow, self.pool, self.database_url, pace=QUICK)
        self.gate = Gate(self.pool, self.provisioning, NoObjections(), Policy())
        return self

    async def propose(self, plan: Plan, thread_id: str | None = None) -> Approval:
        self.made.append(plan)
        thread_id = thread_id or f"generation-{plan.topic.name}"
        return await self.flow.start_with(thread_id, plan, ASKER)

    async def approved(self, plan: Plan) -> Approval:
        """Proposed and approved, with nobody at work yet."""
        made = await self.propose(plan)
        return await self.gate.decide(made.id, JANE, Verdict.APPROVE)

    async def draft(self, request: GenerationRequest, requested_by: str) -> Plan:
        """The plan of a request that is named after its topic."""
        return plan_of(request.product_name)

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.provisioning.run(self.gate.expire))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def ended(self, approval_id: str, seconds: float = 90.0) -> Approval:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            approval = await self.approvals.get(approval_id)
            if approval.status.ended:
                return approval
            await asyncio.sleep(0.02)
        raise AssertionError(f"it did not end: {await self.approvals.get(approval_id)}")

    async def world(self, plan: Plan) -> World:
        topic = await self.admin.describe_topic(plan.topic.name)
        try:
            versions = len(await self.registry.versions(plan.schema_plan.subject))
        except SubjectNotFoundError:
            versions = 0
        try:
            await self.products.get(plan.product.id, deleted=True)
            products = 1
        except ProductNotFoundError:
            products = 0
        return World(int(topic is not None), versions, products)

    def reviewer(self, admin: KafkaAdmin | None = None) -> PlanReviewer:
        """A review that gives access as the server's does; `admin` is another cluster's."""
        facts, book = PlanFactsRepository(self.pool), read_price_book(None)
        return PlanReviewer(facts, admin or self.admin, self.registry, book, "User:{team}")

    def bindings(self, plan: Plan) -> list[tuple[str, str]]:
        """Principal and operation of all that Kafka itself tells to be bound to the topic."""
        return self._bindings(plan).granted()

    def _bindings(self, plan: Plan) -> Bindings:
        return Bindings(self.bootstrap_servers, plan.topic.name)

    async def clean(self) -> None:
        names = {plan.topic.name for plan in self.made}
        there = [topic.name for topic in await self.admin.topics(sorted(names), settings=False)]
        await self.admin.delete_topics(there)
        for plan in self.made:
            if plan.access:
                self._bindings(plan).clear()
        for subject in {plan.schema_plan.subject for plan in self.made}:
            with contextlib.suppress(SubjectNotFoundError):
                await self.registry.delete_subject(subject)
            await self.registry.reset_compatibility(subject)
