"""A product goes its way, and does not leave while somebody reads it."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

import httpx
import pytest
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient

from tests.integration.products.requests import ANY, activated, contract, created

Client = httpx.AsyncClient


@pytest.fixture
async def group(bootstrap_servers: str, topic: str) -> AsyncIterator[str]:
    """A consumer group that has committed an offset on the topic."""
    name = f"test.reader.{secrets.token_hex(4)}"
    consumer = Consumer({"bootstrap.servers": bootstrap_servers, "group.id": name})
    consumer.commit(offsets=[TopicPartition(topic, 0, 0)], asynchronous=False)
    consumer.close()
    yield name
    leave(bootstrap_servers, name)


def leave(bootstrap_servers: str, group: str) -> None:
    admin = AdminClient({"bootstrap.servers": bootstrap_servers})
    for future in admin.delete_consumer_groups([group]).values():
        if future.exception() is None:
            future.result()


async def moved(client: Client, product_id: str, *steps: str) -> list[tuple[int, str]]:
    answers = [await client.post(f"/products/{product_id}/{step}") for step in steps]
    return [(a.status_code, a.json().get("lifecycle", a.json().get("type"))) for a in answers]


async def test_a_product_goes_its_way_and_back(client: Client, topic: str) -> None:
    await created(client, topic, id="p")
    await client.put("/products/p/contract", json=contract(topic), headers=ANY)

    steps = ("submit", "activate", "deprecate", "restore", "deprecate", "retire", "restore")

    assert await moved(client, "p", *steps) == [
        (200, "pending"),
        (200, "active"),
        (200, "deprecated"),
        (200, "active"),
        (200, "deprecated"),
        (200, "retired"),
        (200, "deprecated"),
    ]
    versions = (await client.get("/products/p/versions")).json()["items"]
    assert [each["version"] for each in versions] == ["1.1.0", "1.0.0"]


async def test_a_step_that_is_none_is_refused_with_those_that_are(client: Client) -> None:
    await created(client, id="p")

    answer = await client.post("/products/p/retire")

    assert answer.status_code == 409
    assert "is draft and cannot become retired" in answer.json()["detail"]
    assert "pending or active" in answer.json()["detail"]


async def test_an_active_product_has_ports_a_contract_and_topics(client: Client) -> None:
    await created(client, "test.products.not-there", id="p")
    await created(client, id="q")

    one, other = [await client.post(f"/products/{p}/activate") for p in ("p", "q")]

    assert (one.status_code, one.json()["type"]) == (409, "urn:headwater:problem:product-not-ready")
    assert "Kafka has no topic test.products.not-there" in one.json()["detail"]
    assert "no contract" in one.json()["detail"]
    assert "no output port" in other.json()["detail"]


async def test_who_still_reads_it_is_named_and_it_stays(
    client: Client, topic: str, group: str, bootstrap_servers: str
) -> None:
    product_id = await activated(client, topic)
    path = f"/products/{product_id}"
    await client.post(f"{path}/deprecate")

    retire = await client.post(f"{path}/retire")
    delete = await client.delete(f"{path}?reason=old", headers=ANY)

    for answer in (retire, delete):
        assert (answer.status_code, answer.json()["type"]) == (
            409,
            "urn:headwater:problem:still-consumed",
        )
        assert f"{group} ({topic})" in answer.json()["detail"]
    assert (await client.get(path)).json()["lifecycle"] == "deprecated"

    leave(bootstrap_servers, group)
    assert (await client.post(f"{path}/retire")).status_code == 200


async def test_a_move_can_be_bound_to_a_revision(client: Client) -> None:
    await created(client, id="p")

    lost = await client.post("/products/p/submit", headers={"If-Match": '"7"'})

    assert lost.status_code == 412
    assert (await client.get("/products/p")).json()["lifecycle"] == "draft"
