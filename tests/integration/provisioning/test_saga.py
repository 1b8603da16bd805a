from __future__ import annotations

import json
from dataclasses import replace

import pytest
from confluent_kafka import Producer

from core.approval import Approval, ApprovalStatus, Step, StepStatus, Verdict
from core.plan import Compatibility, PlanKind, SchemaPlan
from core.product import DataProduct, Lifecycle, OutputPort
from core.provisioned import provisioned
from graph.provisioning.product import product_of
from graph.provisioning.saga import NotApprovedError, Saga
from graph.provisioning.step import ClashError, Result, SagaStep, Work
from tests.integration.provisioning.ground import (
    JANE,
    NOTHING,
    ONE_OF_EACH,
    Ground,
    World,
)
from tests.integration.provisioning.plans import SCORES, plan_of, topic_plan
from tools.db.pool import Pool


class FailingSaga(Saga):
    """Fails for good at its last step, after `meanwhile`."""

    async def meanwhile(self, approval: Approval) -> None:
        return

    async def _do(self, step: SagaStep, work: Work) -> Result:
        if step.name == "rules":
            await self.meanwhile(work.approval)
            raise ClashError("this plan is meant to fail here.")
        return await super()._do(step, work)


async def carried_out(ground: Ground, approval: Approval) -> Approval:
    async with ground.working():
        return await ground.ended(approval.id)


async def test_an_approved_plan_becomes_topic_schema_product_and_rules(ground: Ground) -> None:
    plan = plan_of(f"{ground.prefix}.fraud-scores")

    ended = await carried_out(ground, await ground.approved(plan))

    assert (ended.status, ended.error) == (ApprovalStatus.ACTIVE, None)
    assert {step.status for step in ended.steps} == {StepStatus.DONE}
    assert await ground.world(plan) == ONE_OF_EACH
    topic = await ground.admin.describe_topic(plan.topic.name)
    assert topic is not None
    assert (topic.partitions, topic.own["retention.ms"]) == (2, "86400000")
    assert await ground.registry.compatibility(plan.schema_plan.subject) == "FULL"
    product = await ground.products.get(plan.product.id)
    assert (product.lifecycle, product.topics) == (Lifecycle.ACTIVE, (plan.topic.name,))
    rules = await ground.products.rules(product.id)
    assert [active for _, _, active in rules] == [True, True]


async def test_the_result_is_told_as_data_and_in_words(ground: Ground) -> None:
    plan = plan_of(f"{ground.prefix}.fraud-scores")

    result = provisioned(await carried_out(ground, await ground.approved(plan)))

    assert result is not None
    version = await ground.registry.version(plan.schema_plan.subject)
    assert (result.product_id, result.topic) == (plan.product.id, plan.topic.name)
    assert (result.subject, result.schema_id) == (plan.schema_plan.subject, version.id)
    assert (result.partitions, result.rules) == (2, 2)
    assert 0 < result.seconds < 20
    assert f"schema id {version.id} as version 1" in result.words


async def test_a_json_schema_is_registered_where_the_plan_says_so(ground: Ground) -> None:
    name = f"{ground.prefix}.fraud-scores"
    schema_plan = SchemaPlan(
        subject=f"{name}-value",
        compatibility=Compatibility.BACKWARD,
        value=SCORES,
        format="json-schema",
    )
    plan = plan_of(name, schema_plan=schema_plan)

    ended = await carried_out(ground, await ground.approved(plan))

    assert ended.status is ApprovalStatus.ACTIVE
    version = await ground.registry.version(schema_plan.subject)
    assert set(json.loads(version.text)["properties"]) == {"transaction_id", "score", "scored_at"}


async def test_a_foreign_topic_of_the_name_is_a_clash_and_stays_as_it_is(ground: Ground) -> None:
    plan = plan_of(f"{ground.prefix}.fraud-scores")
    approval = await ground.approved(plan)
    await ground.admin.create_topic(
        plan.topic.name, partitions=2, replication=1, configs=plan.topic.configs
    )
    before = await ground.admin.describe_topic(plan.topic.name)

    ended = await carried_out(ground, approval)

    assert ended.status is ApprovalStatus.FAILED
    assert "exists already" in str(ended.error)
    assert await ground.admin.describe_topic(plan.topic.name) == before
    assert await ground.world(plan) == World(topics=1, versions=0, products=0)


