"""POST /generate: a plan that waits, a decision by another, and what then is on the cluster."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import orjson
import pytest
from confluent_kafka.admin import AdminClient

from server.embedded.stack import EmbeddedStack
from server.settings import Settings
from tests.integration.generation.conftest import Rig, opened
from tools.db.pool import open_pool


async def test_the_journey_from_a_sentence_to_a_topic_and_a_subject(
    rig: Rig, stack: EmbeddedStack
) -> None:
    view = await rig.generate()
    assert view["generation"]["status"] == "waiting"
    own = await rig.decide(view, "approve", {})
    decided = await rig.decide(view, "approve")
    path = f"/generations/{view['generation']['id']}"
    ended = await rig.until(path, lambda now: now["generation"]["status"] != "waiting")

    assert own.status_code == 403, own.text
    assert decided.status_code == 200, decided.text
    assert ended["generation"]["status"] == "active", ended["generation"]
    topic = AdminClient({"bootstrap.servers": stack.bootstrap_servers}).list_topics(
        view["plan"]["topic"]["name"], timeout=10
    )
    found = topic.topics[view["plan"]["topic"]["name"]]
    assert len(found.partitions) == view["plan"]["topic"]["partitions"]
    subject = view["plan"]["schema_plan"]["subject"]
    async with httpx.AsyncClient() as registry:
        latest = await registry.get(f"{stack.schema_registry}/subjects/{subject}/versions/latest")
    fields = {each["name"] for each in orjson.loads(latest.json()["schema"])["fields"]}
    assert "fraud_score" in fields


async def test_the_plan_honours_the_numbers_of_the_description(rig: Rig) -> None:
    plan = (await rig.generate(name="numbers"))["plan"]

    assert plan["topic"]["retention_ms"] == 7 * 365 * 86_400_000
    assert plan["latency_ms"] == 100
    assert plan["throughput"] == pytest.approx(10_000 / 86_400, rel=1e-4)
    ranges = [rule for rule in plan["rules"] if rule["metric"] == "range"]
    assert (0, 1) in {(rule["minimum"], rule["maximum"]) for rule in ranges}
    assert ["allow", "review", "block"] in [rule["values"] for rule in plan["rules"]]
    assert plan["product"]["owner"] == "group:default/fraud-team"
    assert plan["cost"]["items"]
    assert plan["written_by"] == "offline"


async def test_what_exists_is_measured_before_anything_is_proposed(rig: Rig) -> None:
    description = "Suppliers with supplier id, company name, contact email, rating and tax number."
    view = await rig.generate(name="supplier", description=description)

    best = view["plan"]["related"][0]
    assert best["source"] in ("supplier-master", "supplier-events", "supplier_data_raw")
    assert {"supplier_id", "company_name", "rating"} <= set(best["has"])
    assert best["missing"]
    assert best["covered"] == round(len(best["has"]) / (len(best["has"]) + len(best["missing"])), 4)
    summary = view["generation"]["summary"]
    assert "related sources; none matches" in summary
    assert f"{len(best['has'])} of {len(best['has']) + len(best['missing'])} fields" in summary


async def test_a_key_makes_one_generation_and_no_other_request_may_use_it(rig: Rig) -> None:
    asked, key = rig.asked("keyed"), {"idempotency-key": f"{rig.prefix}-1"}
    answers = await asyncio.gather(
        *(rig.generator.post("/generate", json=asked, headers=key) for _ in range(5))
    )
    other = await rig.generator.post("/generate", json=rig.asked("other"), headers=key)

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert other.status_code == 409
    assert "Use a new one" in other.json()["detail"]


async def test_a_rejected_plan_makes_nothing(rig: Rig, stack: EmbeddedStack) -> None:
    view = await rig.generate(name="rejected")
    await rig.decide(view, "reject")
    path = f"/generations/{view['generation']['id']}"
    events = (await rig.generator.get(f"{path}/events")).text

    assert (await rig.generator.get(path)).json()["generation"]["status"] == "rejected"
    assert events.startswith("event: rejected\n")
    topics = AdminClient({"bootstrap.servers": stack.bootstrap_servers}).list_topics(timeout=10)
    assert view["plan"]["topic"]["name"] not in topics.topics


async def test_a_second_product_of_one_name_gets_names_of_its_own(rig: Rig) -> None:
    first = await rig.generate(name="twins")
    await rig.decide(first, "approve")
    path = f"/generations/{first['generation']['id']}"
    await rig.until(path, lambda now: now["generation"]["status"] == "active")

    second = (await rig.generate(name="twins"))["plan"]

    assert second["product"]["id"] == f"{first['plan']['product']['id']}-2"
    assert second["topic"]["name"] != first["plan"]["topic"]["name"]
    assert second["schema_plan"]["subject"] == f"{second['topic']['name']}-value"
    assert {"product.id", "topic.name"} <= {note["about"] for note in second["notes"]}


async def test_two_plans_for_one_topic_tell_of_each_other(rig: Rig) -> None:
    first = await rig.generate(name="rivals")
    second = await rig.generate(name="rivals")

    approval = first["generation"]["approval_id"]
    assert any(approval in risk for risk in second["plan"]["risks"])


async def test_two_hundred_at_once_all_come_to_a_plan_of_their_own(rig: Rig) -> None:
    asked = [rig.asked(f"many {number}") for number in range(200)]
    answers = await asyncio.gather(*(rig.generator.post("/generate", json=body) for body in asked))
    for _ in range(360):
        await asyncio.sleep(0.5)
        listed = (await rig.generator.get("/generations", params={"limit": 200})).json()["items"]
        if not any(item["status"] in ("queued", "drafting") for item in listed):
            break

    assert {answer.status_code for answer in answers} == {202}
    assert {item["status"] for item in listed} == {"waiting"}
    assert len({item["approval_id"] for item in listed}) == 200
    assert len({item["product_id"] for item in listed}) == 200


async def test_generations_are_listed_newest_first_page_by_page(rig: Rig) -> None:
    for number in range(3):
        await rig.generate(name=f"page {number}")
    seen: list[dict[str, Any]] = []
    cursor = None
    for _ in range(3):
        given = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = (await rig.generator.get("/generations", params=given)).json()
        seen += page["items"]
        cursor = page["next_cursor"]

    names = [item["request"]["product_name"] for item in seen]
    assert names == [f"{rig.prefix} page {number}" for number in (2, 1, 0)]


async def test_auto_provision_without_a_rule_waits_and_says_why(rig: Rig) -> None:
    view = await rig.generate(name="eager", auto_provision=True)

    assert view["generation"]["status"] == "waiting"
    assert "no auto_provision rule" in view["generation"]["stage"]


async def test_auto_provision_with_a_rule_needs_no_person(own_settings: Settings) -> None:
    rule = {"name": "small", "owners": ["group:default/fraud-team"], "max_partitions": 12}
    policy = {"policy": {"auto_provision": [rule]}}
    allowing = Settings.model_validate({**own_settings.model_dump(), **policy})

    async with opened(allowing) as own:
        view = await own.generate(name="allowed", auto_provision=True)
        own.approved.append(view["plan"])
        path = f"/generations/{view['generation']['id']}"
        ended = await own.until(path, lambda now: now["generation"]["status"] != "waiting")
        approval = (await own.generator.get(view["approval"])).json()

    assert ended["generation"]["status"] == "active"
    assert approval["decision"]["via"] == "policy"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "product_name"),
        ({"product_name": "", "owner": "a", "description": "b"}, "product_name"),
        ({"product_name": "a", "owner": "b", "description": "x" * 4_001}, "description"),
        ({"product_name": "a", "owner": "b", "description": "c", "topic": "d"}, "topic"),
    ],
)
async def test_a_request_that_cannot_be_drafted_is_refused(
    rig: Rig, body: dict[str, Any], said: str
) -> None:
    response = await rig.generator.post("/generate", json=body)

    assert response.status_code == 422
    assert said in response.json()["detail"]


@pytest.mark.parametrize("path", ["/generations/gen-none", "/generations/gen-none/events"])
async def test_an_unknown_generation_is_not_found(rig: Rig, path: str) -> None:
    response = await rig.generator.get(path)

    assert response.status_code == 404
    assert "GET /generations" in response.json()["detail"]


async def test_what_a_dead_process_was_drafting_is_drafted_by_the_next(
    own_settings: Settings,
) -> None:
    async with opened(own_settings, working=False) as dead:
        started = await dead.generator.post("/generate", json=dead.asked("orphan"))
        generation_id = started.json()["generation"]["id"]
        path = started.headers["location"]
    async with await open_pool(str(own_settings.database_url)) as pool, pool.connection() as conn:
        await conn.execute(
            "update generations set status = 'drafting' where id = %s", (generation_id,)
        )

    async with opened(own_settings) as alive:
        view = await alive.until(path, lambda now: now["generation"]["status"] == "waiting")

    assert view["plan"]


async def test_a_generation_whose_job_was_lost_gets_another(own_settings: Settings) -> None:
    async with opened(own_settings, working=False) as dead:
        started = await dead.generator.post("/generate", json=dead.asked("lost"))
        generation_id = started.json()["generation"]["id"]
        path = started.headers["location"]
    async with await open_pool(str(own_settings.database_url)) as pool, pool.connection() as conn:
        await conn.execute(
            "delete from procrastinate_jobs where args ->> 'generation_id' = %s", (generation_id,)
        )
        await conn.execute(
            "update generations set updated_at = now() - interval '2 minutes' where id = %s",
            (generation_id,),
        )

    async with opened(own_settings) as alive:
        view = await alive.until(path, lambda now: now["generation"]["status"] == "waiting")

    assert view["generation"]["approval_id"]
