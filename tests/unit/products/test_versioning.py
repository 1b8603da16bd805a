"""Versions rise by what a change means to consumers."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from core.contract.document import OdcsDocument
from core.contract.odcs import contract_of
from core.product import DataProduct, Lifecycle, OutputPort, TransitionRefusedError
from core.product_diff import product_diff
from core.versioning import Bump, later, needed, risen
from tests.unit.contract.plans import RULES, TOPIC, plan, rule

CONTRACT = contract_of(plan())
PORT = OutputPort(cluster="default", topic=TOPIC)
PRODUCT = DataProduct(
    id="fraud-scores",
    name="Fraud Scores",
    description="Scores.",
    owner="group:default/fraud-team",
    domain="risk",
    tags=("fraud",),
    lifecycle=Lifecycle.ACTIVE,
    ports=(PORT,),
)


def changed(**plan_parts: Any) -> tuple[str, list[str]]:
    """The bump and the lines between the plan's contract and that of a changed plan."""
    return judged(contract_of(plan(**plan_parts)))


def judged(after: OdcsDocument) -> tuple[str, list[str]]:
    found = product_diff(PRODUCT, PRODUCT, CONTRACT, after)
    return needed(found).word, [each.line for each in found]


def edited(edit: Any) -> tuple[str, list[str]]:
    """As judged, with the topic's object edited in place."""
    document = copy.deepcopy(dict(CONTRACT.document))
    edit(document["schema"][0])
    return judged(OdcsDocument(document))


