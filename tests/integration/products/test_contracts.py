"""Contracts go in and out without loss; the product's other documents follow from them."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import httpx
import jsonschema_rs
import pytest
import yaml

from core.contract.standard import check
from core.quality.rule import Metric
from server.embedded.stack import EmbeddedStack
from tests.integration.products.requests import ANY, activated, contract, created
from tools.db.pool import open_pool
from tools.db.products import ProductRepository

Client = httpx.AsyncClient


async def test_a_contract_comes_back_as_it_was_put_in_both_forms(client: Client) -> None:
    await created(client, "one", id="p")
    sent = {**contract("one"), "price": {"priceAmount": 9.5}, "tenant": "us", "roles": []}

    put = await client.put("/products/p/contract", json=sent, headers=ANY)
    plain = await client.get("/products/p/contract")
    written = await client.get("/products/p/contract", headers={"Accept": "application/yaml"})
    asked = await client.get("/products/p/contract?format=yaml")

    assert put.status_code == 200, put.text
    assert plain.json() == sent
    assert list(plain.json()) == list(sent)
    assert yaml.safe_load(written.text) == sent
    assert written.headers["content-type"].startswith("application/yaml")
    assert asked.text == written.text
    check(plain.json())


@pytest.mark.parametrize(
    "media_type", ["application/yaml", "text/yaml", "application/x-www-form-urlencoded", ""]
)
async def test_yaml_is_taken_however_it_is_called(client: Client, media_type: str) -> None:
    await created(client, "one", id="p")
    text = yaml.safe_dump(contract("one"))
    headers = {**ANY, "Content-Type": media_type}

    put = await client.put("/products/p/contract", content=text, headers=headers)

    assert put.status_code == 200, put.text
    assert (await client.get("/products/p/contract")).json() == contract("one")


async def test_what_is_no_contract_is_refused_with_its_places(client: Client) -> None:
    await created(client, "one", id="p")
    sent = {**contract("one"), "owner": "jane"}

    answer = await client.put("/products/p/contract", json=sent, headers=ANY)
    stranger = await client.put("/products/p/contract", json=contract("two"), headers=ANY)
    text = await client.put("/products/p/contract", content="a: [", headers=ANY)
    none = await client.get("/products/p/contract")

    assert (answer.status_code, "customProperties" in answer.json()["detail"]) == (422, True)
    assert (stranger.status_code, "two" in stranger.json()["detail"]) == (409, True)
    assert text.status_code == 422
    assert (none.status_code, none.json()["type"]) == (
        404,
        "urn:headwater:problem:contract-not-found",
    )


async def test_a_bad_rule_is_refused_with_its_place_and_nothing_is_stored(client: Client) -> None:
    await created(client, "one", id="p")
    sent = contract("one")
    fields = {each["name"]: each for each in sent["schema"][0]["properties"]}
    implementation = {"metric": "range", "minimum": 0}
    ours = {"type": "custom", "engine": "headwater", "implementation": implementation}
    fields["code"]["quality"] = [{**ours, "name": "code range"}]
    at = sent["schema"][0]["properties"].index(fields["code"])

    answer = await client.put("/products/p/contract", json=sent, headers=ANY)
    none = await client.get("/products/p/contract")

    assert (answer.status_code, none.status_code) == (422, 404)
    problem = answer.json()
    assert problem["type"] == "urn:headwater:problem:invalid-contract"
    assert problem["errors"] == [
        {
            "at": f"schema.0.properties.{at}.quality.0",
            "detail": "code range: the rule code-range does not fit the field code: a range needs "
            "a number, it is string",
        }
    ]
    assert "Mend them" in problem["detail"]


async def test_entries_for_others_are_taken_and_told(client: Client) -> None:
    await created(client, "one", id="p")
    sent = contract("one")
    soda = {"type": "custom", "engine": "soda", "implementation": "checks", "name": "soda"}
    share = {"metric": "nullValues", "mustBeLessThan": 2, "unit": "percent", "name": "some emails"}
    sent["schema"][0]["quality"] += [soda]
    next(each for each in sent["schema"][0]["properties"] if each["name"] == "email")["quality"] = [
        share
    ]

    answer = await client.put("/products/p/contract", json=sent, headers=ANY)

    assert answer.status_code == 200, answer.text
    assert [
        (each["topic"], each["name"], each["why"]) for each in answer.json()["not_watched"]
    ] == [("one", "soda", "it is for the engine soda")]
    assert (await client.get("/products/p/contract")).json() == sent


async def test_a_contract_makes_versions_and_rules(
    client: Client, stack: EmbeddedStack, database_url: str
) -> None:
    await created(client, "one", id="p")
    first = await client.put("/products/p/contract", json=contract("one"), headers=ANY)
    same = await client.put("/products/p/contract", json=contract("one"), headers=ANY)
    broken = contract("one")
    broken["schema"][0]["properties"] = broken["schema"][0]["properties"][1:]
    second = await client.put("/products/p/contract", json=broken, headers=ANY)
    stated = await client.put(
        "/products/p/contract", json={**broken, "version": "4.2.0"}, headers=ANY
    )
    versions = (await client.get("/products/p/versions")).json()["items"]
    old = (await client.get("/products/p/versions/1.1.0")).json()
    pool = await open_pool(database_url)
    rules = await ProductRepository(pool).rules("p")
    await pool.close()

    told = [answer.json()["version"] for answer in (first, same, second, stated)]
    assert told == ["1.1.0", "1.1.0", "2.0.0", "4.2.0"]
    assert "transaction_id: removed (was string, uuid)" in [
        change["line"] for change in versions[1]["changes"]
    ]
    assert old["contract"] == contract("one")
    metrics = {rule.metric for _, rule, _ in rules}
    assert Metric.RANGE in metrics
    assert Metric.UNIQUE not in metrics
    assert not any(active for _, _, active in rules)


async def test_odps_is_valid_by_its_shape_and_names_the_contract(
    client: Client, topic: str
) -> None:
    product_id = await activated(client, topic)

    document = (await client.get(f"/products/{product_id}/odps")).json()

    assert (document["apiVersion"], document["kind"]) == ("v1.0.0", "DataProduct")
    assert document["status"] == "active"
    (port,) = document["outputPorts"]
    assert (port["name"], port["version"]) == (topic, document["version"])
    assert port["contractId"] == contract(topic)["id"]


async def test_odps_names_the_products_that_it_is_made_from(client: Client) -> None:
    await created(client, "raw", id="raw-payments")
    raw = {**contract("raw"), "id": "raw-contract"}
    await client.put("/products/raw-payments/contract", json=raw, headers=ANY)
    await created(client, "one", id="p")
    sent = contract("one", inputs=["raw", "unknown-topic"])
    await client.put("/products/p/contract", json=sent, headers=ANY)

    document = (await client.get("/products/p/odps")).json()

    ports = [(port["name"], port["contractId"]) for port in document["inputPorts"]]
    assert ports == [("raw-payments", "raw-contract")]


async def test_asyncapi_tells_the_topic_as_kafka_has_it(client: Client, topic: str) -> None:
    product_id = await activated(client, topic)

    document = (await client.get(f"/products/{product_id}/asyncapi")).json()
    written = await client.get(f"/products/{product_id}/asyncapi?format=yaml")

    channel = document["channels"][topic]
    kafka = channel["bindings"]["kafka"]
    assert document["asyncapi"] == "3.1.0"
    assert (kafka["partitions"], kafka["replicas"], kafka["bindingVersion"]) == (2, 1, "0.5.0")
    assert kafka["topicConfiguration"]["cleanup.policy"] == ["delete"]
    message = document["components"]["messages"][topic]
    assert message["payload"]["schema"]["name"] == "FraudScore"
    assert yaml.safe_load(written.text) == document


async def test_the_description_of_the_api_holds_the_standards_schema(client: Client) -> None:
    document: dict[str, Any] = (await client.get("/openapi.json")).json()
    described = document["components"]["schemas"]["OdcsContract"]
    official = json.loads((files("open_data_contract_standard") / "schema.json").read_text())

    assert described["required"] == official["required"]
    whole = {**document, "$ref": "#/components/schemas/OdcsContract"}
    validator = jsonschema_rs.Draft202012Validator(whole)
    assert validator.is_valid(contract("one"))
    assert not validator.is_valid({**contract("one"), "schema": [{}]})
