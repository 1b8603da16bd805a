from __future__ import annotations

import pytest

from core.access import Access, Operation
from core.approval import Approval, ApprovalStatus, StepStatus, Verdict
from core.plan import Plan
from core.provisioned import provisioned
from graph.provisioning.saga import Saga
from graph.provisioning.step import ClashError, Result, SagaStep, Work
from server.gate import Gate
from tests.integration.provisioning.ground import JANE, NOTHING, ONE_OF_EACH, Ground
from tests.integration.provisioning.plans import FRAUD_TEAM, plan_of
from tools.db.pool import Pool
from tools.kafka.admin import Acl

ALL = ("describe", "read", "write")
OURS, OTHERS = "User:fraud-team", "User:payments"


class FailingSaga(Saga):
    """Fails for good at its last step."""

    async def _do(self, step: SagaStep, work: Work) -> Result:
        if step.name == "rules":
            raise ClashError("this plan is meant to fail here.")
        return await super()._do(step, work)


def granting(ground: Ground) -> Plan:
    return plan_of(f"{ground.prefix}.fraud-scores", access=(FRAUD_TEAM,))


async def carried_out(ground: Ground, approval: Approval) -> Approval:
    async with ground.working():
        return await ground.ended(approval.id)


async def test_the_owner_may_read_write_and_describe_the_topic_afterwards(ground: Ground) -> None:
    plan = granting(ground)

    ended = await carried_out(ground, await ground.approved(plan))

    assert (ended.status, ended.error) == (ApprovalStatus.ACTIVE, None)
    assert [step.name for step in ended.steps][-3:] == ["product", "access", "rules"]
    assert ground.bindings(plan) == [(OURS, operation) for operation in ALL]
    result = provisioned(ended)
    assert result is not None
    assert result.access == (FRAUD_TEAM,)
    assert "access of User:fraud-team: read, write, describe" in result.words


async def test_a_plan_without_access_has_no_such_step(ground: Ground) -> None:
    plan = plan_of(f"{ground.prefix}.fraud-scores")

    ended = await carried_out(ground, await ground.approved(plan))

    assert "access" not in {step.name for step in ended.steps}
    assert ground.bindings(plan) == []


async def test_only_what_the_plan_names_is_granted(ground: Ground) -> None:
    reader = Access(principal=OTHERS, operations=(Operation.READ,))
    plan = plan_of(f"{ground.prefix}.fraud-scores", access=(FRAUD_TEAM, reader))

    await carried_out(ground, await ground.approved(plan))

    assert ground.bindings(plan) == [*((OURS, each) for each in ALL), (OTHERS, "read")]


async def test_a_step_that_fails_later_takes_back_what_this_plan_granted_alone(
    ground: Ground, pool: Pool
) -> None:
    plan = granting(ground)
    before = {Acl(OURS, "read"), Acl(OTHERS, "write")}
    await ground.admin.create_acls(plan.topic.name, before)
    approval = await ground.approved(plan)

    ended = await FailingSaga(pool, ground.admin, ground.registry).run(approval.id)

    assert ended.status is ApprovalStatus.FAILED
    assert f"The access of {OURS} to the topic {plan.topic.name} was taken back." in str(
        ended.error
    )
    assert ground.bindings(plan) == [(OURS, "read"), (OTHERS, "write")]
    assert await ground.world(plan) == NOTHING


async def test_where_all_was_granted_before_nothing_is_taken_back(
    ground: Ground, pool: Pool
) -> None:
    plan = granting(ground)
    await ground.admin.create_acls(plan.topic.name, {Acl(OURS, each) for each in ALL})
    approval = await ground.approved(plan)

    ended = await FailingSaga(pool, ground.admin, ground.registry).run(approval.id)

    assert "access" not in str(ended.error)
    assert ground.bindings(plan) == [(OURS, each) for each in ALL]


async def test_a_failure_before_the_step_touches_no_acls(ground: Ground, pool: Pool) -> None:
    plan = granting(ground)
    await ground.admin.create_acls(plan.topic.name, {Acl(OURS, "read")})
    approval = await ground.approved(plan)

    class Early(Saga):
        async def _do(self, step: SagaStep, work: Work) -> Result:
            if step.name == "access":
                raise ClashError("this plan is meant to fail here.")
            return await super()._do(step, work)

    ended = await Early(pool, ground.admin, ground.registry).run(approval.id)

    states = {step.name: step.status for step in ended.steps}
    assert (states["access"], states["rules"]) == (StepStatus.FAILED, StepStatus.WAITING)
    assert ground.bindings(plan) == [(OURS, "read")]


@pytest.fixture
def reviewed(ground: Ground) -> Gate:
    """A gate whose review gives access as the server's does."""
    return Gate(ground.pool, ground.provisioning, ground.reviewer())


async def test_an_owner_whom_the_approver_names_gets_the_access_and_the_drafted_one_none(
    ground: Ground, reviewed: Gate
) -> None:
    plan = granting(ground)
    made = await ground.propose(plan)
    changes = {"product.owner": "group:default/payments"}

    decided = await reviewed.decide(made.id, JANE, Verdict.MODIFY, changes=changes)
    again = await reviewed.decide(made.id, JANE, Verdict.MODIFY, changes=changes)
    ended = await carried_out(ground, decided)

    assert (ended.status, ended.error) == (ApprovalStatus.ACTIVE, None)
    assert ground.bindings(plan) == [(OTHERS, operation) for operation in ALL]
    assert decided.plan_hash == decided.plan.hash == again.plan_hash
    assert await ground.world(plan) == ONE_OF_EACH


async def test_a_change_of_something_else_leaves_the_access_as_it_was_shown(
    ground: Ground, reviewed: Gate
) -> None:
    shown = Access(principal="User:svc-fraud-team", operations=(Operation.READ,))
    made = await ground.propose(plan_of(f"{ground.prefix}.fraud-scores", access=(shown,)))

    decided = await reviewed.decide(made.id, JANE, Verdict.MODIFY, changes={"topic.partitions": 3})

    assert decided.plan.access == (shown,)
