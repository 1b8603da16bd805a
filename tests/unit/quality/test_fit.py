"""A rule that cannot be watched on the fields of a schema is told why."""

from __future__ import annotations

from typing import Any

import pytest

from core.quality.fit import misfit
from core.quality.rule import Metric, QualityRule
from core.schema.model import Field, Kind, Logical, Schema


def field(name: str, kinds: str, *children: Field, **more: Any) -> Field:
    return Field(name, frozenset(map(Kind, kinds.split())), children=children, **more)


FIELDS = dict(
    Schema(
        field(
            "",
            "object",
            field("id", "string null"),
            field("state", "string", enum=("open", "closed")),
            field("amount", "number"),
            field("count", "integer"),
            field("price", "bytes", logical=Logical.DECIMAL),
            field("at", "string", logical=Logical.DATE_TIME),
            field("seen", "integer", logical=Logical.EPOCH_MILLIS),
            field("flag", "boolean"),
            field("mixed", "string integer"),
            field("anything", ""),
            field("items", "array", field("[]", "object", field("sku", "string"))),
            field("who", "object", field("mail", "string")),
        )
    ).walk()
)


def rule(metric: str, path: str | None = None, **more: Any) -> QualityRule:
    return QualityRule(id="r", metric=metric, field=path, reason="a test", **more)


FITTING = [
    rule("required", "items[].sku"), rule("required", "who"),
    rule("missing", "id", values=("n/a",)), rule("missing", "who", or_null=True),
    rule("type", "amount", kinds=("integer",)), rule("type", "mixed", kinds=("string",)),
    rule("range", "amount", minimum=0), rule("range", "price", minimum=0),
    rule("range", "anything", minimum=0),
    rule("enum", "state", values=("open",)), rule("enum", "flag", values=(True,)),
    rule("enum", "mixed", values=(1, "a")), rule("enum", "amount", values=(1, 0.5)),
    rule("pattern", "items[].sku", pattern="A.*"),
    rule("format", "id", format="email"), rule("format", "count", format="epoch-seconds"),
    rule("compare", expression="amount >= count and present(who)"),
    rule("compare", expression="time(at) <= seen or length(items) > 2"),
    rule("compare", expression="anything > id"),
    rule("conformity"),
    rule("unique", "id"), rule("unique", "mixed"), rule("unique", fields=("id", "who.mail")),
    rule("timeliness", "seen", max_delay_ms=5), rule("timeliness", "at", max_delay_ms=5),
    rule("order", "at"),
    rule("freshness", max_delay_ms=5),
    rule("rows", threshold={"operator": "mustBeGreaterThan", "values": (5,)}),
    rule("volume"), rule("schema_drift"), rule("dead_letters"), rule("lag", max_lag=5),
    rule("distribution", "amount"), rule("distribution", "state"), rule("distribution", "flag"),
    rule("null_rate", "who.mail"),
    rule("spelling", "id", inferred=True), rule("dependency", "id", inferred=True),
]  # fmt: skip

WRONG: list[tuple[QualityRule, str]] = [
    (rule("required", "nothing"), "'nothing', which is no field: the fields are id, state"),
    (rule("missing", "who", values=("",)), "a plain value"),
    (rule("type", "id", kinds=("integer",)), "by its schema it is string"),
    (rule("range", "id", minimum=0), "a range needs a number, it is string"),
    (rule("enum", "state", values=("shut",)), "shut is no value of its enum (open, closed)"),
    (rule("enum", "count", values=("1", 1)), "'1' can be none of its values, it is integer"),
    (rule("enum", "flag", values=(1,)), "1 can be none of its values"),
    (rule("enum", "who", values=("a",)), "a plain value"),
    (rule("pattern", "count", pattern="a"), "a pattern needs a string"),
    (rule("pattern", "id", pattern="(?=a)"), "look-ahead"),
    (rule("format", "count", format="uuid"), "uuid is the format of a string"),
    (rule("format", "at", format="epoch-millis"), "epoch-millis is a number"),
    (rule("compare", expression="amount > total"), "'total', which is no field"),
    (rule("compare", expression="amount > id"), "amount (a number) > id (a text)"),
    (rule("compare", expression="price > 0"), "price (a text) > 0 (a number)"),
    (rule("compare", expression="not (state == 5)"), "cannot be compared"),
    (rule("compare", expression="amount - id > 0"), "- is for numbers"),
    (rule("compare", expression="flag + count > 0"), "not for flags"),
    (rule("conformity", "id"), "conformity is of the whole stream"),
    (rule("unique", "who"), "a plain value"),
    (rule("unique", fields=("id", "items[].sku")), "one in each record"),
    (rule("timeliness", "count", max_delay_ms=5), "needs a time"),
    (rule("order", "id"), "needs a time"),
    (rule("freshness", "at", max_delay_ms=5), "of the whole stream"),
    (rule("volume", "id"), "of the whole stream"),
    (rule("schema_drift", "id"), "schema drift is of the whole stream"),
    (rule("dead_letters", "id"), "of the whole stream"),
    (rule("lag", "id", max_lag=5), "of the whole stream"),
    (rule("distribution", "who"), "one plain value of one type"),
    (rule("distribution", "mixed"), "it is integer, string"),
    (rule("spelling", "id"), "learnt from a stream"),
    (rule("null_rate", "items[].sku"), "null rate needs one plain value"),
]


@pytest.mark.parametrize("fitting", FITTING, ids=str)
def test_what_can_be_watched_fits(fitting: QualityRule) -> None:
    assert misfit(fitting, FIELDS) is None


@pytest.mark.parametrize(("wrong", "why"), WRONG, ids=lambda value: str(value)[:40])
def test_what_cannot_be_watched_is_told_why(wrong: QualityRule, why: str) -> None:
    assert why in (misfit(wrong, FIELDS) or "")


def test_every_metric_is_tried() -> None:
    assert {each.metric for each in FITTING} == set(Metric)


def test_without_a_known_schema_only_what_is_wrong_with_any_is_told() -> None:
    assert misfit(rule("range", "nothing", minimum=0), None) is None
    assert "whole stream" in (misfit(rule("volume", "id"), None) or "")
    assert "look-ahead" in (misfit(rule("pattern", "id", pattern="(?=a)"), None) or "")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"metric": "rows"}, "how many rows"),
        (
            {
                "metric": "rows",
                "threshold": {"operator": "mustBe", "values": (5,), "unit": "percent"},
            },
            "a number of rows",
        ),
        ({"metric": "format", "field": "a"}, "a format"),
        ({"metric": "missing", "field": "a"}, "stand for none"),
        ({"metric": "required", "field": "a", "fields": ("a", "b")}, "one field, not several"),
    ],
)
def test_a_rule_without_what_its_metric_needs_is_none(more: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        QualityRule(id="r", reason="a test", **more)


def test_no_record_at_all_is_said_in_one_way() -> None:
    none = {"operator": "mustBe", "values": (0,)}

    assert rule("required", "id", threshold=none).threshold is None
    assert rule("required", "id", threshold={**none, "unit": "percent"}).threshold is None
    assert rule("rows", threshold=none).threshold is not None
    assert rule("range", "a", minimum=0, counts_as="validity").counts_as is None
    assert rule("range", "a", minimum=0, counts_as="consistency").dimension == "consistency"
