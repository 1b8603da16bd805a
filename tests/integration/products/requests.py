"""What the tests send."""

from __future__ import annotations

from typing import Any

import httpx

from core.contract.odcs import contract_of
from tests.unit.contract.plans import plan

ANY = {"If-Match": "*"}


def draft(*topics: str, **more: Any) -> dict[str, Any]:
    facts = {
        "name": "Fraud Scores",
        "description": "Scores of transactions.",
        "owner": "group:default/fraud-team",
        "domain": "risk",
        "tags": ["fraud"],
        "ports": [{"topic": topic} for topic in topics],
    }
    return {**facts, **more}


def contract(topic: str, **more: Any) -> dict[str, Any]:
    """The contract of a plan that has this topic."""
    told = {
        **plan().topic.model_dump(mode="json"),
        "name": topic,
        "partitions": 2,
        "retention_ms": 7 * 86_400_000,
    }
    schema_plan = {**plan().schema_plan.model_dump(mode="json"), "subject": f"{topic}-value"}
    facts = {"topic": told, "schema_plan": schema_plan, **more}
    return dict(contract_of(plan(**facts), "kafka:9092").document)


async def created(client: httpx.AsyncClient, *topics: str, **more: Any) -> dict[str, Any]:
    answer = await client.post("/products", json=draft(*topics, **more))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def activated(client: httpx.AsyncClient, topic: str) -> str:
    """The id of an active product with a contract."""
    product_id = str((await created(client, topic))["id"])
    path = f"/products/{product_id}"
    put = await client.put(f"{path}/contract", json=contract(topic), headers=ANY)
    assert put.status_code == 200, put.text
    active = await client.post(f"{path}/activate")
    assert active.status_code == 200, active.text
    return product_id
