from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from core.approval import ApprovalStatus, Verdict
from core.generation import GenerationRequest
from core.plan import Plan
from server.gate import Gate
from server.policy import Policy
from server.workers.provisioning import Provisioning
from server.workers.queue_worker import Pace
from tests.integration.provisioning.ground import (
    ASKER,
    JANE,
    NOTHING,
    ONE_OF_EACH,
    Ground,
    NoObjections,
)
from tests.integration.provisioning.plans import plan_of

_LISTENING = (
    "select 1 from pg_stat_activity where datname = current_database() and query ilike 'listen%%'"
)


async def test_fifty_identical_decisions_provision_once(ground: Ground) -> None:
    plan = plan_of(f"{ground.prefix}.fraud-scores")
    made = await ground.propose(plan)

    async with ground.working():
        told = await asyncio.gather(
            *(ground.gate.decide(made.id, JANE, Verdict.APPROVE) for _ in range(50))
        )
        ended = await ground.ended(made.id)

    assert {each.id for each in told} == {made.id}
    assert ended.status is ApprovalStatus.ACTIVE
    assert {step.attempts for step in ended.steps} == {1}
    assert await ground.world(plan) == ONE_OF_EACH


async def test_a_worker_hears_of_a_decision_and_does_not_wait_to_look(ground: Ground) -> None:
    seldom = Pace(heartbeat=0.2, stalled=600.0, look=600.0, poll=600.0)
    ground.provisioning = Provisioning(ground.flow, ground.pool, ground.database_url, pace=seldom)
    ground.gate = Gate(ground.pool, ground.provisioning, NoObjections(), Policy())
    plan = plan_of(f"{ground.prefix}.fraud-scores")
    made = await ground.propose(plan)
    async with ground.working():
        while not await ground.pool.rows(_LISTENING, {}):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        await ground.gate.decide(made.id, JANE, Verdict.APPROVE)
        ended = await ground.ended(made.id)

    assert ended.status is ApprovalStatus.ACTIVE


async def test_a_thread_that_is_started_twice_has_one_approval(ground: Ground) -> None:
    request = GenerationRequest(
        product_name=f"{ground.prefix}.scores", owner="fraud-team", description="Scores."
    )
    ground.made.append(plan_of(request.product_name))

    one = await ground.flow.start("generation-1", request, ASKER)
    again = await ground.flow.start("generation-1", request, ASKER)

    assert (one.id, one.requested_by) == (again.id, ASKER)
    assert one.status is ApprovalStatus.PENDING


async def test_a_draft_that_fails_can_be_started_again(ground: Ground) -> None:
    plan = plan_of(f"{ground.prefix}.scores")
    failures = [OSError("the model is away")]

    class Recovering:
        async def draft(self, request: GenerationRequest, requested_by: str) -> Plan:
            if failures:
                raise failures.pop()
            return plan

    ground.flow._drafter = Recovering()
    request = GenerationRequest(product_name="Scores", owner="fraud-team", description="Scores.")

    with pytest.raises(OSError, match="the model is away"):
        await ground.flow.start("generation-2", request, ASKER)

    assert (await ground.flow.start("generation-2", request, ASKER)).plan == plan


async def test_a_flow_is_resumed_whatever_its_checkpoint_says(ground: Ground) -> None:
    """At the interrupt, ended, and with no checkpoint at all."""
    plans = [plan_of(f"{ground.prefix}.scores-{at}") for at in range(2)]
    waiting, lost = [await ground.approved(plan) for plan in plans]
    await ground.saver.adelete_thread(lost.thread_id)

    for approval in (waiting, lost):
        ended = await ground.flow.resume(approval.id)
        assert ended.status is ApprovalStatus.ACTIVE
        assert await ground.flow.resume(approval.id) == ended
    assert [await ground.world(plan) for plan in plans] == [ONE_OF_EACH] * 2


async def test_a_flow_that_stopped_in_provisioning_goes_on_there(ground: Ground) -> None:
    plan = plan_of(f"{ground.prefix}.scores")
    approval = await ground.approved(plan)
    whole = ground.saga.run

    async def broken(approval_id: str) -> None:
        raise OSError("the process was about to die")

    ground.saga.run = broken  # type: ignore[method-assign, assignment]
    with pytest.raises(OSError, match="about to die"):
        await ground.flow.resume(approval.id)
    ground.saga.run = whole  # type: ignore[method-assign]

    assert (await ground.flow.resume(approval.id)).status is ApprovalStatus.ACTIVE
    assert await ground.world(plan) == ONE_OF_EACH


async def test_a_rejected_plan_ends_its_flow_and_makes_nothing(ground: Ground) -> None:
    plan = plan_of(f"{ground.prefix}.scores")
    made = await ground.propose(plan)
    await ground.gate.decide(made.id, JANE, Verdict.REJECT, "we have one")

    ended = await ground.flow.resume(made.id)

    assert (ended.status, ended.steps) == (ApprovalStatus.REJECTED, ())
    assert not (await ground.flow.state(made.thread_id)).next
    assert await ground.world(plan) == NOTHING


async def test_a_plan_that_nobody_decides_on_expires(ground: Ground) -> None:
    ground.flow._lifetime = timedelta(seconds=0.2)
    plan = plan_of(f"{ground.prefix}.scores")
    made = await ground.propose(plan)

    async with ground.working():
        await asyncio.sleep(0.3)
        await ground.gate.expire()
        for _ in range(200):
            if not (await ground.flow.state(made.thread_id)).next:
                break
            await asyncio.sleep(0.05)

    assert not (await ground.flow.state(made.thread_id)).next
    assert (await ground.approvals.get(made.id)).status is ApprovalStatus.EXPIRED
    assert await ground.world(plan) == NOTHING


async def test_an_approved_plan_whose_job_was_lost_gets_another(ground: Ground) -> None:
    plan = plan_of(f"{ground.prefix}.scores")
    approval = await ground.approved(plan)
    async with ground.pool.connection() as conn:
        await conn.execute("delete from procrastinate_jobs")

    async with ground.working():
        ended = await ground.ended(approval.id)

    assert ended.status is ApprovalStatus.ACTIVE


async def test_two_plans_for_one_topic_make_one_product(ground: Ground) -> None:
    plan = plan_of(f"{ground.prefix}.scores")
    for at in range(4):
        await ground.propose(plan, f"generation-{at}")
    page = await ground.approvals.list()
    for each in page.items:
        await ground.gate.decide(each.id, JANE, Verdict.APPROVE)

    async with ground.working():
        ended = [await ground.ended(each.id) for each in page.items]

    assert sorted(each.status for each in ended) == ["active", "failed", "failed", "failed"]
    assert await ground.world(plan) == ONE_OF_EACH


async def test_two_hundred_requests_at_once_all_wait_for_a_decision(ground: Ground) -> None:
    requests = [
        GenerationRequest(
            product_name=f"{ground.prefix}.scores-{at}", owner="fraud-team", description="Scores."
        )
        for at in range(200)
    ]

    made = await asyncio.gather(
        *(
            ground.flow.start(f"generation-{request.product_name}", request, ASKER)
            for request in requests
        )
    )

    assert len({each.id for each in made}) == 200
    assert {each.status for each in made} == {ApprovalStatus.PENDING}
