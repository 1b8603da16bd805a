"""From a sentence to a governed product: by curl-like calls against `headwater up`, then looked at
with the clients of Kafka and of the registry."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from confluent_kafka.admin import AdminClient, ConfigResource, ResourceType
from confluent_kafka.schema_registry import SchemaRegistryClient

from tests.headwater_process import HeadwaterProcess

ASKED = {
    "product_name": "Card fraud scores",
    "owner": "fraud-team",
    "description": "I need real-time fraud detection data: for each card payment a fraud score "
    "between 0 and 1 and the decision (allow, review, block), within 100 ms. Keep it 7 years.",
}
YEARS_7 = 7 * 365 * 86_400_000

View = dict[str, Any]


def post(url: str, body: View, **headers: str) -> httpx.Response:
    """As curl -d sends it: without saying that it is JSON."""
    form = {"content-type": "application/x-www-form-urlencoded", **headers}
    return httpx.post(url, content=json.dumps(body), headers=form, timeout=30)


def get(url: str) -> View:
    reply = httpx.get(url, timeout=30)
    reply.raise_for_status()
    found: View = reply.json()
    return found


def until(url: str, done: Callable[[View], bool]) -> View:
    for _ in range(600):
        found = get(url)
        if done(found):
            return found
        time.sleep(0.1)
    pytest.fail(f"it did not get there: {found}")


@pytest.fixture(scope="module")
def drafted(demo: HeadwaterProcess) -> View:
    answer = post(f"{demo.generator}/generate", ASKED)
    assert answer.status_code == 202, answer.text
    path = f"{demo.generator}{answer.headers['location']}"
    return until(path, lambda view: bool(view["generation"]["status"] not in OPEN))


OPEN = ("queued", "drafting")


@pytest.fixture(scope="module")
def active(demo: HeadwaterProcess, drafted: View) -> View:
    """Decided on by somebody else, once the requester was refused."""
    decision = f"{demo.catalog}{drafted['approval']}/decision"
    jane = {"X-Headwater-Principal": "user:default/jane"}
    own = post(decision, {"decision": "approve"})
    decided = post(decision, {"decision": "approve", "comment": "go"}, **jane)
    assert (own.status_code, decided.status_code) == (403, 200), decided.text
    path = f"{demo.generator}/generations/{drafted['generation']['id']}"
    return until(path, lambda view: bool(view["generation"]["status"] != "waiting"))


def test_what_exists_is_said_with_numbers_before_anything_is_proposed(drafted: View) -> None:
    plan = drafted["plan"]

    assert drafted["generation"]["status"] == "waiting"
    assert plan["related"]
    assert all(each["has"] or each["missing"] for each in plan["related"])
    assert "related source" in drafted["generation"]["summary"]


def test_the_plan_keeps_to_the_sentence(drafted: View) -> None:
    plan = drafted["plan"]

    assert (plan["topic"]["retention_ms"], plan["latency_ms"]) == (YEARS_7, 100)
    assert ["allow", "review", "block"] in [rule["values"] for rule in plan["rules"]]
    assert plan["cost"]["items"][0]["formula"]


def test_topic_subject_and_product_are_there_by_their_own_clients(
    demo: HeadwaterProcess, active: View
) -> None:
    assert active["generation"]["status"] == "active", active["generation"]
    topic, written = active["plan"]["topic"], active["plan"]["schema_plan"]

    admin = AdminClient({"bootstrap.servers": f"127.0.0.1:{demo.ports.kafka}"})
    found = admin.list_topics(topic["name"], timeout=10).topics[topic["name"]]
    asked = ConfigResource(ResourceType.TOPIC, topic["name"])
    configs = admin.describe_configs([asked])[asked].result(10)
    registry = SchemaRegistryClient({"url": demo.registry})
    latest = registry.get_latest_version(written["subject"])
    product = get(f"{demo.products}/products/{active['generation']['product_id']}")

    assert len(found.partitions) == topic["partitions"]
    assert configs["retention.ms"].value == str(YEARS_7)
    assert latest.version == 1
    assert registry.get_compatibility(written["subject"]) == written["compatibility"]
    fields = json.loads(str(latest.schema.schema_str))["fields"]
    planned = written["value"]["root"]["children"]
    assert [each["name"] for each in fields] == [each["name"] for each in planned]
    assert {"decision"} < {each["name"] for each in fields}
    assert json.dumps(product).count('"active"') >= 1


def test_the_new_topic_is_in_the_catalog_soon(demo: HeadwaterProcess, active: View) -> None:
    name = active["plan"]["topic"]["name"]

    for _ in range(300):
        reply = httpx.get(f"{demo.catalog}/sources/{name}", timeout=30)
        if reply.status_code == 200:
            break
        time.sleep(0.2)

    assert reply.json()["summary"]["kind"] == "managed"


def test_the_chat_knows_the_second_journey_too(demo: HeadwaterProcess) -> None:
    wish = {"message": "create a product for delivery delays owned by logistics-team"}
    answer = post(f"{demo.catalog}/chat", wish).json()
    listed = post(f"{demo.catalog}/chat", {"message": "what awaits approval?"}).json()

    approval = answer["findings"]["approval_id"]
    assert approval in listed["answer"]
    assert get(f"{demo.catalog}/approvals/{approval}")["status"] == "pending"
