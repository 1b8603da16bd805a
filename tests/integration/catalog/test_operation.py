"""Health, readiness, figures, the API's description, and scans on demand."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from jsonschema_rs import validator_for

from server.app import catalog_app
from server.embedded.stack import EmbeddedStack
from tests.integration.catalog.conftest import client_of, settings_of

OPERATIONS = ("get", "post", "put", "patch", "delete")


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", described)
        for path, item in document["paths"].items()
        for method, described in item.items()
        if method in OPERATIONS
    ]


async def test_a_running_catalog_is_alive_and_ready(client: httpx.AsyncClient) -> None:
    alive, ready = await client.get("/healthz"), await client.get("/readyz")

    assert alive.json() == {"status": "ok"}
    assert ready.status_code == 200, ready.text
    parts = ("postgres", "kafka", "schema_registry")
    assert [ready.json()[part]["state"] for part in parts] == ["ready"] * 3


async def test_an_unreachable_kafka_makes_it_not_ready_and_says_why(
    stack: EmbeddedStack, fleet_url: str
) -> None:
    settings = settings_of(stack, fleet_url).model_copy(
        update={"bootstrap_servers": "127.0.0.1:1", "schema_registry": "http://127.0.0.1:1"}
    )
    async with client_of(catalog_app(settings)) as client:
        ready = await client.get("/readyz")
        search = await client.post("/search", json={"query": "supplier"})

    assert ready.status_code == 503
    assert ready.json()["kafka"]["state"] == "unreachable"
    assert ready.json()["schema_registry"]["reason"]
    assert search.status_code == 200


async def test_figures_tell_requests_by_route_sources_and_the_latest_scan(
    client: httpx.AsyncClient,
) -> None:
    await client.get("/sources/supplier-events")
    page = (await client.get("/metrics")).text

    assert 'headwater_sources{kind="managed"} 1.0' in page
    assert 'route="/sources/{name}"' in page
    assert "headwater_last_scan_finished_timestamp_seconds" in page


async def test_each_operation_has_a_summary_an_example_and_its_problems(
    client: httpx.AsyncClient,
) -> None:
    document = (await client.get("/openapi.json")).json()

    ids = [described["operationId"] for _, described in operations(document)]
    assert len(ids) == len(set(ids)) >= 15
    for name, described in operations(document):
        assert described["summary"], name
        assert described["description"], name
        answers = described["responses"]
        good = next(answer for status, answer in answers.items() if status.startswith("2"))
        assert all("example" in content for content in good["content"].values()), name
        problems = [answers[status] for status in answers if status[0] in "45"]
        assert len(problems) >= 2, name
        assert all("example" in next(iter(each["content"].values())) for each in problems), name


async def test_documented_examples_have_the_form_that_is_documented(
    client: httpx.AsyncClient,
) -> None:
    document = (await client.get("/openapi.json")).json()

    for name, described in operations(document):
        for status, answer in described["responses"].items():
            for media_type, content in answer["content"].items():
                if "json" in media_type and "schema" in content:
                    form = {**content["schema"], "components": document["components"]}
                    errors = list(validator_for(form).iter_errors(content["example"]))
                    assert not errors, (name, status, errors)


async def test_a_scan_is_queued_once_however_often_it_is_asked_for(
    stack: EmbeddedStack, database_url: str
) -> None:
    async with client_of(catalog_app(settings_of(stack, database_url))) as client:
        first = await client.post("/scans")
        again = await client.post("/scans", json={})
        keyed = await client.post("/scans", headers={"idempotency-key": "k1"})
        repeated = await client.post("/scans", headers={"idempotency-key": "k1"})
        shown = await client.get(first.headers["location"])
        listed = await client.get("/scans")
        unknown = await client.get("/scans/999")

    assert first.status_code == 202, first.text
    assert first.headers["location"] == f"/scans/{first.json()['id']}"
    assert again.json()["id"] == first.json()["id"] == keyed.json()["id"]
    assert repeated.json()["id"] == keyed.json()["id"]
    assert shown.json()["status"] == "queued"
    assert [run["id"] for run in listed.json()["items"]] == [first.json()["id"]]
    assert unknown.status_code == 404


async def test_a_finished_scan_tells_its_end_and_the_stream_closes(
    client: httpx.AsyncClient,
) -> None:
    runs = (await client.get("/scans")).json()["items"]
    watched = await client.get(f"/scans/{runs[-1]['id']}/events")

    assert "event: done" in watched.text


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
async def test_the_description_is_served(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 200
