"""Chat about what is the same twice, over the small fleet."""

from __future__ import annotations

from typing import Any

import httpx
import pytest


async def said(client: httpx.AsyncClient, message: str, thread: str | None = None) -> Any:
    response = await client.post("/chat", json={"message": message, "thread_id": thread})
    assert response.status_code == 200, response.text
    return response.json()


async def test_two_topics_are_compared_by_name(client: httpx.AsyncClient) -> None:
    answer = await said(client, "compare supplier-events with supplier_data_raw")

    assert answer["route"]["agent"] == "schema_analyzer"
    assert answer["findings"]["type"] == "comparison"
    (pair,) = answer["findings"]["pairs"]
    assert {pair["left"], pair["right"]} == {"supplier-events", "supplier_data_raw"}
    assert f"{pair['similarity']:.0%} similar" in answer["answer"]


async def test_them_is_what_the_last_answer_was_about(client: httpx.AsyncClient) -> None:
    first = await said(client, "compare supplier-events with supplier_data_raw")
    answer = await said(client, "consolidate them", first["thread_id"])

    assert answer["route"]["agent"] == "schema_analyzer"
    # The fleet of these tests is in the catalog and not on the cluster: nothing could be replayed.
    found = answer["findings"]
    assert set(found["sources"]) == {"supplier-events", "supplier_data_raw"}
    assert all(proof["passed"] == 0 for proof in found["proofs"])
    assert "Nothing is made yet" in answer["answer"]
    kept = (await client.get(f"/consolidations/{found['id']}")).json()
    assert kept["approval_id"] is None


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("which topics duplicate supplier data?", "as far as the last analysis tells"),
        ("consolidate the topics that overlap into one schema", "Which ones? Name two or more"),
        ("compare supplier-events with weather", "No schema is known of"),
    ],
)
async def test_what_cannot_be_told_is_said(
    client: httpx.AsyncClient, message: str, says: str
) -> None:
    answer = await said(client, message)

    assert answer["route"]["agent"] == "schema_analyzer"
    assert says in answer["answer"]
