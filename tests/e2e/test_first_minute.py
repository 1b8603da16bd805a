"""The first minute of the README: start with the demo, search, ask; and servers die under it."""

from __future__ import annotations

import json
import os
import signal
import time
from typing import Any

import httpx
import pytest

from tests.headwater_process import HeadwaterProcess

TOPICS = 87
MANAGED = 52
SUPPLIERS = {
    "managed": {"procurement.supplier-master.v1", "risk.supplier-risk-scores.v2"},
    "discovered": {"supplier-events", "supplier_data_raw", "ml-output-supplier-risk-v4"},
}


def ask(demo: HeadwaterProcess, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """As curl -d sends it: without saying that it is JSON."""
    headers = {"content-type": "application/x-www-form-urlencoded"}
    content = json.dumps(body)
    reply = httpx.post(f"{demo.catalog}{path}", content=content, headers=headers, timeout=30)
    reply.raise_for_status()
    answer: dict[str, Any] = reply.json()
    return answer


def get(demo: HeadwaterProcess, path: str, **query: str | int) -> dict[str, Any]:
    reply = httpx.get(f"{demo.catalog}{path}", params=query, timeout=30)
    reply.raise_for_status()
    answer: dict[str, Any] = reply.json()
    return answer


def listed(demo: HeadwaterProcess, **query: str | int) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = get(demo, "/sources", limit=100, **query)["items"]
    return items


def scanned(demo: HeadwaterProcess) -> dict[str, Any]:
    """A scan that has ended."""
    scan = ask(demo, "/scans", {})
    while scan["status"] in ("queued", "running"):
        time.sleep(0.3)
        scan = get(demo, f"/scans/{scan['id']}")
    return scan


def is_ready(demo: HeadwaterProcess) -> bool:
    try:
        return httpx.get(f"{demo.catalog}/readyz", timeout=10).status_code == 200
    except httpx.TransportError:
        return False


def test_every_topic_of_the_fleet_is_in_the_catalog(demo: HeadwaterProcess) -> None:
    assert len(listed(demo)) == TOPICS
    assert len(listed(demo, kind="managed")) == MANAGED


def test_a_search_shows_the_supplier_sources_of_both_kinds(demo: HeadwaterProcess) -> None:
    found = ask(demo, "/search", {"query": "supplier"})

    for kind, names in SUPPLIERS.items():
        assert names <= {hit["source"]["name"] for hit in found[kind]}
        assert all(hit["reasons"] for hit in found[kind])


def test_the_chat_answers_in_words_and_as_data(demo: HeadwaterProcess) -> None:
    answer = ask(demo, "/chat", {"message": "I need supplier data"})

    assert "procurement.supplier-master.v1" in answer["answer"]
    assert "supplier-events" in answer["answer"]
    assert answer["findings"]
    assert (answer["route"]["agent"], answer["written_by"]) == ("discovery", "offline")


def test_consuming_teams_are_those_that_committed_offsets(demo: HeadwaterProcess) -> None:
    teams = {source["name"]: len(source["consuming_teams"]) for source in listed(demo)}

    assert teams["procurement.supplier-master.v1"] == 12
    assert teams["risk.supplier-risk-scores.v2"] == 8


@pytest.mark.parametrize("server", ["Kafka", "Postgres"])
def test_a_server_killed_under_it_comes_back_without_loss(
    demo: HeadwaterProcess, server: str
) -> None:
    before = {source["name"]: source["messages"] for source in listed(demo)}
    child = json.loads((demo.data_dir / "children.json").read_text())[server]

    os.kill(child["pid"], signal.SIGKILL)
    deadline = time.monotonic() + 90
    time.sleep(1)
    while not is_ready(demo):
        assert time.monotonic() < deadline, f"not ready within 90 s of the end of {server}"
        time.sleep(0.5)

    scan = scanned(demo)
    assert scan["status"] == "done"
    assert scan["progress"]["vanished"] == scan["progress"]["failed"] == 0
    assert {source["name"]: source["messages"] for source in listed(demo)} == before
    assert ask(demo, "/search", {"query": "supplier"})["managed"]
