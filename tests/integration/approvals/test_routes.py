"""The approvals' API: what an approver sees, and how decisions are answered."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from typing import Any

import httpx
import pytest

from core.product import DataProduct, Lifecycle, OutputPort
from server.embedded.stack import EmbeddedStack
from tests.integration.approvals.conftest import BOB, JANE, House, Serve
from tests.integration.approvals.plans import a_plan
from tools.db.products import ProductRepository
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection
from tools.registry.client import Registry

AS_BOB = {"X-Headwater-Principal": BOB.ref}
AS_JANE = {"X-Headwater-Principal": JANE.ref}
APPROVE = {"decision": "approve"}


def entry(ref: str, token: str, *roles: str) -> dict[str, Any]:
    digest = hashlib.sha256(token.encode()).hexdigest()
    return {"ref": ref, "token_sha256": digest, "roles": list(roles)}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_a_plan_is_shown_with_cost_risks_and_what_is_new(house: House, serve: Serve) -> None:
    topic = f"test-{secrets.token_hex(4)}"
    pending = await house.pending(a_plan(topic))
    async with serve() as client:
        shown = (await client.get(f"/approvals/{pending.id}")).json()
        listed = (await client.get("/approvals", params={"status": "pending"})).json()

    assert shown["plan_hash"] == pending.plan_hash
    diff = shown["impact"]["diff"]
    assert diff.pop("access") is None
    effects = {name: part["effect"] for name, part in diff.items()}
    assert effects == {"topic": "create", "subject": "create", "product": "create"}
    assert "retention.ms: 604800000 (7 days)" in shown["impact"]["diff"]["topic"]["lines"]
    assert "score: number" in shown["impact"]["diff"]["subject"]["lines"]
    assert "(email), kept for 7 days." in shown["impact"]["risks"][0]
    assert (shown["cost"]["monthly"], shown["cost"]["formula"]) == ("3", "partitions")
    assert shown["cost"]["estimate"]["items"][0]["formula"] == "partitions x rate"
    (line,) = listed["items"]
    assert (line["id"], line["monthly_cost"], line["topic"]) == (pending.id, "3", topic)


async def test_what_exists_is_compared_line_by_line(
    house: House, serve: Serve, stack: EmbeddedStack
) -> None:
    topic = f"test-{secrets.token_hex(4)}"
    admin, registry = KafkaAdmin(KafkaConnection(stack.bootstrap_servers)), _registry(stack)
    old = '{"type":"record","name":"FraudScore","fields":[{"name":"score","type":"int"}]}'
    pending = await house.pending(a_plan(topic))
    await admin.create_topic(topic, partitions=3, configs={"retention.ms": "-1"})
    await registry.register_schema(f"{topic}-value", old)
    await ProductRepository(house.pool).put(_product(topic))
    try:
        async with serve() as client:
            impact = (await client.get(f"/approvals/{pending.id}")).json()["impact"]
    finally:
        await admin.delete_topic(topic)
        await registry.delete_subject(f"{topic}-value")
        await registry.close()

    diff = impact["diff"]
    assert diff["topic"]["lines"] == [
        "partitions: 3 -> 6",
        "retention.ms: -1 (for ever) -> 604800000 (7 days)",
    ]
    assert diff["subject"]["title"] == "version 1 is followed by version 2"
    assert "score: integer became number" in diff["subject"]["lines"]
    assert diff["product"]["lines"] == [
        "name: Old scores -> Fraud scores",
        "description: Old. -> A score for each card payment.",
    ]
    told = " ".join(impact["risks"])
    for risk in ("exists already", "keys move", "older messages go", "may break over score"):
        assert risk in told


async def test_a_server_that_is_away_is_said_and_the_plan_still_shown(
    house: House, serve: Serve
) -> None:
    pending = await house.pending()
    async with serve() as client:
        app = client._transport.app  # type: ignore[attr-defined]
        reader = app.state.services.desk.existing
        reader._kafka = KafkaAdmin(KafkaConnection("127.0.0.1:1"), timeout=0.5)
        shown = (await client.get(f"/approvals/{pending.id}")).json()["impact"]

    assert shown["diff"]["topic"]["effect"] == "unknown"
    assert "does not answer" in shown["diff"]["topic"]["lines"][0]
    assert "6 partitions" in shown["diff"]["topic"]["lines"]
    assert "not fully known" in shown["risks"][-1]


async def test_decisions_are_answered_by_the_status_that_fits(house: House, serve: Serve) -> None:
    pending, expired = await house.pending(), await house.pending(hours=1e-9)
    path = f"/approvals/{pending.id}/decision"
    async with serve() as client:
        own = await client.post(path, json=APPROVE, headers=AS_JANE)
        stale = await client.post(path, json={**APPROVE, "plan_hash": "0" * 64}, headers=AS_BOB)
        first = await client.post(path, json={**APPROVE, "comment": "ok"}, headers=AS_BOB)
        again = await client.post(path, json=APPROVE, headers={})
        contrary = await client.post(path, json={"decision": "reject"}, headers=AS_BOB)
        late = await client.post(f"/approvals/{expired.id}/decision", json=APPROVE, headers=AS_BOB)
        missing = await client.post("/approvals/apr-0/decision", json=APPROVE, headers=AS_BOB)

    answers = (own, stale, first, again, contrary, late, missing)
    assert [a.status_code for a in answers] == [403, 409, 200, 200, 409, 410, 404]
    assert first.json()["decision"] == again.json()["decision"]
    assert first.json()["impact"]["diff"]["topic"]["effect"] == "create"
    assert "user:default/bob decided approve" in contrary.json()["detail"]
    assert "X-Headwater-Principal" in own.json()["detail"]
    slugs = [a.json()["type"].rpartition(":")[2] for a in (own, stale, contrary, late, missing)]
    assert slugs == [
        "decision-forbidden",
        "plan-changed",
        "already-decided",
        "approval-expired",
        "approval-not-found",
    ]


async def test_changes_that_cannot_be_are_named_one_by_one(house: House, serve: Serve) -> None:
    pending = await house.pending()
    path = f"/approvals/{pending.id}/decision"
    async with serve() as client:

        async def modify(changes: object) -> httpx.Response:
            body = {"decision": "modify", "changes": changes}
            return await client.post(path, json=body, headers=AS_BOB)

        unknown = await modify({"topic.color": "red", "cost": None})
        wrong = await modify({"topic.partitions": "many", "product.owner": "nobody"})
        refused = await modify({"topic.partitions": 101})
        empty = await modify({})
        same = await modify({"topic.partitions": 6})
        done = await modify({"topic.retention_ms": 86_400_000, "rules.score-range.x": {}})
        good = await modify({"topic.retention_ms": 86_400_000, "rules.score-range": None})

    problems = unknown.json()["errors"]
    assert [each["at"] for each in problems] == ["changes.topic.color", "changes.cost"]
    assert "topic.partitions" in problems[0]["detail"]
    assert {each["at"] for each in wrong.json()["errors"]} == {
        "changes.topic.partitions",
        "changes.product.owner",
    }
    assert refused.json()["type"].endswith("plan-refused")
    assert {a.status_code for a in (unknown, wrong, refused, empty, same, done)} == {422}
    assert good.status_code == 200, good.text
    assert good.json()["modifications"] == [
        "topic.retention_ms: 604800000 -> 86400000",
        "rules.score-range: removed",
    ]
    assert good.json()["plan"]["notes"][0]["because"] == "changed by the approver"


async def test_with_principals_a_token_with_the_role_is_needed(house: House, serve: Serve) -> None:
    pending = await house.pending(by="user:default/olga")
    path = f"/approvals/{pending.id}/decision"
    principals = [entry(BOB.ref, "b", "steward"), entry("user:default/olga", "o", "owner")]
    async with serve(principals=principals) as client:
        read = await client.get("/approvals", headers={})
        nobody = await client.post(path, json=APPROVE, headers=AS_BOB)
        forged = await client.post(path, json=APPROVE, headers=bearer("x"))
        owner = await client.post(path, json=APPROVE, headers=bearer("o"))
        steward = await client.post(path, json=APPROVE, headers=bearer("b"))

    answers = (read, nobody, forged, owner, steward)
    assert [a.status_code for a in answers] == [200, 401, 401, 403, 200]
    assert forged.headers["www-authenticate"] == "Bearer"


async def test_a_server_that_others_reach_is_not_open(house: House, serve: Serve) -> None:
    pending = await house.pending()
    path = f"/approvals/{pending.id}/decision"
    async with serve(host="0.0.0.0") as client:  # noqa: S104 (what is tested)
        reached = await client.post(path, json=APPROVE, headers=AS_BOB)
        read = await client.get("/approvals")
    async with serve(host="0.0.0.0", open_access=True) as client:  # noqa: S104
        kept = await client.post(path, json=APPROVE, headers=AS_BOB)

    assert [answer.status_code for answer in (reached, read, kept)] == [401, 200, 200]
    assert "HEADWATER_PRINCIPALS" in reached.json()["detail"]


async def test_one_provisioning_job_comes_of_fifty_requests(house: House, serve: Serve) -> None:
    pending = await house.pending()
    async with serve() as client:
        path = f"/approvals/{pending.id}/decision"
        answers = await asyncio.gather(
            *(client.post(path, json=APPROVE, headers=AS_BOB) for _ in range(50))
        )

    assert {answer.status_code for answer in answers} == {200}
    assert await house.jobs() == [pending.id]


@pytest.mark.parametrize("cursor", ["%%%", "WyJ4IiwieSJd"])
async def test_a_foreign_cursor_is_refused(serve: Serve, cursor: str) -> None:
    async with serve() as client:
        answer = await client.get("/approvals", params={"cursor": cursor})

    assert answer.status_code == 400


def _registry(stack: EmbeddedStack) -> Registry:
    return Registry(stack.schema_registry)


def _product(topic: str) -> DataProduct:
    return DataProduct(
        id="fraud-scores",
        name="Old scores",
        description="Old.",
        owner="group:default/fraud-team",
        domain="fraud",
        lifecycle=Lifecycle.ACTIVE,
        ports=(OutputPort(cluster="default", topic=topic),),
    )
