"""Lineage over the API, on a real Postgres."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import httpx

from server.embedded.stack import EmbeddedStack
from server.lineage.examples import EVENT
from tests.integration.catalog.fleet import CLUSTER, FINDINGS
from tools.db.finding import Producer, Reader
from tools.db.findings import FindingRepository
from tools.db.pool import Pool

CLICKS = next(found for found in FINDINGS if found.name == "web.clicks")


def event_on(stack: EmbeddedStack, **changes: Any) -> dict[str, Any]:
    """The example, told of the cluster of these tests and of topics of the fleet."""
    address = stack.bootstrap_servers.split(",")[0]
    text = json.dumps(EVENT).replace("localhost:9092", address)
    told: dict[str, Any] = json.loads(text)
    told["outputs"][0]["name"] = "fraud-alerts"
    return {**told, **changes}


async def lineage(client: httpx.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await client.get("/lineage", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def shown(found: dict[str, Any]) -> set[tuple[str, int]]:
    return {(node["name"], node["distance"]) for node in found["nodes"]}


async def test_groups_and_told_runs_are_one_graph_and_telling_twice_changes_nothing(
    client: httpx.AsyncClient, stack: EmbeddedStack
) -> None:
    event = event_on(stack)

    first = await client.post("/lineage", json=event)
    before = await lineage(client, source="supplier-events")
    again = await client.post("/lineage", json=[event, copy.deepcopy(event)])
    after = await lineage(client, source="supplier-events")

    assert first.status_code == again.status_code == 201, first.text
    assert first.json()["topics"] == 2
    assert shown(before) == {
        ("supplier-events", 0),
        ("billing-sync", 1),
        ("risk-scoring", 1),
        ("score-suppliers", 1),
        ("fraud-alerts", 2),
    }
    assert after == before
    (field,) = before["fields"]
    assert (field["source_field"], field["target_field"]) == ("rating", "score")
    runs = (await client.get("/lineage/runs")).json()["items"]
    assert [(run["job"], run["state"]) for run in runs] == [("score-suppliers", "COMPLETE")]


async def test_upstream_leads_back_to_where_a_topic_comes_from_and_nodes_can_be_expanded(
    client: httpx.AsyncClient, stack: EmbeddedStack, pool: Pool
) -> None:
    await client.post("/lineage", json=event_on(stack))
    signed = replace(CLICKS, producer=Producer("billing-sync", "billing", "producer"))
    await FindingRepository(pool, CLUSTER).put(1, [signed])

    signed_by = await lineage(client, source="web.clicks", direction="upstream")
    near = await lineage(client, source="fraud-alerts", direction="upstream", depth=1)
    (job,) = (node for node in near["nodes"] if node["distance"] == -1)
    beyond = await lineage(client, node=job["id"], direction="upstream", depth=1)

    assert shown(signed_by) >= {("web.clicks", 0), ("billing-sync", -1), ("supplier-events", -2)}
    assert job["name"] == "score-suppliers"
    assert job["more"] == 1
    assert shown(beyond) == {("score-suppliers", 0), ("supplier-events", -1)}


async def test_the_impact_of_a_field_leaves_out_who_tells_that_it_is_not_used(
    client: httpx.AsyncClient, stack: EmbeddedStack
) -> None:
    await client.post("/lineage", json=event_on(stack))

    async def impact(field: str) -> dict[str, Any]:
        answer = await client.get("/sources/supplier-events/impact", params={"field": field})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    used, unused = await impact("rating"), await impact("company_name")

    told = {each["node"]["name"]: each for each in used["affected"]}
    assert told["score-suppliers"]["effect"] == "affected"
    assert told["fraud-alerts"]["fields"] == ["score"]
    assert told["billing-sync"]["effect"] == "perhaps"
    assert {each["node"]["name"] for each in unused["affected"]} == {"billing-sync", "risk-scoring"}
    assert [each["team"] for each in used["teams"]] == ["billing", "risk"]


async def test_a_group_that_is_gone_stays_with_when_it_was_seen(
    client: httpx.AsyncClient, pool: Pool
) -> None:
    findings = FindingRepository(pool, CLUSTER)
    left = Reader("risk-scoring", "supplier-events", "risk", 0, "stable", {0: 7})
    await findings.put_consumers([left])
    still = await lineage(client, source="supplier-events")
    await findings.put_consumers(
        [Reader("risk-scoring", "supplier-events", "risk", 0, None, {0: 9})]
    )
    moved = await lineage(client, source="supplier-events")

    def edges(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
        return {edge["target"].rpartition(":")[2]: edge for edge in found["edges"]}

    gone = edges(still)["billing-sync"]
    assert gone["vanished_at"] is not None
    assert gone["last_seen"] == gone["first_seen"]
    assert "not seen to move" in edges(still)["risk-scoring"]["because"]
    assert edges(moved)["risk-scoring"]["because"] == ""
    assert edges(moved)["risk-scoring"]["last_seen"] > edges(still)["risk-scoring"]["last_seen"]
    impact = (await client.get("/sources/supplier-events/impact")).json()
    assert impact["counts"]["vanished"] == 1
    assert [each["team"] for each in impact["teams"]] == ["risk"]


async def test_what_cannot_be_answered_says_what_to_do(
    client: httpx.AsyncClient, stack: EmbeddedStack
) -> None:
    async def problem(path: str, **query: Any) -> tuple[int, str]:
        answer = await client.get(path, params=query)
        return answer.status_code, answer.json()["type"].rpartition(":")[2]

    assert await problem("/lineage") == (422, "invalid-request")
    assert await problem("/lineage", source="nowhere") == (404, "source-not-found")
    assert await problem("/lineage", node="dataset:x:y") == (404, "node-not-found")
    assert await problem("/lineage", node="y") == (422, "invalid-node")
    assert await problem("/sources/supplier-events/impact", field="ratin") == (
        404,
        "field-not-found",
    )
    half = [event_on(stack), event_on(stack, eventTime="never")]
    refused = await client.post("/lineage", json=half)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["at"] == "body.batch.1.eventTime"
    assert (await client.get("/lineage/runs")).json()["items"] == []
    large = {**event_on(stack), "producer": "x" * 4_200_000}
    assert (await client.post("/lineage", json=large)).status_code == 413