async def test_a_taken_subject_or_product_id_is_a_clash(ground: Ground) -> None:
    subject, product = (plan_of(f"{ground.prefix}.{name}") for name in ("a", "b"))
    approvals = [await ground.approved(plan) for plan in (subject, product)]
    text = json.dumps({"type": "record", "name": "Other", "fields": []})
    await ground.registry.register_schema(subject.schema_plan.subject, text)
    other = DataProduct(
        **product.product.model_dump(), lifecycle=Lifecycle.DRAFT, ports=(), version="1.0.0"
    )
    await ground.products.put(other)

    async with ground.working():
        by_subject, by_product = [await ground.ended(each.id) for each in approvals]

    assert "has schemas already" in str(by_subject.error)
    assert await ground.world(subject) == World(topics=0, versions=1, products=0)
    assert "is taken by" in str(by_product.error)
    assert await ground.world(product) == World(topics=0, versions=0, products=1)


async def test_a_topic_that_another_product_holds_undoes_what_was_made(ground: Ground) -> None:
    plan = plan_of(f"{ground.prefix}.fraud-scores")
    holder = DataProduct(
        id="holder",
        name="Holder",
        description="Holds the topic's name before it exists.",
        owner="group:default/others",
        domain="risk",
        lifecycle=Lifecycle.ACTIVE,
        ports=(OutputPort(cluster="default", topic=plan.topic.name),),
    )
    await ground.products.put(holder)

    ended = await carried_out(ground, await ground.approved(plan))

    assert ended.status is ApprovalStatus.FAILED
    assert "output ports of another product" in str(ended.error)
    assert await ground.world(plan) == NOTHING
    assert [step.status for step in ended.steps] == [
        StepStatus.UNDONE,
        StepStatus.UNDONE,
        StepStatus.UNDONE,
        StepStatus.FAILED,
        StepStatus.WAITING,
    ]


async def test_a_product_that_took_the_id_meanwhile_is_left_alone(
    ground: Ground, pool: Pool
) -> None:
    plan = plan_of(f"{ground.prefix}.fraud-scores")
    approval = await ground.approved(plan)

    class Overtaken(Saga):
        def _work(self, approval: Approval, row: Step) -> Work:
            work = super()._work(approval, row)

            async def note(result: Result) -> None:
                await work.note(result)
                if row.name == "product":
                    port = OutputPort(cluster="default", topic="another")
                    other = product_of(plan).model_copy(update={"ports": (port,)})
                    await ground.products.put(other)

            return replace(work, note=note)

    ended = await Overtaken(pool, ground.admin, ground.registry).run(approval.id)

    assert "exists already" in str(ended.error)
    assert (await ground.products.get(plan.product.id)).topics == ("another",)
    assert await ground.world(plan) == World(topics=0, versions=0, products=1)


async def test_what_holds_messages_is_kept_and_said(ground: Ground, pool: Pool) -> None:
    plan = plan_of(f"{ground.prefix}.fraud-scores")
    approval = await ground.approved(plan)

    class Written(FailingSaga):
        async def meanwhile(self, approval: Approval) -> None:
            producer = Producer({"bootstrap.servers": ground.bootstrap_servers})
            producer.produce(approval.plan.topic.name, b"{}")
            assert producer.flush(10) == 0

    ended = await Written(pool, ground.admin, ground.registry).run(approval.id)

    assert ended.status is ApprovalStatus.FAILED
    assert f"The topic {plan.topic.name} was kept: messages" in str(ended.error)
    assert f"The schema of {plan.schema_plan.subject} was kept" in str(ended.error)
    assert f"The product {plan.product.id} was taken back." in str(ended.error)
    assert await ground.world(plan) == World(topics=1, versions=1, products=0)


async def test_a_topic_that_was_made_anew_by_others_is_left_alone(
    ground: Ground, pool: Pool
) -> None:
    plan = plan_of(f"{ground.prefix}.fraud-scores")
    approval = await ground.approved(plan)

    class Replaced(FailingSaga):
        async def meanwhile(self, approval: Approval) -> None:
            name = approval.plan.topic.name
            await ground.admin.delete_topic(name)
            configs = approval.plan.topic.configs
            await ground.admin.create_topic(name, partitions=2, replication=1, configs=configs)

    ended = await Replaced(pool, ground.admin, ground.registry).run(approval.id)

    assert "was left alone" in str(ended.error)
    assert (await ground.world(plan)).topics == 1


async def test_a_plan_that_the_cluster_refuses_fails_with_its_reason(ground: Ground) -> None:
    name = f"{ground.prefix}.fraud-scores"
    plan = plan_of(name, topic=topic_plan(name, replication=7))

    ended = await carried_out(ground, await ground.approved(plan))

    assert ended.status is ApprovalStatus.FAILED
    assert "replication" in str(ended.error).lower()
    assert await ground.world(plan) == NOTHING


