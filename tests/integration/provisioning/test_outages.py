from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from core.approval import Approval, ApprovalStatus, StepStatus
from graph.provisioning.saga import Saga
from graph.provisioning.step import ClashError, Result, SagaStep, Work
from tests.integration.gate import Gate
from tests.integration.provisioning.ground import NOTHING, ONE_OF_EACH, Ground
from tests.integration.provisioning.kafka_gate import KafkaGate
from tests.integration.provisioning.plans import FRAUD_TEAM, plan_of
from tests.integration.provisioning.worker_process import STEPS
from tools.db.pool import open_pool
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection
from tools.registry.client import Registry

BEFORE = tuple(f"{step}-before" for step in STEPS)
AFTER = tuple(f"{step}-after" for step in STEPS)
"""Done, and not noted yet."""
_AWAY_SECONDS = 0.5

Disturb = Callable[[str], Awaitable[None]]


class Disturbed(Saga):
    """Tells, with the topic's name, when a step is about to be done and when it was."""

    disturb: Disturb

    async def _do(self, step: SagaStep, work: Work) -> Result:
        await self.disturb(f"{work.plan.topic.name}:{step.name}-before")
        result = await super()._do(step, work)
        await self.disturb(f"{work.plan.topic.name}:{step.name}-after")
        return result


class Outages:
    """Closes a gate at the point that a topic's name says, once, and opens it again."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._at = asyncio.Lock()
        self._again: set[asyncio.Task[None]] = set()
        self.happened: set[str] = set()

    async def __call__(self, reached: str) -> None:
        topic, _, point = reached.partition(":")
        if not topic.endswith(f".{point}") or point in self.happened:
            return
        self.happened.add(point)
        closed = asyncio.Event()
        task = asyncio.create_task(self._outage(closed))
        self._again.add(task)
        task.add_done_callback(self._again.discard)
        await closed.wait()

    async def _outage(self, closed: asyncio.Event) -> None:
        async with self._at:
            await self._gate.close()
            closed.set()
            await asyncio.sleep(_AWAY_SECONDS)
            await self._gate.open()


class Gates:
    """The three servers behind gates, and a ground that reaches them through these alone."""

    def __init__(self, ground: Ground, bootstrap_servers: str, registry_url: str) -> None:
        host, _, port = bootstrap_servers.split(",")[0].rpartition(":")
        self._ground = ground
        self._registry_url = registry_url
        self.of = {
            "kafka": KafkaGate(host, int(port)),
            "registry": Gate.before(registry_url),
            "postgres": Gate.before(ground.database_url),
        }

    @contextlib.asynccontextmanager
    async def disturbed(self, disturb: Disturb, **more: Any) -> AsyncIterator[Ground]:
        """A worker behind the gates."""
        async with contextlib.AsyncExitStack() as stack:
            for gate in self.of.values():
                await stack.enter_async_context(gate)
            url = self.of["postgres"].url(self._ground.database_url)
            pool = await open_pool(url, timeout=1.0)
            stack.push_async_callback(pool.close)
            registry = Registry(self.of["registry"].url(self._registry_url), pause=0.1, timeout=1.0)
            stack.push_async_callback(registry.close)
            servers = KafkaConnection(f"127.0.0.1:{self.of['kafka'].port}")
            admin = KafkaAdmin(servers, timeout=1.0)
            ground = Ground(url, pool, admin, registry, "", saga_of=Disturbed, **more)
            await ground.open()
            ground.saga.disturb = disturb  # type: ignore[attr-defined]
            async with ground.working():
                yield ground


@pytest.fixture
def gates(ground: Ground, bootstrap_servers: str, registry_url: str) -> Gates:
    return Gates(ground, bootstrap_servers, registry_url)


@pytest.mark.parametrize(
    ("server", "points"),
    [("kafka", BEFORE), ("registry", BEFORE), ("postgres", BEFORE + AFTER)],
)
async def test_a_plan_goes_on_when_a_server_that_was_away_is_back(
    ground: Ground, gates: Gates, server: str, points: tuple[str, ...]
) -> None:
    plans = [plan_of(f"{ground.prefix}.{point}", access=(FRAUD_TEAM,)) for point in points]
    approvals = [await ground.approved(plan) for plan in plans]
    outages = Outages(gates.of[server])

    async with gates.disturbed(outages):
        ended = [await ground.ended(each.id, 60.0) for each in approvals]

    assert outages.happened == set(points)
    assert {(each.status, each.error) for each in ended} == {(ApprovalStatus.ACTIVE, None)}
    assert [await ground.world(plan) for plan in plans] == [ONE_OF_EACH] * len(points)
    assert {len(ground.bindings(plan)) for plan in plans} == {len(FRAUD_TEAM.operations)}


async def test_a_plan_is_undone_when_a_server_stays_away_for_too_long(
    ground: Ground, gates: Gates
) -> None:
    plan = plan_of(f"{ground.prefix}.fraud-scores")
    approval = await ground.approved(plan)

    async def disturb(reached: str) -> None:
        if reached.endswith(":schema-before"):
            await gates.of["registry"].close()

    async with gates.disturbed(disturb, patience=timedelta(seconds=1)):
        ended = await ground.ended(approval.id)

    assert ended.status is ApprovalStatus.FAILED
    assert [step.status for step in ended.steps] == [
        StepStatus.UNDONE,
        StepStatus.UNDONE,
        StepStatus.FAILED,
        StepStatus.WAITING,
        StepStatus.WAITING,
    ]
    assert "does not answer" in str(ended.error)
    assert f"The topic {plan.topic.name} was deleted." in str(ended.error)
    assert await ground.world(plan) == NOTHING


async def test_undoing_waits_for_the_server_that_it_needs(ground: Ground, gates: Gates) -> None:
    plan = plan_of(f"{ground.prefix}.fraud-scores")
    approval = await ground.approved(plan)

    async def disturb(reached: str) -> None:
        if reached.endswith(":product-before"):
            await gates.of["kafka"].close()
            raise ClashError("this plan is meant to fail here.")

    async with gates.disturbed(disturb):
        await step_of(ground, approval.id, "product", StepStatus.FAILED)
        await asyncio.sleep(0.5)
        assert not (await ground.approvals.get(approval.id)).status.ended
        await gates.of["kafka"].open()
        ended = await ground.ended(approval.id)

    assert ended.status is ApprovalStatus.FAILED
    assert "meant to fail" in str(ended.error)
    assert await ground.world(plan) == NOTHING


async def step_of(ground: Ground, approval_id: str, name: str, status: StepStatus) -> Approval:
    """The approval as soon as its step has that status."""
    async with asyncio.timeout(20):
        while True:
            approval = await ground.approvals.get(approval_id)
            if (name, status) in {(step.name, step.status) for step in approval.steps}:
                return approval
            await asyncio.sleep(0.05)
