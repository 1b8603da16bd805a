"""Decisions: once, by the right person, on exactly the plan that was looked at."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.approval import Approval, ApprovalStatus, Verdict
from core.plan_changes import InvalidChangesError
from server.embedded.stack import EmbeddedStack
from server.gate import Gate, Via
from server.policy import AutoProvision, Policy
from server.principal import Principal, Role
from server.refusals import (
    AlreadyDecidedError,
    ApprovalExpiredError,
    DecisionForbiddenError,
    PlanChangedError,
    PlanRefusedError,
)
from tests.integration.approvals.conftest import BOB, EVE, JANE, VIEWER, House, Jobs, Review
from tests.integration.approvals.plans import a_plan
from tests.integration.gate import Gate as TcpGate
from tools.cost.price_book import read_price_book
from tools.db.approvals import ApprovalNotFoundError
from tools.db.audit import AuditLog
from tools.db.errors import DatabaseUnreachableError
from tools.db.patience import patiently
from tools.db.plan_facts import PlanFactsRepository
from tools.db.pool import Connection, open_pool
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection
from tools.plan_review import PlanReviewer
from tools.registry.client import Registry

EXPIRED = 1e-9


async def test_a_thread_that_comes_again_finds_its_approval(house: House) -> None:
    create, a_day = house.approvals.create, timedelta(days=1)
    thread = "generation-1"

    made = await asyncio.gather(
        *(
            create(a_plan(topic), thread_id=thread, requested_by=JANE.ref, lifetime=a_day)
            for topic in ("one", "two") * 5
        )
    )
    first, again = made[0], made[-1]

    assert again == first
    assert first.plan.hash == first.plan_hash == a_plan(first.plan.topic.name).hash
    assert await house.approvals.of_thread("generation-1") == first
    assert await house.approvals.of_thread("generation-2") is None


async def test_an_approval_is_claimed_audited_and_queued_at_once(house: House) -> None:
    pending = await house.pending()

    decided = await house.gate.decide(pending.id, BOB, Verdict.APPROVE, "fine")

    assert decided.status is ApprovalStatus.APPROVED
    assert decided.decision is not None
    assert decided.decision.model_dump(exclude={"at"}) == {
        "verdict": Verdict.APPROVE,
        "by": BOB.ref,
        "via": "api",
        "comment": "fine",
        "plan_hash": pending.plan_hash,
    }
    assert await house.jobs() == [pending.id]
    entry, created = (await AuditLog(house.pool).list(f"approval:{pending.id}")).items
    assert (created.actor, created.action) == (JANE.ref, "approval.create")
    assert (entry.actor, entry.action) == (BOB.ref, "approval.decide")
    assert entry.before == {"status": "pending", "plan_hash": pending.plan_hash}
    assert entry.after is not None
    assert entry.after["verdict"] == "approve"


async def test_fifty_identical_decisions_at_once_are_one(house: House) -> None:
    pending = await house.pending()
    deciders = (BOB, EVE) * 25

    answers = await asyncio.gather(
        *(house.gate.decide(pending.id, who, Verdict.APPROVE) for who in deciders)
    )

    assert {answer.decision for answer in answers} == {answers[0].decision}
    assert await house.jobs() == [pending.id]
    assert len((await AuditLog(house.pool).list()).items) == 2


async def test_of_contrary_decisions_at_once_one_wins_and_the_others_are_told(
    house: House,
) -> None:
    pending = await house.pending()
    wanted = (Verdict.APPROVE, Verdict.REJECT) * 25

    answers = await asyncio.gather(
        *(house.gate.decide(pending.id, BOB, verdict) for verdict in wanted),
        return_exceptions=True,
    )

    assert Counter(map(type, answers)) == {Approval: 25, AlreadyDecidedError: 25}
    (won,) = {a.decision.verdict for a in answers if isinstance(a, Approval) and a.decision}
    lost = next(a for a in answers if isinstance(a, AlreadyDecidedError))
    assert f"user:default/bob decided {won.value} at 20" in str(lost)
    assert await house.jobs() == [pending.id]


async def test_modifications_at_once_approve_one_plan(house: House) -> None:
    pending = await house.pending()
    wanted = [{"topic.partitions": count} for count in (12, 24) * 10]

    answers = await asyncio.gather(
        *(house.gate.decide(pending.id, BOB, Verdict.MODIFY, changes=each) for each in wanted),
        return_exceptions=True,
    )

    assert Counter(map(type, answers)) == {Approval: 10, AlreadyDecidedError: 10}
    assert await house.jobs() == [pending.id]


async def test_a_modified_plan_is_checked_priced_and_its_hash_approved(house: House) -> None:
    pending = await house.pending()
    changes: dict[str, Any] = {
        "topic.partitions": 12,
        "schema_plan.fields.email": None,
        "schema_plan.sensitive": [],
    }

    decided = await house.gate.decide(
        pending.id, BOB, Verdict.MODIFY, changes=changes, plan_hash=pending.plan_hash
    )
    again = await house.gate.decide(
        pending.id, EVE, Verdict.MODIFY, changes=changes, plan_hash=pending.plan_hash
    )

    assert decided.plan.topic.partitions == 12
    assert decided.plan.cost is not None
    assert decided.plan.cost.total == 6
    assert "email" not in dict(decided.plan.schema_plan.value.walk())
    assert decided.decision is not None
    assert decided.decision.plan_hash == decided.plan_hash == decided.plan.hash
    assert decided.plan_hash != pending.plan_hash
    assert decided.original == pending.plan
    assert again.decision == decided.decision
    with pytest.raises(AlreadyDecidedError):
        await house.gate.decide(pending.id, EVE, Verdict.MODIFY, changes={"topic.partitions": 13})
    with pytest.raises(AlreadyDecidedError):
        await house.gate.decide(pending.id, EVE, Verdict.APPROVE)


async def test_a_modification_that_cannot_be_leaves_the_approval_open(house: House) -> None:
    pending = await house.pending()

    with pytest.raises(InvalidChangesError, match=r"topic\.partitions") as unknown:
        await house.gate.decide(pending.id, BOB, Verdict.MODIFY, changes={"topic.colour": 1})
    with pytest.raises(PlanRefusedError, match="the most"):
        await house.gate.decide(pending.id, BOB, Verdict.MODIFY, changes={"topic.partitions": 500})
    with pytest.raises(InvalidChangesError, match="modify"):
        await house.gate.decide(pending.id, BOB, Verdict.APPROVE, changes={"topic.partitions": 5})
    with pytest.raises(InvalidChangesError, match="none are given"):
        await house.gate.decide(pending.id, BOB, Verdict.MODIFY)

    assert unknown.value.problems[0][0] == "topic.colour"
    assert (await house.approvals.get(pending.id)).status is ApprovalStatus.PENDING
    assert await house.jobs() == []


async def test_an_expired_approval_is_not_decided_but_a_decided_one_repeats(house: House) -> None:
    expired = await house.pending(hours=EXPIRED)
    decided = await house.pending(by=EVE.ref)
    await house.gate.decide(decided.id, BOB, Verdict.REJECT)
    async with house.pool.connection() as conn:
        await conn.execute("update approvals set expires_at = now() where verdict is not null")

    assert expired.status is ApprovalStatus.EXPIRED
    with pytest.raises(ApprovalExpiredError, match="expired undecided"):
        await house.gate.decide(expired.id, BOB, Verdict.APPROVE)
    assert (await house.gate.decide(decided.id, EVE, Verdict.REJECT)).decision is not None
    with pytest.raises(AlreadyDecidedError):
        await house.gate.decide(decided.id, BOB, Verdict.APPROVE)


async def test_expiry_is_noted_once_and_ends_the_flow(house: House) -> None:
    expired = await house.pending(hours=EXPIRED)
    await house.pending()

    noted = await asyncio.gather(*(house.gate.expire() for _ in range(5)))

    assert [approval.id for each in noted for approval in each] == [expired.id]
    assert await house.jobs() == [expired.id]
    listed = await house.approvals.list(ApprovalStatus.EXPIRED)
    assert [each.id for each in listed.items] == [expired.id]


@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.MODIFY])
async def test_a_requester_cannot_approve_his_own_plan(house: House, verdict: Verdict) -> None:
    pending = await house.pending(by="User:Default/JANE")
    changes = {"topic.partitions": 3} if verdict is Verdict.MODIFY else None

    with pytest.raises(DecisionForbiddenError, match="asked for this plan"):
        await house.gate.decide(pending.id, JANE, verdict, changes=changes)


async def test_a_requester_may_reject_his_own_and_approve_where_policy_says(house: House) -> None:
    rejected, approved = await house.pending(), await house.pending(a_plan("other"))
    lenient = house.with_policy(Policy(four_eyes=False))

    assert (await house.gate.decide(rejected.id, JANE, Verdict.REJECT)).status == "rejected"
    assert (await lenient.decide(approved.id, JANE, Verdict.APPROVE)).status == "approved"


async def test_only_approvers_decide_and_none_by_chat_without_a_token(house: House) -> None:
    pending = await house.pending()
    declared = Principal("user:default/bob", authenticated=False, roles=frozenset(Role))

    with pytest.raises(DecisionForbiddenError, match="steward"):
        await house.gate.decide(pending.id, VIEWER, Verdict.REJECT)
    with pytest.raises(DecisionForbiddenError, match="chat"):
        await house.gate.decide(pending.id, declared, Verdict.APPROVE, via=Via.CHAT)
    by_chat = await house.gate.decide(pending.id, BOB, Verdict.APPROVE, via=Via.CHAT)

    assert by_chat.decision is not None
    assert by_chat.decision.via == "chat"


async def test_a_plan_that_was_not_looked_at_is_not_decided_on(house: House) -> None:
    pending = await house.pending()

    with pytest.raises(PlanChangedError, match="changed since you looked"):
        await house.gate.decide(pending.id, BOB, Verdict.APPROVE, plan_hash="0" * 64)

    decided = await house.gate.decide(pending.id, BOB, Verdict.APPROVE, plan_hash=pending.plan_hash)
    assert decided.status is ApprovalStatus.APPROVED


async def test_a_job_that_cannot_be_queued_takes_the_claim_back(house: House) -> None:
    pending = await house.pending()

    async def breaks(conn: Connection) -> None:
        await conn.execute("select 1 / 0")

    with pytest.raises(Exception, match="division by zero"):
        await house.gate.decide(pending.id, BOB, Verdict.APPROVE, with_claim=breaks)

    assert (await house.approvals.get(pending.id)).status is ApprovalStatus.PENDING
    assert await house.jobs() == []
    assert len((await AuditLog(house.pool).list()).items) == 1


async def test_policy_approves_what_its_rules_allow_and_says_why_not(house: House) -> None:
    cheap, dear = await house.pending(), await house.pending(a_plan("other"), by=EVE.ref)
    rule = AutoProvision(name="small", principals=(JANE.ref,), max_monthly_cost=Decimal(3))
    gate = house.with_policy(Policy(auto_provision=(rule,)))

    approved, refused = await gate.decide_by_policy(cheap.id), await gate.decide_by_policy(dear.id)
    without = await house.gate.decide_by_policy(dear.id)

    assert approved.rule == rule
    assert approved.approval.decision is not None
    assert approved.approval.decision.by == "policy:auto_provision/small"
    assert approved.approval.decision.via == "policy"
    assert (refused.rule, refused.approval.status) == (None, ApprovalStatus.PENDING)
    assert "user:default/eve is not among" in refused.why
    assert "no auto_provision rule is configured" in without.why
    assert await house.jobs() == [cheap.id]


async def test_approvals_are_listed_newest_first_in_pages(house: House) -> None:
    made = [await house.pending(a_plan(f"topic-{number}")) for number in range(5)]
    await house.gate.decide(made[0].id, BOB, Verdict.REJECT)

    first = await house.approvals.list(ApprovalStatus.PENDING, limit=3)
    second = await house.approvals.list(ApprovalStatus.PENDING, limit=3, cursor=first.next_cursor)

    ids = [each.id for each in (*first.items, *second.items)]
    assert ids == [each.id for each in reversed(made[1:])]
    assert second.next_cursor is None
    with pytest.raises(ApprovalNotFoundError):
        await house.approvals.get("apr-none")


async def test_a_decision_that_was_cut_off_is_taken_whole_or_not_at_all(
    house: House, database_url: str
) -> None:
    pending = await house.pending()
    async with TcpGate.before(database_url) as way:
        pool = await open_pool(way.url(database_url), timeout=1.0)
        gate = Gate(pool, Jobs(database_url), Review())

        async def cut(conn: Connection) -> None:
            await way.close()
            await conn.execute("select 1")

        with pytest.raises(DatabaseUnreachableError):
            await gate.decide(pending.id, BOB, Verdict.APPROVE, with_claim=cut)
        assert (await house.approvals.get(pending.id)).decision is None
        await way.open()
        await patiently(lambda: gate.decide(pending.id, BOB, Verdict.APPROVE), 10.0)
        await pool.close()

    assert await house.jobs() == [pending.id]


async def test_the_real_review_refuses_what_provisioning_could_not_do_and_prices_anew(
    house: House, stack: EmbeddedStack
) -> None:
    topic = f"test-{secrets.token_hex(4)}"
    pending = await house.pending(a_plan(topic, throughput=10.0))
    registry = Registry(stack.schema_registry)
    kafka = KafkaAdmin(KafkaConnection(stack.bootstrap_servers))
    book = read_price_book(None)
    review = PlanReviewer(PlanFactsRepository(house.pool), kafka, registry, book)
    gate = Gate(house.pool, Jobs(house.database_url), review)
    taken = f"test-{secrets.token_hex(4)}"
    await kafka.create_topic(taken)

    for changes, told in (
        ({"schema_plan.fields.score": None}, "about 'score', which is no field"),
        ({"topic.replication": 9}, "9 replicas need as many brokers"),
        ({"schema_plan.key": "nothing"}, "nothing"),
        ({"topic.name": taken}, "exists already"),
        ({"topic.name": "__consumer_offsets"}, "as Kafka's internal topics do"),
    ):
        with pytest.raises(PlanRefusedError, match=told):
            await gate.decide(pending.id, BOB, Verdict.MODIFY, changes=changes)
    decided = await gate.decide(pending.id, BOB, Verdict.MODIFY, changes={"topic.partitions": 12})
    await kafka.delete_topics([taken])
    await registry.close()

    assert decided.plan.cost is not None
    assert decided.plan.cost.price_book == book.title
    assert decided.plan_hash == decided.plan.hash


async def test_whoever_asked_revises_the_plan_while_it_waits(house: House) -> None:
    pending = await house.pending()
    changes = {"topic.partitions": 12}

    revised = await house.gate.revise(pending.id, JANE, changes, pending.plan_hash)

    assert revised.status is ApprovalStatus.PENDING
    assert revised.plan.topic.partitions == 12
    assert revised.plan_hash == revised.plan.hash != pending.plan_hash
    with pytest.raises(DecisionForbiddenError, match="did not ask"):
        await house.gate.revise(pending.id, BOB, {"topic.partitions": 3})
    with pytest.raises(PlanChangedError):
        await house.gate.revise(pending.id, JANE, {"topic.partitions": 3}, pending.plan_hash)
    with pytest.raises(PlanRefusedError):
        await house.gate.revise(pending.id, JANE, {"topic.partitions": 101})
    with pytest.raises(PlanChangedError):
        await house.gate.decide(pending.id, BOB, Verdict.APPROVE, plan_hash=pending.plan_hash)

    decided = await house.gate.decide(pending.id, BOB, Verdict.APPROVE)

    assert decided.plan.topic.partitions == 12
    with pytest.raises(AlreadyDecidedError):
        await house.gate.revise(pending.id, JANE, {"topic.partitions": 3})
