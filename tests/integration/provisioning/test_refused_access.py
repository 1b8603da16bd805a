"""Clusters on which no access can be given: without an authorizer, or without rights for us."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)

from core.approval import ApprovalStatus, Verdict
from server.gate import Gate
from server.refusals import PlanRefusedError
from tests.integration.kafka.cluster import NO_AUTHORIZER, NO_SUPER_USERS, kafka_with
from tests.integration.provisioning.ground import JANE, NOTHING, Ground
from tests.integration.provisioning.plans import FRAUD_TEAM, plan_of
from tools.db.pool import open_pool
from tools.kafka.admin import Acl, KafkaAdmin
from tools.kafka.connection import KafkaConnection
from tools.kafka.errors import AclsDisabledError, KafkaDeniedError
from tools.registry.client import Registry

ADVICE = "Set authorizer.class.name on its brokers, or unset HEADWATER_ACL_PRINCIPAL"


@pytest.fixture(scope="module")
async def unguarded(new_data_dir: Callable[[], Path]) -> AsyncIterator[str]:
    """The address of a Kafka without an authorizer."""
    async with kafka_with(new_data_dir(), NO_AUTHORIZER) as address:
        yield address


@pytest.fixture(scope="module")
async def guarded(new_data_dir: Callable[[], Path]) -> AsyncIterator[str]:
    """The address of a Kafka on which we may do all but change ACLs."""
    async with kafka_with(new_data_dir(), NO_SUPER_USERS) as address:
        client = AdminClient({"bootstrap.servers": address})
        _bind(client, AclOperation.ALL, AclPermissionType.ALLOW)
        _bind(client, AclOperation.ALTER, AclPermissionType.DENY)
        yield address


def _bind(client: AdminClient, operation: AclOperation, permission: AclPermissionType) -> None:
    """On the cluster, for ourselves."""
    made = AclBinding(
        ResourceType.BROKER,
        "kafka-cluster",
        ResourcePatternType.LITERAL,
        "User:ANONYMOUS",
        "*",
        operation,
        permission,
    )
    for future in client.create_acls([made]).values():
        future.result(10)


@contextlib.asynccontextmanager
async def ground_on(address: str, database_url: str, registry_url: str) -> AsyncIterator[Ground]:
    pool, registry = await open_pool(database_url), Registry(registry_url)
    prefix = f"p{secrets.token_hex(4)}"
    admin = KafkaAdmin(KafkaConnection(address))
    ground = Ground(database_url, pool, admin, registry, prefix, address)
    yield await ground.open()
    await registry.close()
    await pool.close()


@pytest.fixture
async def open_ground(
    unguarded: str, database_url: str, registry_url: str
) -> AsyncIterator[Ground]:
    async with ground_on(unguarded, database_url, registry_url) as ground:
        yield ground


async def test_without_an_authorizer_the_review_says_what_to_do(open_ground: Ground) -> None:
    review = open_ground.reviewer()
    plan = review.granted(plan_of(f"{open_ground.prefix}.fraud-scores"))

    (problem,) = await review.problems(plan)

    assert problem.startswith("access: ")
    assert ADVICE in problem
    assert await review.problems(plan.model_copy(update={"access": ()})) == ()
    with pytest.raises(AclsDisabledError, match="HEADWATER_ACL_PRINCIPAL"):
        await review.require_acls()


async def test_without_an_authorizer_a_plan_that_is_changed_at_the_gate_is_refused(
    open_ground: Ground,
) -> None:
    gate = Gate(open_ground.pool, open_ground.provisioning, open_ground.reviewer())
    made = await open_ground.propose(plan_of(f"{open_ground.prefix}.fraud-scores"))
    owner = {"product.owner": "group:default/payments"}

    with pytest.raises(PlanRefusedError, match="no authorizer"):
        await gate.decide(made.id, JANE, Verdict.MODIFY, changes=owner)


async def test_without_an_authorizer_a_plan_fails_before_anything_is_made(
    open_ground: Ground,
) -> None:
    plan = plan_of(f"{open_ground.prefix}.fraud-scores", access=(FRAUD_TEAM,))
    approval = await open_ground.approved(plan)

    async with open_ground.working():
        ended = await open_ground.ended(approval.id)

    assert ended.status is ApprovalStatus.FAILED
    assert {step.attempts for step in ended.steps} == {1, 0}
    assert "The step check failed" in str(ended.error)
    assert ADVICE in str(ended.error)
    assert await open_ground.world(plan) == NOTHING


async def test_without_an_authorizer_a_plan_without_access_is_carried_out(
    open_ground: Ground,
) -> None:
    approval = await open_ground.approved(plan_of(f"{open_ground.prefix}.fraud-scores"))

    async with open_ground.working():
        ended = await open_ground.ended(approval.id)

    assert ended.status is ApprovalStatus.ACTIVE
    await open_ground.clean()


async def test_an_acl_that_no_authorizer_takes_is_a_named_error(open_ground: Ground) -> None:
    granted = {Acl("User:team-a", "read")}

    for ask in (
        open_ground.admin.acls("a"),
        open_ground.admin.create_acls("a", granted),
        open_ground.admin.delete_acls("a", granted),
    ):
        with pytest.raises(AclsDisabledError, match="no authorizer"):
            await ask


async def test_without_the_right_to_change_acls_a_plan_fails_before_anything_is_made(
    guarded: str, database_url: str, registry_url: str
) -> None:
    async with ground_on(guarded, database_url, registry_url) as ground:
        plan = plan_of(f"{ground.prefix}.fraud-scores", access=(FRAUD_TEAM,))
        (problem,) = await ground.reviewer().problems(plan)
        approval = await ground.approved(plan)
        async with ground.working():
            ended = await ground.ended(approval.id)
        world = await ground.world(plan)

    assert "Describe and Alter on the cluster" in problem
    assert "The step check failed: Kafka refused to let us change ACLs" in str(ended.error)
    assert world == NOTHING


async def test_without_that_right_no_look_is_taken_for_an_empty_one(guarded: str) -> None:
    admin = KafkaAdmin(KafkaConnection(guarded))

    with pytest.raises(KafkaDeniedError):
        await admin.acls("a")
    with pytest.raises(KafkaDeniedError):
        await admin.create_acls("a", {Acl("User:team-a", "read")})


async def test_a_kafka_that_is_away_says_nothing_on_acls(ground: Ground) -> None:
    away = KafkaAdmin(KafkaConnection("127.0.0.1:1"), timeout=1.0)
    review = ground.reviewer(away)
    plan = review.granted(plan_of(f"{ground.prefix}.fraud-scores"))

    around = await review.surroundings(plan)

    await review.require_acls()
    assert around.facts.no_acls is None
    assert any("keeps ACLs is not known" in each for each in around.silent)
    assert await review.problems(plan) == ()