def properties(topic: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(p for p in topic["properties"] if p["name"] == name)
    return found


@pytest.mark.parametrize(
    ("bump", "version"),
    [
        (Bump.NONE, "1.2.3"),
        (Bump.PATCH, "1.2.4"),
        (Bump.MINOR, "1.3.0"),
        (Bump.MAJOR, "2.0.0"),
    ],
)
def test_a_version_rises_in_its_part_and_the_smaller_ones_start_anew(
    bump: Bump, version: str
) -> None:
    assert risen("1.2.3", bump) == version


@pytest.mark.parametrize("version", ["v1", "1.0", "1.02.0", "1.0.0-rc1", "", "１.0.0"])
def test_what_is_no_semantic_version_starts_at_the_first(version: str) -> None:
    assert risen(version, Bump.PATCH) == "1.0.0"
    assert not later(version, "0.0.1")


def _share(percent: int) -> dict[str, Any]:
    return {"operator": "mustBeLessOrEqualTo", "values": (percent,), "unit": "percent"}


def test_the_same_has_no_differences() -> None:
    assert changed() == ("none", [])


def test_a_contract_that_comes_adds_and_one_that_goes_breaks() -> None:
    assert needed(product_diff(PRODUCT, PRODUCT, None, CONTRACT)) is Bump.MINOR
    assert needed(product_diff(PRODUCT, PRODUCT, CONTRACT, None)) is Bump.MAJOR


def test_texts_are_a_patch_and_the_lifecycle_is_no_change() -> None:
    other = PRODUCT.model_copy(
        update={"description": "Words.", "tags": ("gold",), "lifecycle": Lifecycle.DEPRECATED}
    )

    found = product_diff(PRODUCT, other, CONTRACT, CONTRACT)

    assert [each.line for each in found] == [
        "description: “Scores.” became “Words.”",
        "tags: added gold; removed fraud",
    ]
    assert needed(found) is Bump.PATCH


@pytest.mark.parametrize(
    ("name", "edit", "bump", "line"),
    [
        ("code", {"required": False}, "major", "code: became optional"),
        ("born", {"required": True}, "minor", "born: became required"),
        ("score", {"logicalType": "string"}, "major", "score: number became string"),
        (
            "score",
            {"logicalTypeOptions": {"minimum": 0, "maximum": 0.5}},
            "minor",
            "score: limits at least 0, at most 1 became at least 0, at most 0.5",
        ),
        (
            "score",
            {"logicalTypeOptions": {"minimum": 0}},
            "major",
            "score: limits at least 0, at most 1 became at least 0",
        ),
        ("code", {"description": "New."}, "patch", "code: description changed"),
        ("code", {"businessName": "C"}, "patch", "code: businessName changed"),
        (
            "email",
            {"classification": "public"},
            "minor",
            "email: classification confidential became public",
        ),
        ("code", {"unique": True}, "minor", "code: now unique"),
        ("transaction_id", {"primaryKey": False}, "major", "transaction_id: no longer primaryKey"),
    ],
)
def test_fields_are_judged_by_what_consumers_relied_on(
    name: str, edit: dict[str, Any], bump: str, line: str
) -> None:
    found = edited(lambda topic: properties(topic, name).update(edit))

    assert found == (bump, [line])


def test_a_field_that_goes_breaks_and_one_that_comes_adds() -> None:
    gone = edited(lambda topic: topic["properties"].pop(1))
    come = edited(lambda topic: topic["properties"].append({"name": "x", "logicalType": "date"}))

    assert gone == ("major", ["score: removed (was number)", "rule score-range: removed"])
    assert come == ("minor", ["x: added (optional string, date)"])


@pytest.mark.parametrize(
    ("more", "bump"),
    [
        ({"minimum": 0.1, "maximum": 1}, "minor"),
        ({"minimum": 0, "maximum": 1, "exclusive_maximum": True}, "minor"),
        ({"minimum": 0, "maximum": 2}, "major"),
        ({"minimum": 0, "maximum": 1, "severity": "warning"}, "major"),
        ({"minimum": 0, "maximum": 1, "reason": "other words"}, "patch"),
        ({"maximum": 1}, "major"),
    ],
)
def test_a_rule_that_tightens_adds_and_one_that_loosens_breaks(
    more: dict[str, Any], bump: str
) -> None:
    rules = (rule("score-range", "range", "score", **more), *RULES[1:])

    assert changed(rules=rules)[0] == bump


@pytest.mark.parametrize(
    ("was", "now", "bump"),
    [
        ({"metric": "missing", "values": ("",)}, {"values": ("", "-"), "or_null": True}, "minor"),
        ({"metric": "missing", "values": ("",), "or_null": True}, {"or_null": False}, "major"),
        ({"metric": "type", "kinds": ("string", "null")}, {"kinds": ("string",)}, "minor"),
        ({"metric": "type", "kinds": ("string",)}, {"kinds": ("string", "null")}, "major"),
        ({"metric": "format", "format": "uuid"}, {"format": "hash"}, "major"),
        ({"metric": "required", "threshold": _share(5)}, {"threshold": _share(2)}, "minor"),
        ({"metric": "required", "threshold": _share(2)}, {"threshold": _share(5)}, "major"),
        ({"metric": "required", "threshold": _share(2)}, {"threshold": None}, "minor"),
        ({"metric": "required"}, {"threshold": _share(2)}, "major"),
        ({"metric": "unique"}, {"window_ms": 7_200_000}, "minor"),
        ({"metric": "unique"}, {"window_ms": 60_000}, "major"),
    ],
)
def test_rules_of_all_metrics_tighten_or_loosen(
    was: dict[str, Any], now: dict[str, Any], bump: str
) -> None:
    before, after = (
        contract_of(plan(rules=(rule("r", path="code", **told),))) for told in (was, {**was, **now})
    )

    assert needed(product_diff(PRODUCT, PRODUCT, before, after)).word == bump


def test_service_levels_are_better_or_worse() -> None:
    topic = plan().topic.model_dump(mode="json")

    assert changed(latency_ms=50)[0] == "minor"
    assert changed(latency_ms=500) == (
        "major",
        [f"service level latency of {TOPIC}: 100 ms became 500 ms"],
    )
    assert changed(latency_ms=None)[0] == "major"
    longer, shorter = ({**topic, "retention_ms": days * 86_400_000} for days in (4000, 7))
    assert changed(topic=longer)[0] == "minor"
    assert changed(topic=shorter)[0] == "major"
    assert changed(topic={**topic, "retention_ms": -1})[0] == "minor"


def test_the_key_and_the_subject_decide_what_a_consumer_reads() -> None:
    schema = plan().schema_plan.model_dump(mode="json")

    assert changed(schema_plan={**schema, "key": "code"})[0] == "major"
    assert changed(schema_plan={**schema, "subject": "other"})[0] == "major"
    assert changed(schema_plan={**schema, "compatibility": "FULL"})[0] == "minor"


def test_members_that_nobody_judges_are_a_patch() -> None:
    document = {**CONTRACT.document, "price": {"priceAmount": 1}, "status": "deprecated"}

    assert judged(OdcsDocument(document)) == ("patch", ["contract: price added"])


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        (Lifecycle.DRAFT, Lifecycle.DEPRECATED),
        (Lifecycle.ACTIVE, Lifecycle.RETIRED),
        (Lifecycle.ACTIVE, Lifecycle.ACTIVE),
        (Lifecycle.RETIRED, Lifecycle.ACTIVE),
    ],
)
def test_a_lifecycle_goes_step_by_step(now: Lifecycle, wanted: Lifecycle) -> None:
    product = PRODUCT.model_copy(update={"lifecycle": now})

    with pytest.raises(TransitionRefusedError, match="it can become"):
        product.moved(wanted)
