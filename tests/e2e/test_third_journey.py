"""From two topics that are the same to one that really carries both teams' messages."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import httpx
import psutil
import pytest
from confluent_kafka import Producer

from tests.e2e.test_second_journey import View, post, until
from tests.headwater_process import HEADWATER, HeadwaterProcess
from tests.integration.bridge.carrying import committed, origins
from tests.processes import below

SOURCES = ["supplier-events", "supplier_data_raw"]
MESSAGES = {"supplier-events": 2_400, "supplier_data_raw": 2_000}


@pytest.fixture(scope="module")
def consolidation(demo: HeadwaterProcess) -> View:
    answer = post(f"{demo.catalog}/consolidations", {"sources": SOURCES})
    assert answer.status_code == 201, answer.text
    made: View = answer.json()
    assert httpx.get(f"{demo.catalog}{answer.headers['location']}").json() == made
    return made


@pytest.fixture(scope="module")
def product(demo: HeadwaterProcess, consolidation: View) -> View:
    """The unified product, once somebody else has approved it."""
    asked = {"owner": "procurement", "product_name": "Suppliers of all teams"}
    path = f"{demo.catalog}/consolidations/{consolidation['id']}/approve-request"
    proposed = post(path, asked)
    assert proposed.status_code == 202, proposed.text
    approval = f"{demo.catalog}{proposed.headers['location']}"
    jane = {"X-Headwater-Principal": "user:default/jane"}
    decided = post(f"{approval}/decision", {"decision": "approve"}, **jane)
    assert decided.status_code == 200, decided.text
    return until(approval, lambda view: view["status"] in ("active", "failed"))


def bridged(demo: HeadwaterProcess, consolidation_id: str) -> dict[str, Any]:
    """What a bridge says that has carried all there is."""
    command = [*HEADWATER, "bridge", consolidation_id, "--until-caught-up", "--json"]
    options = ["--data-dir", str(demo.data_dir), "--port", str(demo.catalog_port)]
    done = subprocess.run([*command, *options], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_real_messages_of_both_prove_the_schema(consolidation: View) -> None:
    replays = {replay["source"]: replay for replay in consolidation["replays"]}

    assert replays.keys() == set(SOURCES)
    for replay in replays.values():
        assert replay["messages"] >= 290
        assert replay["passed"] >= 0.95 * replay["messages"]
        assert 0 < replay["bytes_unified"] < replay["bytes_now"]
    steps = {step["who"] for step in consolidation["steps"]}
    assert {"bi", "purchasing", "supplier-risk", "team-a", "team-b"} <= steps
    assert {"storage", "partitions", "cost"} <= {b["name"] for b in consolidation["benefits"]}


def test_it_is_no_bridge_before_it_is_approved(demo: HeadwaterProcess, consolidation: View) -> None:
    command = [*HEADWATER, "bridge", consolidation["id"], "--port", str(demo.catalog_port)]
    done = subprocess.run(
        [*command, "--data-dir", str(demo.data_dir)], capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 1
    assert "becomes a product first" in " ".join(done.stderr.split())


def test_the_unified_topic_carries_both_sources_messages_once(
    demo: HeadwaterProcess, consolidation: View, product: View
) -> None:
    assert product["status"] == "active", product

    told = bridged(demo, consolidation["id"])
    again = bridged(demo, consolidation["id"])

    topic = consolidation["unified"]["topic"]
    servers = f"127.0.0.1:{demo.ports.kafka}"
    carried, letters = committed(servers, topic), committed(servers, f"{topic}.dlq")
    came = origins([*carried, *letters])
    assert set(came.values()) == {1}
    by_source = {name: sum(key.startswith(f"{name}:") for key in came) for name in SOURCES}
    assert by_source == MESSAGES
    assert (told["carried"], told["rejected"]) == (len(carried), len(letters))
    assert len(carried) > 0.95 * sum(MESSAGES.values())
    assert (again["carried"], again["rejected"]) == (0, 0)


def test_the_server_carries_what_comes_after_though_the_process_is_killed_until_it_is_stopped(
    demo: HeadwaterProcess, consolidation: View, product: View
) -> None:
    path = f"{demo.catalog}/consolidations/{consolidation['id']}/bridge"
    servers, topic = f"127.0.0.1:{demo.ports.kafka}", consolidation["unified"]["topic"]
    carried = origins(committed(servers, topic))
    assert httpx.get(path).status_code == 404
    assert post(f"{path}/start", {}).status_code == 202
    until(path, lambda state: state["running"] and state["progress"].get("lag") == 0)

    (process,) = _bridges_of(demo)
    process.kill()
    old = next(
        record
        for record in committed(servers, "supplier-events")
        if f"{record.topic()}:{record.partition()}:{record.offset()}" in carried
    )
    producer = Producer({"bootstrap.servers": servers})
    for _ in range(5):
        producer.produce("supplier-events", old.value(), old.key())
    assert producer.flush(30) == 0
    until(path, lambda state: bool(state["progress"]["carried"] == 5))

    assert post(f"{path}/stop", {}).status_code == 202
    until(path, lambda state: not state["running"])
    assert len(committed(servers, topic)) == len(carried) + 5
    assert _bridges_of(demo) == []


def _bridges_of(demo: HeadwaterProcess) -> list[psutil.Process]:
    assert demo.process
    return below(demo.process.pid, "server.workers.bridge_process")


def test_a_bridge_of_nothing_that_is_provisioned_is_refused(demo: HeadwaterProcess) -> None:
    made = post(f"{demo.catalog}/consolidations", {"sources": SOURCES}).json()

    refused = post(f"{demo.catalog}/consolidations/{made['id']}/bridge/start", {})

    assert refused.status_code == 409
    assert "becomes a product first" in refused.json()["detail"]


def test_the_same_is_there_as_flink_sql(demo: HeadwaterProcess, consolidation: View) -> None:
    script = httpx.get(f"{demo.catalog}/consolidations/{consolidation['id']}/flink.sql")

    assert script.headers["content-type"].startswith("text/plain")
    for name in (*SOURCES, consolidation["unified"]["topic"]):
        assert f"CREATE TABLE `{name}` (" in script.text


@pytest.mark.parametrize(
    ("sources", "status", "says"),
    [
        (["supplier-events", "supplier-events"], 409, "2 to 10 different sources; 1"),
        (["supplier-events", "hr.employees.v1"], 409, "too little in common"),
        (["supplier-events", "nowhere"], 404, "no source 'nowhere'"),
        (["supplier-events"], 422, "at least 2"),
    ],
)
def test_what_makes_no_consolidation_says_why(
    demo: HeadwaterProcess, sources: list[str], status: int, says: str
) -> None:
    answer = post(f"{demo.catalog}/consolidations", {"sources": sources})

    assert answer.status_code == status
    assert says in answer.json()["detail"]
