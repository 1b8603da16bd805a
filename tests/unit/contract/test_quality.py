"""Quality entries of the standard are rules and back; what claims to be one and is not is told."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.contract.entries import InvalidRulesError, not_watched, rules_of
from core.contract.quality import Entry, quality_of, read_entry
from core.contract.reading import checked
from core.contract.standard import InvalidContractError
from core.quality.rule import Dimension, Metric, QualityRule, Severity
from core.quality.threshold import Operator, Threshold, Unit

HEAD = {
    "apiVersion": "v3.1.0",
    "kind": "DataContract",
    "id": "x",
    "version": "1.0.0",
    "status": "active",
}


def contract(*quality: Any, **of_fields: Any) -> dict[str, Any]:
    """A contract of one topic with a few fields; entries of the topic, and of fields by name."""
    types = {"id": "string", "amount": "number", "count": "integer", "at": "timestamp"}
    properties = [
        {"name": name, "logicalType": kind, "quality": of_fields.get(name, [])}
        for name, kind in types.items()
    ]
    items = {"logicalType": "object", "properties": [{"name": "sku", "logicalType": "string"}]}
    items["properties"][0]["quality"] = of_fields.get("sku", [])  # type: ignore[index]
    properties.append({"name": "lines", "logicalType": "array", "items": items})
    topic = {"name": "orders", "physicalType": "topic", "properties": properties}
    return {**HEAD, "schema": [{**topic, "quality": list(quality)}]}


def rule(document: dict[str, Any]) -> QualityRule:
    (found,) = rules_of(checked(document).document["schema"][0])
    return found


def flaws(document: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRulesError) as refused:
        checked(document)
    return [(flaw.at, flaw.detail) for flaw in refused.value.flaws]


def custom(**implementation: Any) -> dict[str, Any]:
    return {"type": "custom", "engine": "headwater", "implementation": implementation}


letters = st.characters(codec="utf-8", exclude_characters="\0")
numbers = st.one_of(st.integers(0, 100), st.floats(0, 100))


@st.composite
def thresholds(draw: st.DrawFn, units: Any = tuple(Unit)) -> Threshold:
    operator = draw(st.sampled_from(Operator))
    two = operator in (Operator.BETWEEN, Operator.NOT_BETWEEN)
    values = sorted(draw(st.lists(numbers, min_size=1 + two, max_size=1 + two, unique=True)))
    return Threshold(operator=operator, values=tuple(values), unit=draw(st.sampled_from(units)))


listed = st.lists(
    st.one_of(st.text(letters, max_size=5), st.integers(-9, 9), st.booleans(), st.floats(-9, 9)),
    min_size=1,
    max_size=4,
)
MEMBERS: dict[Metric, dict[str, Any]] = {
    Metric.REQUIRED: {},
    Metric.MISSING: {"values": listed, "or_null": st.booleans()},
    Metric.TYPE: {"kinds": st.just(["integer", "null"])},
    Metric.RANGE: {"minimum": numbers, "exclusive_minimum": st.booleans()},
    Metric.ENUM: {"values": listed},
    Metric.PATTERN: {"pattern": st.sampled_from(["", "^a+$", r"\d{3}|x"])},
    Metric.FORMAT: {"format": st.sampled_from(["email", "epoch-millis"])},
    Metric.SPELLING: {},
    Metric.DEPENDENCY: {},
    Metric.COMPARE: {"expression": st.just("end_at >= start_at")},
    Metric.CONFORMITY: {},
    Metric.UNIQUE: {},
    Metric.TIMELINESS: {"max_delay_ms": st.integers(1, 10**9), "max_ahead_ms": st.integers(0, 9)},
    Metric.ORDER: {},
    Metric.FRESHNESS: {"max_delay_ms": st.integers(1, 10**9)},
    Metric.ROWS: {},
    Metric.VOLUME: {},
    Metric.SCHEMA_DRIFT: {},
    Metric.DISTRIBUTION: {},
    Metric.NULL_RATE: {},
    Metric.DEAD_LETTERS: {},
    Metric.LAG: {"max_lag": st.integers(0, 10**9)},
}
OF_THE_STREAM = {
    Metric.COMPARE, Metric.CONFORMITY, Metric.FRESHNESS, Metric.ROWS, Metric.VOLUME,
    Metric.SCHEMA_DRIFT, Metric.DEAD_LETTERS, Metric.LAG,
}  # fmt: skip


@st.composite
def any_rule(draw: st.DrawFn) -> QualityRule:
    metric = draw(st.sampled_from(sorted(MEMBERS)))
    told = {name: draw(values) for name, values in MEMBERS[metric].items()}
    rows = metric is Metric.ROWS
    told["threshold"] = draw(thresholds((Unit.ROWS,)) if rows else st.none() | thresholds())
    if metric is Metric.UNIQUE and draw(st.booleans()):
        told["fields"] = ("id", "amount")
    elif metric not in OF_THE_STREAM:
        told["field"] = "lines[].sku"
    return QualityRule.model_validate(
        {
            "id": draw(st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,20}", fullmatch=True)),
            "metric": metric,
            "reason": draw(st.text(letters, min_size=1, max_size=300)),
            "severity": draw(st.sampled_from(Severity)),
            "counts_as": draw(st.none() | st.sampled_from(Dimension)),
            "window_ms": draw(st.sampled_from([3_600_000, 60_000])),
            "inferred": draw(st.booleans()),
            **told,
        }
    )


def test_every_metric_goes_round() -> None:
    assert MEMBERS.keys() == set(Metric)


@given(any_rule())
@settings(max_examples=400)
def test_a_rule_as_an_entry_is_valid_by_the_standard_and_the_same_rule_again(
    made: QualityRule,
) -> None:
    entry = quality_of(made)
    topic: dict[str, Any] = {"name": "t", "physicalType": "table", "quality": [entry]}
    checked({**HEAD, "schema": [topic]})

    assert read_entry(Entry("schema.0.quality.0", made.field, entry)) == (made,)


@pytest.mark.parametrize(
    ("document", "wanted"),
    [
        (
            contract(id=[{"metric": "nullValues", "mustBeLessThan": 1, "unit": "percent"}]),
            {
                "metric": "required",
                "field": "id",
                "threshold": Threshold(operator=Operator.LESS, values=(1,), unit=Unit.PERCENT),
            },
        ),
        (
            contract(
                id=[
                    {
                        "metric": "missingValues",
                        "arguments": {"missingValues": [None, "", "N/A"]},
                        "mustBeLessThan": 100,
                    }
                ]
            ),
            {"metric": "missing", "values": ("", "N/A"), "or_null": True},
        ),
        (
            contract(
                amount=[
                    {
                        "metric": "invalidValues",
                        "arguments": {"validValues": [None, 0.07, 1]},
                        "mustBe": 0,
                    }
                ]
            ),
            {"metric": "enum", "values": (0.07, 1), "threshold": None},
        ),
        (
            contract(
                {
                    "metric": "duplicateValues",
                    "arguments": {"properties": ["id", "count"]},
                    "mustBe": 0,
                }
            ),
            {"metric": "unique", "field": None, "fields": ("id", "count")},
        ),
        (
            contract({"metric": "rowCount", "mustBeBetween": [100, 120]}),
            {
                "metric": "rows",
                "threshold": Threshold(operator=Operator.BETWEEN, values=(100, 120)),
            },
        ),
        (
            contract({"metric": "rowCount", "mustBe": 0}),
            {"threshold": Threshold(operator=Operator.MUST_BE, values=(0,))},
        ),
        (contract(sku=[{"metric": "duplicateValues", "mustBe": 0}]), None),
        (
            contract(
                at=[
                    {
                        **custom(metric="order", severity="warning"),
                        "dimension": "accuracy",
                        "name": "Events In Order!",
                    }
                ]
            ),
            {
                "id": "events-in-order",
                "dimension": Dimension.VALIDITY,
                "severity": Severity.WARNING,
            },
        ),
        (
            contract(
                id=[
                    {
                        "id": "Id_1",
                        "name": "no nulls",
                        "metric": "nullValues",
                        "mustBe": 0,
                        "severity": "info",
                        "dimension": "coverage",
                    }
                ]
            ),
            {"id": "id_1", "severity": Severity.WARNING, "counts_as": None},
        ),
    ],
)
def test_entries_of_the_standard_are_rules(
    document: dict[str, Any], wanted: dict[str, Any] | None
) -> None:
    if wanted is None:
        assert "one in each record" in flaws(document)[0][1]
        return
    found = rule(document)

    assert {name: getattr(found, name) for name in wanted} == wanted


def test_valid_values_and_a_pattern_at_once_are_two_rules() -> None:
    arguments = {"validValues": ["a1", "b2"], "pattern": "[a-z][0-9]"}
    entry = {"metric": "invalidValues", "arguments": arguments, "mustBe": 0, "name": "code"}
    found = rules_of(checked(contract(id=[entry])).document["schema"][0])

    assert [(each.id, each.metric) for each in found] == [
        ("code", Metric.ENUM),
        ("code-pattern", Metric.PATTERN),
    ]


def test_rules_of_one_name_are_kept_apart() -> None:
    entry = {"name": "not null", "metric": "nullValues", "mustBe": 0}
    found = rules_of(checked(contract(id=[entry, entry], count=[entry])).document["schema"][0])

    assert [each.id for each in found] == ["not-null", "id-not-null", "count-not-null"]


@pytest.mark.parametrize(
    ("document", "at", "told"),
    [
        (contract(custom(metric="required")), "schema.0.quality.0", "needs a field"),
        (contract(custom(metric="nonsense")), "schema.0.quality.0", "metric: input should be"),
        (contract(custom()), "schema.0.quality.0", "names no metric; there are required"),
        (contract(custom(metric="lag", max_lags=1)), "schema.0.quality.0", "max_lags"),
        (contract(custom(metric="rows", id="x")), "schema.0.quality.0", "says id, which the"),
        (
            contract({"type": "custom", "engine": "headwater", "implementation": "range"}),
            "schema.0.quality.0",
            "is an object with a metric",
        ),
        (
            contract(id=[custom(metric="range", minimum=0)]),
            "schema.0.properties.0.quality.0",
            "a range needs a number, it is string",
        ),
        (
            contract(custom(metric="range", minimum=0)),
            "schema.0.quality.0",
            "the range rule topic-range needs a field",
        ),
        (
            contract(amount=[custom(metric="range", minimum=2, maximum=1)]),
            "schema.0.properties.1.quality.0",
            "has a minimum above its maximum",
        ),
        (
            contract(
                count=[
                    {
                        "metric": "invalidValues",
                        "arguments": {"validValues": ["1", 2]},
                        "mustBe": 0,
                    }
                ]
            ),
            "schema.0.properties.2.quality.0",
            "'1' can be none of its values, it is integer",
        ),
        (
            contract(
                sku=[
                    {"metric": "invalidValues", "arguments": {"pattern": "[A-"}, "mustBe": 0},
                ]
            ),
            "schema.0.properties.4.items.properties.0.quality.0",
            "unclosed character class",
        ),
        (
            contract(
                id=[{"metric": "invalidValues", "arguments": {"pattern": "(?=a)a"}, "mustBe": 0}]
            ),
            "schema.0.properties.0.quality.0",
            "look-ahead",
        ),
        (
            contract(id=[{"metric": "invalidValues", "mustBe": 0}]),
            "schema.0.properties.0.quality.0",
            "needs arguments.validValues or arguments.pattern",
        ),
        (
            contract(id=[{"metric": "missingValues", "arguments": {"missing": [""]}, "mustBe": 0}]),
            "schema.0.properties.0.quality.0",
            "takes arguments.missingValues, and not missing",
        ),
        (
            contract(id=[{"metric": "nullValues", "mustBe": "none"}]),
            "schema.0.properties.0.quality.0",
            "mustBe needs a number",
        ),
        (
            contract(id=[{"metric": "nullValues", "mustBeBetween": [9, 1]}]),
            "schema.0.properties.0.quality.0",
            "lower end above its upper",
        ),
        (
            contract(id=[{"metric": "nullValues", "mustBeLessThan": 101, "unit": "percent"}]),
            "schema.0.properties.0.quality.0",
            "above 100 percent",
        ),
        (
            contract(id=[{"metric": "nullValues", "mustBeLessThan": 5, "unit": "bytes"}]),
            "schema.0.properties.0.quality.0",
            "rows or percent, and not 'bytes'",
        ),
        (
            contract({"metric": "nullValues", "mustBe": 0}),
            "schema.0.quality.0",
            "is of a property",
        ),
        (
            contract(id=[{"metric": "rowCount", "mustBe": 5}]),
            "schema.0.properties.0.quality.0",
            "is of the whole topic",
        ),
        (
            contract({"metric": "rowCount", "mustBe": 5, "unit": "percent"}),
            "schema.0.quality.0",
            "a number of rows",
        ),
        (
            contract(
                {
                    "metric": "duplicateValues",
                    "arguments": {"properties": ["id", "nothing"]},
                    "mustBe": 0,
                }
            ),
            "schema.0.quality.0",
            "'nothing', which is no field: the fields are id, amount",
        ),
        (
            contract({"metric": "duplicateValues", "mustBe": 0}),
            "schema.0.quality.0",
            "needs arguments.properties",
        ),
        (
            contract(custom(metric="compare", expression="count >")),
            "schema.0.quality.0",
            "cannot be used: it is no expression",
        ),
        (
            contract(custom(metric="compare", expression="count > total")),
            "schema.0.quality.0",
            "'total', which is no field",
        ),
        (
            contract(custom(metric="compare", expression="count > id")),
            "schema.0.quality.0",
            "compares what cannot be compared",
        ),
        (
            contract(count=[custom(metric="timeliness", max_delay_ms=5)]),
            "schema.0.properties.2.quality.0",
            "needs a time",
        ),
        (
            contract(count=[custom(metric="format", format="email")]),
            "schema.0.properties.2.quality.0",
            "is the format of a string",
        ),
        (
            contract(count=[custom(metric="lag", max_lag=5)]),
            "schema.0.properties.2.quality.0",
            "of the whole stream",
        ),
        (
            contract(sku=[custom(metric="distribution")]),
            "schema.0.properties.4.items.properties.0.quality.0",
            "one plain value of one type",
        ),
    ],
)
def test_an_entry_that_claims_to_be_watched_and_cannot_be_is_refused_with_its_place(
    document: dict[str, Any], at: str, told: str
) -> None:
    (found,) = flaws(document)

    assert found[0] == at
    assert told in found[1]


def test_every_bad_entry_is_named_and_what_to_do() -> None:
    bad = [custom(metric="lag"), {"metric": "rowCount", "mustBe": "many"}]
    with pytest.raises(InvalidContractError, match="2 of the contract's quality entries") as told:
        checked(contract(*bad, {"metric": "rowCount", "mustBe": 1}))

    assert [flaw.at for flaw in told.value.flaws] == ["schema.0.quality.0", "schema.0.quality.1"]
    assert "type: text" in str(told.value)


def test_more_than_a_watcher_could_hold_is_refused_at_once() -> None:
    def patterns(number: int, form: str) -> dict[str, Any]:
        arguments = ({"pattern": f"x{each}{form}"} for each in range(number))
        return contract(
            id=[{"metric": "invalidValues", "arguments": a, "mustBe": 0} for a in arguments]
        )

    began = time.process_time()
    for document, why in (
        (patterns(1_001, ""), "1001 quality entries are more than 1000"),
        (patterns(999, r"\w{40}"), "too large together"),
        (patterns(999, r"[\p{L}-]{30}"), "too large together"),
    ):
        assert why in flaws(document)[0][1]
    assert time.process_time() - began < 3
    checked(patterns(30, r"\w{1,64}"))


def test_text_sql_and_other_engines_stay_and_are_told() -> None:
    foreign: list[dict[str, Any]] = [
        {"type": "text", "description": "looks right", "name": "eyes"},
        {"type": "sql", "query": "select 1", "mustBe": 0},
        {"type": "custom", "engine": "soda", "implementation": "checks"},
        {"description": "nothing is said of how"},
    ]
    read = checked(contract(*foreign))

    assert rules_of(read.document["schema"][0]) == ()
    assert [(each.at, each.name, each.why) for each in not_watched(read)] == [
        ("schema.0.quality.0", "eyes", "it is text for people"),
        ("schema.0.quality.1", "", "it is SQL, which runs on tables and not on a stream"),
        ("schema.0.quality.2", "", "it is for the engine soda"),
        ("schema.0.quality.3", "", "it names no metric"),
    ]
    assert {each.topic for each in not_watched(read)} == {"orders"}


def test_fields_that_a_contract_does_not_list_are_held_against_no_rule() -> None:
    topic = {"name": "orders", "quality": [custom(metric="compare", expression="a > b")]}

    assert rule({**HEAD, "schema": [topic]}).expression == "a > b"


def test_a_table_of_a_contract_is_not_ours_to_refuse() -> None:
    table = {"name": "t", "physicalType": "table", "quality": [custom(metric="nonsense")]}

    assert checked({**HEAD, "schema": [table]}).topics == ()
