"""The evaluation of drafts: descriptions go through the running generator."""

from __future__ import annotations

from typing import Any

from evals.generation import drafted_by_generator, predicted
from server.settings import Settings

CASE = {
    "id": "c1",
    "product_name": "Tank levels",
    "owner": "plant-team",
    "description": "Fill level of each tank in percent, every minute, kept for 90 days.",
}


async def test_a_plan_is_told_in_the_words_of_the_set(
    bootstrap_servers: str, registry_url: str, database_url: str
) -> None:
    settings = Settings(
        bootstrap_servers=bootstrap_servers,
        schema_registry=registry_url,
        database_url=database_url,
        llm_base_url=None,
    )

    drafted = await drafted_by_generator(settings, [CASE])

    told: dict[str, Any] = predicted(drafted["c1"].plan)
    assert told["retention_ms"] == 90 * 86_400_000
    assert told["key"] == "tank_id"
    assert {field["name"] for field in told["avro"]["fields"]} >= {"tank_id", "fill_level"}
    ranges = [rule for rule in told["rules"] if rule["metric"] == "range"]
    assert ("fill_level", 0, 100) in [(rule["field"], rule["min"], rule["max"]) for rule in ranges]
    assert drafted["c1"].took_ms > 0
