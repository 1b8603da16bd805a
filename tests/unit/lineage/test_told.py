"""What is taken of OpenLineage's events."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from core.lineage.edge import WHOLE, Certainty
from core.lineage.namespace import Namespaces
from core.lineage.node import topic
from core.lineage.openlineage import LineageEvent, RunState
from core.lineage.told import Told, told_by
from server.lineage.examples import EVENT

NAMES = Namespaces.of("default", "PLAINTEXT://LocalHost:9092,b2:9093", ["prod-kafka"])
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def told(**changes: Any) -> Told:
    return told_by(LineageEvent.model_validate({**EVENT, **changes}), NAMES, NOW)


def dataset(namespace: str, name: str = "orders", **facets: Any) -> dict[str, Any]:
    return {"namespace": namespace, "name": name, "facets": facets}


@pytest.mark.parametrize(
    ("namespace", "ours"),
    [
        ("kafka://localhost:9092", True),
        ("kafka://b2:9093", True),
        ("KAFKA://localhost", True),
        ("kafka://other:1,b2:9093", True),
        ("prod-kafka", True),
        ("kafka://localhost:9093", False),
        ("kafka://elsewhere:9092", False),
        ("postgres://localhost:9092", False),
    ],
)
def test_an_address_of_the_cluster_is_the_cluster(namespace: str, ours: bool) -> None:
    (edge,) = told(inputs=[dataset(namespace)], outputs=[]).edges

    assert (edge.source == topic("default", "orders")) is ours


def test_a_run_is_measured_and_a_job_event_declares() -> None:
    assert {edge.certainty for edge in told().edges} == {Certainty.MEASURED}

    declared = told(run=None, eventType=None)
    assert {edge.certainty for edge in declared.edges} == {Certainty.DECLARED}
    assert declared.run is None


def test_column_lineage_gives_edges_of_fields_through_the_job() -> None:
    found = told()

    (field,) = found.fields
    assert (field.source_field, field.target_field) == ("rating", "score")
    assert field.through == found.job
    assert field.how == "direct transformation"


def test_fields_on_which_a_whole_dataset_hangs_reach_all_of_it() -> None:
    used = {"namespace": "kafka://localhost:9092", "name": "rates", "field": "day"}
    found = told(outputs=[dataset("db", "out", columnLineage={"fields": {}, "dataset": [used]})])

    (field,) = found.fields
    assert field.target_field == WHOLE
    assert topic("default", "rates") in {edge.source for edge in found.edges}


def test_a_table_that_stands_for_a_topic_is_the_topic() -> None:
    links = {"identifiers": [{"namespace": "kafka://b2:9093", "name": "orders", "type": "TABLE"}]}

    (edge,) = told(inputs=[dataset("flink", "cat.db.t", symlinks=links)], outputs=[]).edges

    assert edge.source == topic("default", "orders")


def test_an_event_of_the_future_is_seen_now() -> None:
    assert told(eventTime="2999-01-01T00:00:00Z").at == NOW


def test_the_state_of_a_run_is_kept() -> None:
    run = told(eventType="FAIL").run

    assert run is not None
    assert run.state is RunState.FAIL


@pytest.mark.parametrize(
    "wrong",
    [
        {"eventTime": "2026-01-02T03:04:05"},
        {"eventTime": "yesterday"},
        {"schemaURL": "https://openlineage.io/spec/1-0-5/OpenLineage.json"},
        {"run": {"runId": "seven"}},
        {"job": {"namespace": "x"}},
        {"eventType": "FINISHED"},
        {"producer": ""},
        {"inputs": [{"namespace": "n", "name": "a\0b"}]},
        {"inputs": [{"namespace": "n", "name": "x" * 1_001}]},
    ],
)
def test_what_is_no_event_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        LineageEvent.model_validate({**EVENT, **wrong})


def test_a_dataset_event_is_refused_with_what_to_send() -> None:
    given = {name: EVENT[name] for name in ("eventTime", "producer", "schemaURL")}

    with pytest.raises(ValidationError, match="run events or job events"):
        LineageEvent.model_validate({**given, "dataset": dataset("db")})
