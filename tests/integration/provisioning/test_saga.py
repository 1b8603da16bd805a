from __future__ import annotations

from core.approval import ApprovalStatus, StepStatus
from core.provisioned import provisioned
from tests.integration.provisioning.ground import ONE_OF_EACH, Ground
from tests.integration.provisioning.plans import plan_of


async def test_an_approved_plan_becomes_topic_schema_product_and_rules(ground: Ground) -> None:
    plan = plan_of(f"{ground.prefix}.fraud-scores")
    approval = await ground.approved(plan)

    async with ground.working():
        ended = await ground.ended(approval.id)

    assert (ended.status, ended.error) == (ApprovalStatus.ACTIVE, None)
    assert {step.status for step in ended.steps} == {StepStatus.DONE}
    assert await ground.world(plan) == ONE_OF_EACH
    topic = await ground.admin.describe_topic(plan.topic.name)
    assert topic is not None
    assert (topic.partitions, topic.own["retention.ms"]) == (2, "86400000")
    assert await ground.registry.compatibility(plan.schema_plan.subject) == "FULL"
    product = await ground.products.get(plan.product.id)
    assert product.topics == (plan.topic.name,)
    assert all(active for _, _, active in await ground.products.rules(product.id))
    result = provisioned(ended)
    assert result is not None
    assert result.rules == 2
    print(result.words)
