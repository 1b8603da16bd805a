"""A plan's contract is a valid ODCS document that says all of it and reads back the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.contract.document import COST, INPUTS, OdcsDocument
from core.contract.entries import rules_of
from core.contract.odcs import contract_of
from core.contract.properties import schema_of
from core.contract.reading import as_json, as_yaml, read_contract
from core.contract.standard import check
from core.schema.model import Bounds, Evidence, Schema
from tests.unit.contract.plans import RULES, SCHEMA, TOPIC, field, plan


@pytest.fixture(scope="module")
def contract() -> OdcsDocument:
    return contract_of(plan(), "kafka:9092")


def topic_of(contract: OdcsDocument) -> Any:
    found = contract.topic_object(TOPIC)
    assert found is not None
    return found


def property_of(contract: OdcsDocument, name: str) -> Any:
    return next(each for each in topic_of(contract)["properties"] if each["name"] == name)


def test_a_plans_contract_is_valid_by_the_standard(contract: OdcsDocument) -> None:
    check(contract.document)

    assert contract.document["apiVersion"] == "v3.1.0"
    assert contract.topics == (TOPIC,)
    assert topic_of(contract)["physicalType"] == "topic"


def test_fields_and_rules_read_back_as_they_were_planned(contract: OdcsDocument) -> None:
    topic = topic_of(contract)

    assert schema_of(topic) == SCHEMA
    assert set(rules_of(topic)) == set(RULES)


def test_fields_are_said_in_the_standards_own_words(contract: OdcsDocument) -> None:
    key, score = property_of(contract, "transaction_id"), property_of(contract, "score")

    assert (key["primaryKey"], key["unique"], key["required"]) == (True, True, True)
    assert key["partitionKeyPosition"] == 1
    assert score["logicalType"] == "number"
    assert score["logicalTypeOptions"] == {"minimum": 0, "maximum": 1}
    assert property_of(contract, "email")["classification"] == "confidential"
    assert property_of(contract, "scored_at")["logicalType"] == "timestamp"
    assert property_of(contract, "scored_at")["physicalType"] == "timestamp-millis"
    assert property_of(contract, "level")["quality"][0]["metric"] == "invalidValues"
    assert score["quality"][0]["engine"] == "headwater"


def test_service_levels_owner_server_and_cost_are_told(contract: OdcsDocument) -> None:
    retention, latency = contract.sla("retention", TOPIC), contract.sla("latency", TOPIC)

    assert retention is not None
    assert latency is not None
    assert (retention["value"], retention["unit"]) == (7 * 365, "d")
    assert (latency["value"], latency["unit"]) == (100, "ms")
    assert contract.document["team"] == {"name": "group:default/fraud-team"}
    assert contract.document["servers"][0]["host"] == "kafka:9092"
    assert contract.custom(INPUTS) == ["payments"]
    assert contract.custom(COST)["total"] == "4.20"
    assert "price" not in contract.document


@pytest.mark.parametrize("written", [as_json, as_yaml])
def test_a_contract_survives_its_text(contract: OdcsDocument, written: Any) -> None:
    again = read_contract(written(contract))

    assert again.document == contract.document
    assert list(again.document) == list(contract.document)


def test_an_edit_of_the_standards_member_wins_over_our_own_property(contract: OdcsDocument) -> None:
    edited = {**property_of(contract, "level"), "required": True, "description": "How bad."}
    topic = {**topic_of(contract), "properties": [edited]}

    (level,) = schema_of(topic).root.children

    assert not level.optional
    assert level.doc == "How bad."
    assert level.enum == ("low", "high")


def test_what_was_merely_observed_is_no_promise() -> None:
    seen = field("n", "integer", bounds=Bounds(minimum=3), evidence=Evidence(parents=9, seen=9))
    schema = Schema(field("", "object", children=(seen,)))
    contract = contract_of(plan(schema_plan={**_schema_plan(), "value": schema}, rules=()))

    assert "logicalTypeOptions" not in property_of(contract, "n")


@pytest.mark.parametrize("kinds", ["array", "string", "map", "object null"])
def test_a_root_that_is_no_plain_object_reads_back(kinds: str) -> None:
    child = {"array": (field("[]", "string"),), "map": (field("*", "number"),)}.get(kinds, ())
    schema = Schema(field("", kinds, children=child), name="Root")
    contract = contract_of(plan(schema_plan={**_schema_plan(), "value": schema}, rules=()))
    check(contract.document)

    assert schema_of(topic_of(contract)) == replace(schema, doc="")


def test_entries_that_are_no_rules_of_ours_stay_in_the_document_alone() -> None:
    entries = [
        {"type": "text", "description": "looks right"},
        {"type": "sql", "query": "select 1", "mustBe": 0},
        {"type": "custom", "engine": "soda", "implementation": "checks"},
        {"metric": "rowCount", "mustBeGreaterThan": 10},
        {"type": "custom", "engine": "headwater", "implementation": {"metric": "nonsense"}},
        {"metric": "nullValues", "mustBe": 0},
    ]
    topic = {"name": "t", "properties": [{"name": "a", "quality": entries}]}

    (rule,) = rules_of(topic)

    assert (rule.metric, rule.field, rule.id) == ("required", "a", "a-required")


def test_somebody_elses_property_of_our_name_is_left_alone() -> None:
    strange = [{"property": "field", "value": {"kinds": ["nonsense"], "children": [{"x": 1}]}}]
    topic = {"name": "t", "properties": [{"name": "a", "customProperties": strange}]}

    assert [child.name for child in schema_of(topic).root.children] == ["a"]


def _schema_plan() -> dict[str, Any]:
    return {"subject": "s", "compatibility": "NONE"}
