"""Signed links: harmless to look at, good once, for one plan, until they expire."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from core.approval import Approval, ApprovalStatus
from server.approvals.link import Link
from tests.integration.approvals.conftest import BOB, EVE, JANE, House, Serve
from tests.integration.approvals.plans import a_plan
from tests.integration.approvals.test_routes import bearer, entry
from tools.db.audit import AuditLog
from tools.db.callbacks import CallbackRepository

AS_BOB = {"X-Headwater-Principal": BOB.ref}
SECRET = "s" * 32


async def minted(client: httpx.AsyncClient, approval: Approval, **more: Any) -> str:
    path = f"/approvals/{approval.id}/callbacks"
    answer = await client.post(path, json=more, headers=AS_BOB)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["url"]).removeprefix("http://localhost")


def by(ref: str, decision: str = "approve", **more: Any) -> dict[str, Any]:
    return {"decided_by": ref, "decision": decision, **more}


async def test_a_link_decides_once_and_looking_decides_nothing(house: House, serve: Serve) -> None:
    pending = await house.pending()
    async with serve() as client:
        link = await minted(client, pending)
        looks = [await client.get(link) for _ in range(3)]
        still = (await house.approvals.get(pending.id)).status
        own = await client.post(link, json=by(JANE.ref))
        decided = await client.post(link, json=by(EVE.ref, comment="from chat"))
        again = await client.post(link, json=by(EVE.ref))
        gone = await client.get(link)

    assert {look.status_code for look in looks} == {200}
    assert looks[0].json()["approval"]["plan_hash"] == pending.plan_hash
    assert looks[0].headers["cache-control"] == "no-store"
    assert still is ApprovalStatus.PENDING
    assert [a.status_code for a in (own, decided, again, gone)] == [403, 200, 410, 410]
    assert decided.json()["decision"]["by"] == EVE.ref
    assert decided.json()["decision"]["via"] == "callback"
    assert again.json()["type"].endswith("callback-used")
    assert await house.jobs() == [pending.id]
    actions = [each.action for each in (await AuditLog(house.pool).list()).items]
    assert actions == ["approval.decide", "approval.callback", "approval.create"]


async def test_one_link_used_by_many_at_once_decides_once(house: House, serve: Serve) -> None:
    pending = await house.pending()
    async with serve() as client:
        link = await minted(client, pending)
        wanted = [by(EVE.ref, ("approve", "reject")[turn % 2]) for turn in range(20)]
        answers = await asyncio.gather(*(client.post(link, json=body) for body in wanted))

    counted = Counter(answer.status_code for answer in answers)
    assert counted[200] == 1
    assert counted[200] + counted[409] + counted[410] == 20
    assert await house.jobs() == [pending.id]


async def test_a_changed_link_or_one_of_another_secret_is_refused(
    house: House, serve: Serve
) -> None:
    pending, other = await house.pending(), await house.pending(a_plan("other"))
    async with serve(callback_secret=SECRET) as client:
        link = await minted(client, pending)
        parts = link.rpartition("/")[2].split(".")
        changed = [
            [other.id, *parts[1:]],
            [parts[0], other.plan_hash, *parts[2:]],
            [*parts[:2], str(int(parts[2]) + 3600), *parts[3:]],
            [*parts[:3], parts[3][::-1], parts[4]],
            [*parts[:4], parts[4][::-1]],
            parts[:4],
        ]
        tokens = [".".join(each) for each in changed] + ["x", "é" * 20, "%00"]
        answers = [
            await client.post(f"/approvals/callback/{token}", json=by(EVE.ref)) for token in tokens
        ]
    async with serve(callback_secret="t" * 32) as client:
        answers.append(await client.post(link, json=by(EVE.ref)))
    async with serve(callback_secret=SECRET) as client:
        good = await client.post(link, json=by(EVE.ref))

    assert {answer.status_code for answer in answers} == {403}
    assert good.status_code == 200


async def test_a_signed_link_that_was_never_made_here_is_refused(
    house: House, serve: Serve
) -> None:
    pending = await house.pending()
    ends = int((datetime.now(UTC) + timedelta(hours=1)).timestamp())
    token = Link(pending.id, pending.plan_hash, ends, "n" * 24).token(SECRET.encode())
    async with serve(callback_secret=SECRET) as client:
        answer = await client.get(f"/approvals/callback/{token}")

    assert answer.status_code == 403


async def test_an_expired_link_and_one_of_an_expired_approval_are_gone(
    house: House, serve: Serve
) -> None:
    pending, other = await house.pending(), await house.pending(a_plan("other"))
    async with serve() as client:
        short = await minted(client, pending, hours=1e-6)
        link = await minted(client, other)
        await asyncio.sleep(1.1)
        async with house.pool.connection() as conn:
            expire = "update approvals set expires_at = now() where id = %s"
            await conn.execute(expire, (other.id,))
        answers = [await client.post(each, json=by(EVE.ref)) for each in (short, link)]
        late = await client.post(f"/approvals/{other.id}/callbacks", json={}, headers=AS_BOB)

    kinds = [answer.json()["type"].rpartition(":")[2] for answer in (*answers, late)]
    assert kinds == ["callback-expired", "approval-expired", "approval-expired"]


async def test_a_refused_decision_leaves_the_link_good(house: House, serve: Serve) -> None:
    pending = await house.pending()
    async with serve() as client:
        link = await minted(client, pending, decider="User:default/Eve")
        foreign = await client.post(link, json=by(BOB.ref))
        nobody = await client.post(link, json=by("<script>"))
        wrong = await client.post(link, json=by(EVE.ref, "modify", changes={"a": 1}))
        unnamed = await client.post(link, json={"decision": "approve"})
        good = await client.post(link, json=by(EVE.ref, "modify", changes={"topic.partitions": 3}))

    refused = (foreign, nobody, wrong, unnamed)
    assert [answer.status_code for answer in refused] == [403, 422, 422, 422]
    assert good.status_code == 200, good.text
    assert good.json()["plan"]["topic"]["partitions"] == 3


async def test_a_link_says_the_same_as_was_decided_elsewhere_or_is_contrary(
    house: House, serve: Serve
) -> None:
    pending = await house.pending()
    async with serve() as client:
        same, contrary = await minted(client, pending), await minted(client, pending)
        path = f"/approvals/{pending.id}/decision"
        await client.post(path, json={"decision": "approve"}, headers=AS_BOB)
        answers = [
            await client.post(contrary, json=by(EVE.ref, "reject")),
            await client.post(same, json=by(EVE.ref)),
            await client.post(same, json=by(EVE.ref)),
        ]

    assert [answer.status_code for answer in answers] == [409, 200, 410]


async def test_only_an_approver_who_is_not_the_requester_has_links_made(
    house: House, serve: Serve
) -> None:
    pending = await house.pending(by="user:default/olga")
    path = f"/approvals/{pending.id}/callbacks"
    principals = [
        entry("user:default/olga", "o", "steward"),
        entry("user:default/vic", "v", "viewer"),
        entry(BOB.ref, "b", "steward"),
    ]
    async with serve(principals=principals) as client:
        made = [
            await client.post(path, json={}, headers=headers)
            for headers in ({}, bearer("v"), bearer("o"), bearer("b"))
        ]
        link = made[-1].json()["url"]
        by_viewer = await client.post(link, json=by("user:default/vic"))
        by_unknown = await client.post(link, json=by("user:default/who"))
        by_requester = await client.post(link, json=by("user:default/OLGA"))
        by_steward = await client.post(link, json=by(BOB.ref))

    assert [answer.status_code for answer in made] == [401, 403, 403, 201]
    used = (by_viewer, by_unknown, by_requester, by_steward)
    assert [answer.status_code for answer in used] == [403, 403, 403, 200]


async def test_the_page_runs_nothing_that_a_plan_says(house: House, serve: Serve) -> None:
    evil = '"><script>alert(1)</script>${title}'
    plan = a_plan()
    product = plan.product.model_copy(update={"name": evil, "description": evil})
    pending = await house.pending(plan.model_copy(update={"product": product, "risks": (evil,)}))
    async with serve() as client:
        page = await client.get(await minted(client, pending), headers={"Accept": "text/html"})

    assert page.headers["content-type"].startswith("text/html")
    assert "<script>alert" not in page.text
    assert page.text.count("<script") == 1
    assert "&lt;script&gt;" in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


async def test_links_point_to_the_public_address_and_nowhere_else(
    house: House, serve: Serve
) -> None:
    pending = await house.pending()
    path = f"/approvals/{pending.id}/callbacks"
    async with serve(public_url="https://headwater.example/") as client:
        made = await client.post(path, json={}, headers={**AS_BOB, "Host": "evil.example"})
        extra = await client.post(path, json={"next": "https://evil.example"}, headers=AS_BOB)

    assert made.json()["url"].startswith("https://headwater.example/approvals/callback/apr-")
    assert extra.status_code == 422


async def test_one_secret_is_made_however_many_ask_for_it(house: House) -> None:
    found = await asyncio.gather(*(CallbackRepository(house.pool).secret() for _ in range(20)))

    assert len(set(found)) == 1
    assert len(found[0]) == 32


@pytest.mark.parametrize("hours", [0, -1, 1e9])
async def test_a_link_has_a_sensible_lifetime(house: House, serve: Serve, hours: float) -> None:
    pending = await house.pending()
    async with serve() as client:
        path = f"/approvals/{pending.id}/callbacks"
        answer = await client.post(path, json={"hours": hours}, headers=AS_BOB)

    assert answer.status_code == 422
