"""Who may ask, decide, withdraw and revoke, and what each is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from server.approvals.views import ApprovalView
from tests.integration.grants.conftest import PAYMENTS, Ground
from tests.integration.notifications.receivers import Hook


async def test_who_may_ask_decide_and_revoke(ground: Ground) -> None:
    asked = {who: (await ground.asked(who)).status_code for who in ("", "eve", "joe", "sam")}
    request_id = (
        await ground.send("", "GET", f"/access-requests?product_id={ground.product_id}")
    ).json()["items"][0]["id"]
    decided = {
        who: (await ground.decided(who, request_id)).status_code
        for who in ("", "pam", "joe", "eve", "ann")
    }
    grant_id = (await ground.ended(request_id))["grant_id"]
    path, body = f"/grants/{grant_id}/revoke", {"reason": "the project ended"}
    revoked = {
        who: (await ground.send(who, "POST", path, body)).status_code for who in ("", "eve", "pam")
    }

    assert asked == {"": 401, "eve": 403, "joe": 202, "sam": 409}
    assert decided == {"": 401, "pam": 403, "joe": 403, "eve": 403, "ann": 200}
    assert revoked == {"": 401, "eve": 403, "pam": 200}


async def test_an_owner_sees_what_would_be_allowed_and_decides_once(ground: Ground) -> None:
    asked = (await ground.asked()).json()

    inbox = (
        await ground.send("ann", "GET", "/approvals?kind=access&status=pending&limit=1")
    ).json()
    shown = (await ground.send("ann", "GET", f"/approvals/{asked['id']}")).json()
    first = await ground.decided("ann", asked["id"], plan_hash=asked["plan_hash"])
    again = await ground.decided("ann", asked["id"])
    contrary = await ground.decided("sam", asked["id"], decision="reject")

    (line,) = inbox["items"]
    assert line["access"].startswith("User:payments: read until ")
    part = ApprovalView.model_validate(shown).impact.diff.access  # type: ignore[union-attr]
    assert part is not None
    assert part.lines == (
        "for: Hold back payments that are likely fraud.",
        f"may read the topic {ground.topic}",
        f"may describe the topic {ground.topic}",
        f"may read the consumer group {ground.group}",
    )
    assert [first.status_code, again.status_code, contrary.status_code] == [200, 200, 409]
    ended = await ground.ended(asked["id"])
    assert (ended["state"], ended["grant_id"]) == ("granted", f"gr-{asked['id'][4:]}")
    result = (await ground.send("", "GET", f"/approvals/{asked['id']}")).json()["result"]
    assert result["words"].startswith(f"User:payments may read {ground.topic} until ")


async def test_who_asked_may_not_approve_though_they_own_the_product_and_may_withdraw(
    ground: Ground,
) -> None:
    asked = (await ground.asked("ann", team="fraud-team", group="fraud-team.app")).json()
    path = f"/access-requests/{asked['id']}/withdraw"

    own = await ground.decided("ann", asked["id"])
    by_another = await ground.send("sam", "POST", path, {})
    withdrawn = await ground.send("ann", "POST", path, {"comment": "not needed"})
    again = await ground.send("ann", "POST", path, {})
    late = await ground.decided("sam", asked["id"])

    assert (own.status_code, by_another.status_code) == (403, 403)
    assert (withdrawn.json()["state"], again.json()["state"]) == ("withdrawn", "withdrawn")
    assert late.status_code == 409
    assert "not needed" in late.json()["detail"]


async def test_an_approver_may_shorten_it_and_grant_nothing_beyond_the_product(
    ground: Ground,
) -> None:
    until = (datetime.now(UTC) + timedelta(days=2)).replace(microsecond=0)
    asked = (await ground.asked()).json()

    beyond = await ground.decided(
        "ann", asked["id"], decision="modify", changes={"topic.partitions": 7}
    )
    shorter = await ground.decided(
        "ann", asked["id"], decision="modify", changes={"grant.until": until.isoformat()}
    )
    ended = await ground.ended(asked["id"])
    second = (await ground.asked()).json()
    await ground.services.kafka.create_topic(f"secrets.{ground.topic}", partitions=1, replication=1)
    await ground.decided(
        "ann",
        second["id"],
        decision="modify",
        changes={"grant.topics": [f"secrets.{ground.topic}"]},
    )
    foreign = await ground.ended(second["id"])

    assert beyond.status_code == 422
    assert shorter.json()["modifications"][0].startswith("grant.until: ")
    assert datetime.fromisoformat(ended["asked"]["until"]) == until
    assert foreign["state"] == "failed"
    assert f"secrets.{ground.topic} is no output port of {ground.product_id}" in foreign["error"]
    assert await ground.services.kafka.acls(f"secrets.{ground.topic}") == set()


REFUSED: tuple[tuple[dict[str, Any], int, str], ...] = (
    ({"until": "2020-01-01T00:00:00Z"}, 409, "is over already"),
    ({"until": "2999-01-01T00:00:00Z"}, 409, "more than 366 days away"),
    ({"until": "2999-01-01T00:00:00"}, 422, "timezone"),
    ({"group": "*"}, 422, "body.group"),
    ({"group": "p", "group_prefix": True}, 409, "3 characters or more"),
    ({"operations": ["write"]}, 409, "who only writes names none"),
    ({"topics": ["other"]}, 409, "is no output port"),
    ({"team": "user:default/joe"}, 409, "Access is given to teams"),
)


async def test_what_cannot_be_granted_is_refused_with_advice(ground: Ground) -> None:
    for given, status, told in REFUSED:
        answer = await ground.asked("sam", **given)

        assert answer.status_code == status, answer.text
        assert told in answer.json()["detail"]


async def test_requests_and_grants_are_listed_by_product_and_by_principal(ground: Ground) -> None:
    grant = await ground.granted()
    waiting = (await ground.asked()).json()

    of_product = f"product_id={ground.product_id}"
    listed = f"/access-requests?team={PAYMENTS}&{of_product}"
    mine = (await ground.send("", "GET", f"{listed}&limit=1")).json()
    rest = (await ground.send("", "GET", f"{listed}&cursor={mine['next_cursor']}")).json()
    paths = {
        f"/products/{ground.product_id}/access-requests": 2,
        f"/access-requests?status=pending&{of_product}": 1,
        f"/products/{ground.product_id}/grants": 1,
        f"/grants?principal=User:payments&{of_product}": 1,
        f"/grants?principal=User:risk&{of_product}": 0,
        f"/grants?status=expired&{of_product}": 0,
    }
    found = {path: len((await ground.send("", "GET", path)).json()["items"]) for path in paths}

    assert [mine["items"][0]["id"], rest["items"][0]["grant_id"]] == [
        waiting["id"],
        grant["grant"]["id"],
    ]
    assert found == paths
    noted = await ground.services.pool.rows(
        "select actor, action from audit_log where target = %(target)s",
        {"target": f"grant:{grant['grant']['id']}"},
    )
    assert [(row["actor"], row["action"]) for row in noted] == [("user:default/ann", "grant.give")]


async def test_the_owner_hears_of_a_request_once_however_often_it_is_sent(
    ground: Ground, hook: Hook
) -> None:
    key = {"Idempotency-Key": ground.topic}
    first, again = [await ground.asked(headers=key) for _ in range(2)]

    await ground.services.outbox.deliver_due()
    await ground.services.outbox.deliver_due()

    events = [orjson.loads(body) for _, body in hook.came]
    mine = [event for event in events if event["subject"] == ground.product_id]
    assert first.json()["id"] == again.json()["id"]
    assert [event["type"] for event in mine] == ["io.headwater.access.requested.v1"]
    assert mine[0]["data"]["asked"]["group"] == ground.group
    assert mine[0]["data"]["link"].endswith(f"/approvals/{first.json()['id']}")


async def test_in_the_console_access_is_asked_for_decided_on_and_revoked(ground: Ground) -> None:
    product, until = f"/console/products/{ground.product_id}", datetime.now(UTC).date()
    form = {
        "team": "payments",
        "purpose": "<b>holds</b>",
        "operations": "read",
        "group": ground.group,
        "until": (until + timedelta(days=9)).isoformat(),
    }

    offered = await ground.page("joe", product)
    asked = await ground.post("joe", f"{product}/access", form)
    inbox = await ground.page("ann", "/console/approvals")
    approval = asked.headers["location"]
    shown = await ground.page("ann", approval)
    await ground.post("ann", f"{approval}/decision", {"decision": "approve"})
    grant_id = (await ground.ended(approval.rpartition("/")[2]))["grant_id"]
    listed = await ground.page("eve", f"/console/grants?product_id={ground.product_id}")
    ended = await ground.post("ann", f"/console/grants/{grant_id}/revoke", {"reason": "over"})
    after = await ground.page("ann", ended.headers["location"])

    assert "Request access" in offered
    assert "User:payments: read until" in inbox
    assert f"may read the topic {ground.topic}" in shown
    assert "&lt;b&gt;holds" in shown
    assert "<b>holds" not in shown
    assert grant_id in listed
    assert "it is revoked since" in after
