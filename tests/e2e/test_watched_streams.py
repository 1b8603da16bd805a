"""Every stream is watched: scored by what was counted, and its owner hears when it breaks."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from confluent_kafka import Consumer, TopicPartition

from tests.e2e.conftest import Channel
from tests.headwater_process import HEADWATER, HeadwaterProcess

View = dict[str, Any]

MILLISECOND = timedelta(milliseconds=1)
"""Kafka's times have no more."""


def quality(demo: HeadwaterProcess, source: str) -> View:
    answer = httpx.get(f"{demo.catalog}/sources/{source}/quality", timeout=30)
    assert answer.status_code == 200, answer.text
    found: View = answer.json()
    return found


def scored(demo: HeadwaterProcess, source: str) -> View:
    """Once it was counted: watching begins when a topic was found and taught."""
    deadline = time.monotonic() + 120
    while (found := quality(demo, source))["score"] is None or found["lag"] != 0:
        assert time.monotonic() < deadline, found
        time.sleep(1)
    return found


@pytest.mark.parametrize(
    ("source", "least", "most"),
    [
        ("procurement.supplier-master.v1", 0.95, 1.0),
        ("supplier-events", 0.60, 0.80),
        ("supplier_data_raw", 0.45, 0.72),
    ],
)
def test_scores_are_near_what_the_demo_broke_and_say_whose_rules_they_are(
    demo: HeadwaterProcess, source: str, least: float, most: float
) -> None:
    found = scored(demo, source)

    assert least <= found["score"] <= most
    assert found["score"] == pytest.approx(1 - found["bad"] / found["records"])
    assert found["basis"] == "inferred rules"
    worst = max(found["rules"], key=lambda rule: rule["broken"] or 0)
    assert worst["broken"] > 0
    assert {"partition", "offset", "excerpt"} <= worst["positions"][0].keys()


@pytest.fixture(scope="module")
def fault(demo: HeadwaterProcess) -> Iterator[subprocess.Popen[str]]:
    """As the README starts it: sound data, for a minute half of one field's values null, and sound
    data again, of which its topic gets one message a second."""
    command = [*HEADWATER, "demo", "--live", "--fault", "null-burst", "--json"]
    process = subprocess.Popen(
        [*command, "--data-dir", str(demo.data_dir)], stdout=subprocess.PIPE, text=True
    )
    yield process
    process.terminate()
    process.wait(30)


def planted(process: subprocess.Popen[str], phase: str) -> View:
    """What is told of the fault as it begins, and as it ends."""
    assert process.stdout is not None
    for line in process.stdout:
        told: View = json.loads(line)
        if told["phase"] == phase:
            return told
    raise AssertionError(f"the fault never told of {phase}")


def alerts_of(demo: HeadwaterProcess, source: str) -> list[View]:
    answer = httpx.get(f"{demo.catalog}/alerts", params={"source": source}, timeout=30)
    assert answer.status_code == 200, answer.text
    found: list[View] = answer.json()["items"]
    return found


def published(demo: HeadwaterProcess, source: str, kinds: set[str]) -> list[View]:
    """What a consumer of the topic sees, until it has seen these kinds of events of the source."""
    consumer = Consumer(
        {
            "bootstrap.servers": f"127.0.0.1:{demo.ports.kafka}",
            "group.id": "a-reader-of-alerts",
            "auto.offset.reset": "earliest",
        }
    )
    consumer.subscribe(["quality-alerts"])
    seen: list[View] = []
    deadline = time.monotonic() + 60
    try:
        while not kinds <= {event["type"].rpartition(".alert.")[2].split(".")[0] for event in seen}:
            assert time.monotonic() < deadline, seen
            record = consumer.poll(1.0)
            if record is None or record.error() is not None:
                continue
            headers = {name: value.decode() for name, value in record.headers() or []}
            data = json.loads(record.value() or b"{}")
            if data["source"] == source:
                seen.append({"type": headers["ce_type"], "id": headers["ce_id"], "data": data})
    finally:
        consumer.close()
    return seen


def arrival(demo: HeadwaterProcess, topic: str, position: View) -> datetime:
    """When the record came that lies there."""
    consumer = Consumer(
        {"bootstrap.servers": f"127.0.0.1:{demo.ports.kafka}", "group.id": "a-reader-of-one"}
    )
    try:
        consumer.assign([TopicPartition(topic, position["partition"], position["offset"])])
        record = consumer.poll(30)
        assert record is not None
        assert record.error() is None
        assert record.offset() == position["offset"]
        return datetime.fromtimestamp(record.timestamp()[1] / 1_000, UTC)
    finally:
        consumer.close()


def test_a_burst_of_nulls_is_one_alert_that_names_field_start_and_owner_and_ends_with_it(
    demo: HeadwaterProcess, fault: subprocess.Popen[str], channel: tuple[str, Channel]
) -> None:
    began = planted(fault, "begun")
    topic, field = began["topic"], began["field"]
    deadline = time.monotonic() + 75
    while not (found := alerts_of(demo, topic)):
        assert time.monotonic() < deadline, "no alert while it lasted"
        time.sleep(0.5)
    planted(fault, "ended")
    deadline = time.monotonic() + 300
    while (found := alerts_of(demo, topic))[0]["status"] != "resolved":
        assert time.monotonic() < deadline, found
        time.sleep(1)

    (alert,) = found
    assert topic in alert["title"]
    assert f"`{field}`" in alert["title"]
    assert alert["team"] in alert["title"]
    # Of the first record that the fault hit: one of two is, and one comes in a second.
    since, begins = (datetime.fromisoformat(at) for at in (alert["since"], began["begins"]))
    assert begins - MILLISECOND <= since <= begins + timedelta(seconds=20), alert
    of_field = [each for each in alert["findings"] if each["field"] == field]
    first = min(of_field, key=lambda each: each["since"])
    came = datetime.fromisoformat(first["since"])
    assert arrival(demo, topic, first["positions"][0]) == came
    events = published(demo, topic, {"opened", "resolved"})
    assert len({event["id"] for event in events}) == len(events) == 2
    told = [json.dumps(message) for message in channel[1]]
    assert any(topic in message for message in told)