async def test_nothing_is_made_of_a_plan_that_was_changed_after_the_decision(
    ground: Ground,
) -> None:
    plan = plan_of(f"{ground.prefix}.fraud-scores")
    approval = await ground.approved(plan)
    async with ground.pool.connection() as conn:
        await conn.execute(
            "update approvals set plan = jsonb_set(plan, '{topic,partitions}', '64')"
        )

    ended = await carried_out(ground, approval)

    assert ended.status is ApprovalStatus.FAILED
    assert "not the one that was decided on" in str(ended.error)
    assert await ground.world(plan) == NOTHING


async def test_nothing_is_made_without_a_decision(ground: Ground) -> None:
    plan = plan_of(f"{ground.prefix}.fraud-scores")
    approval = await ground.propose(plan)

    with pytest.raises(NotApprovedError, match="not approved"):
        await ground.saga.run(approval.id)

    assert await ground.world(plan) == NOTHING


async def test_a_promotion_changes_only_what_its_plan_wants_otherwise(ground: Ground) -> None:
    name = f"{ground.prefix}.orders"
    await ground.admin.create_topic(
        name, partitions=1, replication=1, configs={"retention.ms": "1000", "segment.ms": "60000"}
    )
    wanted = topic_plan(
        name,
        partitions=3,
        settings={"segment.ms": "60000", "max.message.bytes": "1000000"},
        observed={"retention.ms": "1000", "segment.ms": "60000", "cleanup.policy": "delete"},
    )
    plan = plan_of(name, kind=PlanKind.PROMOTE, topic=wanted)
    approval = await ground.approved(plan)
    await ground.admin.alter_settings(name, {"segment.ms": "90000"})

    ended = await carried_out(ground, approval)

    assert ended.status is ApprovalStatus.ACTIVE
    topic = await ground.admin.describe_topic(name)
    assert topic is not None
    assert topic.own == {
        "retention.ms": "86400000",
        "max.message.bytes": "1000000",
        "segment.ms": "90000",
    }
    assert topic.partitions == 3
    assert await ground.world(plan) == ONE_OF_EACH


async def test_a_promotion_that_fails_gives_the_topic_its_settings_back(
    ground: Ground, pool: Pool
) -> None:
    name = f"{ground.prefix}.orders"
    await ground.admin.create_topic(
        name, partitions=2, replication=1, configs={"retention.ms": "1000"}
    )
    text = json.dumps({"type": "record", "name": "Old", "fields": []})
    await ground.registry.register_schema(f"{name}-value", text)
    await ground.registry.set_compatibility("BACKWARD", f"{name}-value")
    wanted = topic_plan(name, settings={"max.message.bytes": "1000000"})
    schema_plan = SchemaPlan(
        subject=f"{name}-value", compatibility=Compatibility.NONE, value=SCORES
    )
    plan = plan_of(name, kind=PlanKind.PROMOTE, topic=wanted, schema_plan=schema_plan)
    approval = await ground.approved(plan)

    ended = await FailingSaga(pool, ground.admin, ground.registry).run(approval.id)

    assert ended.status is ApprovalStatus.FAILED
    topic = await ground.admin.describe_topic(name)
    assert topic is not None
    assert topic.own == {"retention.ms": "1000"}
    assert await ground.registry.versions(f"{name}-value") == (1,)
    assert await ground.registry.compatibility(f"{name}-value") == "BACKWARD"
    assert await ground.world(plan) == World(topics=1, versions=1, products=0)


async def test_fewer_partitions_are_refused_to_a_promotion(ground: Ground) -> None:
    name = f"{ground.prefix}.orders"
    await ground.admin.create_topic(name, partitions=6, replication=1)
    plan = plan_of(name, kind=PlanKind.PROMOTE)

    ended = await carried_out(ground, await ground.approved(plan))

    assert "has 6 partitions" in str(ended.error)


async def test_of_two_plans_for_one_topic_the_second_waits_for_nothing_and_touches_nothing(
    ground: Ground, pool: Pool
) -> None:
    plan = plan_of(f"{ground.prefix}.fraud-scores")
    first, second = [
        await ground.gate.decide((await ground.propose(plan, thread)).id, JANE, Verdict.APPROVE)
        for thread in ("generation-1", "generation-2")
    ]

    class Overlapping(Saga):
        async def _do(self, step: SagaStep, work: Work) -> Result:
            made = await super()._do(step, work)
            if (work.approval.id, step.name) == (first.id, "topic"):
                refused = await ground.saga.run(second.id)
                assert f"{first.id} is being carried out" in str(refused.error)
            return made

    ended = await Overlapping(pool, ground.admin, ground.registry).run(first.id)

    assert ended.status is ApprovalStatus.ACTIVE
    assert (await ground.approvals.get(second.id)).status is ApprovalStatus.FAILED
    assert await ground.world(plan) == ONE_OF_EACH
