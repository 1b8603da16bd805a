"""What is left of a schema, a rule, a score and an alert where a field is sensitive."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.alerts.finding import Position
from core.contract.document import OdcsDocument
from core.contract.sensitivity import classified_paths
from core.masking import (
    TAGS,
    masked_alert,
    masked_lines,
    masked_rule,
    masked_schema,
    sensitive_paths,
)
from core.quality.rule import Metric, QualityRule
from core.quality.wording import rule_told
from core.schema.model import Bounds, Evidence, Field, Kind, Logical, Schema
from tests.unit.alerts.looks import Stream, finding

TEXT = frozenset({Kind.STRING})
SEEN = Evidence(parents=9, seen=8, null=1, distinct=5.0, shapes=(("AA-99", 0.7),))


def schema() -> Schema:
    told = Field("x", TEXT, enum=("a", "b"), bounds=Bounds(max_length=9), evidence=SEEN)
    inside = (replace(told, name="street"),)
    place = Field("place", frozenset({Kind.OBJECT}), children=inside, tags=frozenset({"PII"}))
    fields = (
        replace(told, name="contact", logical=Logical.EMAIL),
        replace(told, name="status"),
        replace(told, name="colour"),
        place,
    )
    return Schema(Field("", frozenset({Kind.OBJECT}), children=fields))


def test_a_field_is_sensitive_by_meaning_by_tag_with_all_below_or_by_a_contract() -> None:
    assert sensitive_paths(schema()) == {"contact", "place", "place.street"}
    assert "colour" in sensitive_paths(schema(), {"colour"})


def test_a_masked_field_keeps_what_it_is_and_loses_what_its_values_look_like() -> None:
    hidden = sensitive_paths(schema())

    fields = dict(masked_schema(schema(), hidden).walk())

    contact, whole = fields["contact"], dict(schema().walk())
    assert (contact.kinds, contact.logical) == (TEXT, Logical.EMAIL)
    assert contact.tags == {"sensitive"}
    assert (contact.enum, contact.bounds) == (None, Bounds())
    assert contact.evidence == Evidence(parents=9, seen=8, null=1)
    assert fields["place.street"].enum is None
    assert fields["status"] == whole["status"]


@pytest.mark.parametrize(
    ("classification", "tags", "hidden"),
    [
        ("confidential", [], True), ("what we call it", [], True), ("public", [], False),
        ("Internal", [], False), (None, ["pii"], True), (None, ["golden"], False),
    ],
)  # fmt: skip
def test_a_contract_says_it_by_classification_or_tag(
    classification: str | None, tags: list[str], hidden: bool
) -> None:
    name = {"name": "n", "classification": classification, "tags": tags}
    told = {"name": "t", "properties": [{"name": "list", "items": {"properties": [name]}}]}
    contract = OdcsDocument({"id": "c", "version": "1.0.0", "schema": [told]})

    assert classified_paths(contract, "t", TAGS) == ({"list[].n"} if hidden else frozenset())


def test_a_masked_rule_says_that_there_is_one_and_not_what_it_allows() -> None:
    rule = QualityRule(id="r", metric=Metric.ENUM, field="f", values=("top secret",), reason="why")

    masked = masked_rule(rule, {"f"})

    assert masked_rule(rule, {"g"}) is rule
    assert "top secret" not in masked.model_dump_json() + rule_told(masked)
    assert QualityRule.model_validate_json(masked.model_dump_json()) == masked


def test_a_masked_alert_says_which_field_broke_and_not_by_what() -> None:
    stream = Stream()
    place = Position(partition=1, offset=7, excerpt="aaa@aa.aa")
    stream.look(0, finding("email", told="Values like x.", positions=(place,)))

    (found,) = masked_alert(stream.only, {"email"}).findings

    assert (found.field, found.told) == ("email", "")
    assert found.positions == (Position(partition=1, offset=7),)


def test_changes_name_symbols_of_fields_alone_that_are_known_to_be_harmless() -> None:
    lines = tuple(f"{name}: symbols changed: added x" for name in ("status", "contact", "gone"))

    told = masked_lines((*lines, "contact: became optional"), schema())

    hidden = "symbols changed (not shown: the field is sensitive)"
    assert told == (lines[0], f"contact: {hidden}", f"gone: {hidden}", "contact: became optional")


def test_changes_do_not_name_symbols_of_a_field_that_its_contract_classifies() -> None:
    lines = tuple(f"{name}: symbols changed: added x" for name in ("status", "colour"))

    told = masked_lines(lines, schema(), {"colour"})

    assert told == (lines[0], "colour: symbols changed (not shown: the field is sensitive)")
