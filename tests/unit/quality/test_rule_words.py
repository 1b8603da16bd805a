"""A rule in words, with what it is about and what it allows."""

from __future__ import annotations

from typing import Any

import pytest

from core.quality.rule import Metric, QualityRule
from core.quality.threshold import Threshold
from core.quality.wording import rule_told

SAID: list[tuple[dict[str, Any], str]] = [
    ({"metric": "required", "field": "a"}, "a is always there"),
    (
        {"metric": "missing", "field": "a", "values": ("", "n/a"), "or_null": True},
        "a is none of null, '' or 'n/a'",
    ),
    (
        {"metric": "type", "field": "a", "kinds": ("integer", "null")},
        "a is of type integer or null",
    ),
    (
        {"metric": "range", "field": "a", "minimum": 0, "maximum": 1, "exclusive_maximum": True},
        "a is at least 0 and below 1",
    ),
    ({"metric": "enum", "field": "a", "values": tuple(range(14))}, "6, 7 or 6 more"),
    ({"metric": "pattern", "field": "a", "pattern": "x+"}, "a looks like x+"),
    ({"metric": "format", "field": "a", "format": "uuid"}, "a has the format uuid"),
    ({"metric": "spelling", "field": "a"}, "a is no near miss of a usual value"),
    ({"metric": "dependency", "field": "a"}, "a is what another field of its record says"),
    ({"metric": "compare", "expression": "a < b"}, "keeps a < b"),
    ({"metric": "conformity"}, "has the shape of its schema"),
    ({"metric": "unique", "field": "a"}, "a is unique"),
    ({"metric": "unique", "fields": ("a", "b", "c")}, "a, b and c are unique together"),
    (
        {"metric": "timeliness", "field": "a", "max_delay_ms": 60_000, "max_ahead_ms": 1_000},
        "a arrives within 1 minute, at most 1 second ahead",
    ),
    ({"metric": "order", "field": "a"}, "a never goes back within a key"),
    ({"metric": "freshness", "max_delay_ms": 3_600_000}, "has a record every 1 hour"),
    (
        {"metric": "rows", "threshold": {"operator": "mustBeBetween", "values": (100, 120)}},
        "has between 100 and 120 rows in 1 hour",
    ),
    ({"metric": "volume"}, "the volume that is usual"),
    ({"metric": "schema_drift"}, "keeps its schema"),
    ({"metric": "distribution", "field": "a"}, "a keeps the distribution of its values"),
    ({"metric": "null_rate", "field": "a", "severity": "warning"}, "share of nulls (warning)"),
    ({"metric": "dead_letters"}, "has no dead letters"),
    ({"metric": "lag", "max_lag": 5_000}, "a lag of at most 5,000 records"),
    (
        {
            "metric": "required",
            "field": "a",
            "threshold": {"operator": "mustBeLessThan", "values": (2,), "unit": "percent"},
        },
        "a is always there, but for less than 2 percent in 1 hour",
    ),
]


@pytest.mark.parametrize(("told", "said"), SAID)
def test_a_rule_is_said(told: dict[str, Any], said: str) -> None:
    assert said in rule_told(QualityRule(id="r", reason="a test", **told))


def test_every_metric_is_said() -> None:
    assert {told["metric"] for told, _ in SAID} == set(Metric)


@pytest.mark.parametrize(
    ("now", "was", "within"),
    [
        (("mustBeLessThan", (5,)), ("mustBeLessOrEqualTo", (5,)), True),
        (("mustBeLessOrEqualTo", (5,)), ("mustBeLessThan", (5,)), False),
        (("mustBe", (3,)), ("mustBeBetween", (1, 3)), True),
        (("mustBeBetween", (2, 4)), ("mustBeBetween", (1, 3)), False),
        (("mustBeGreaterThan", (5,)), ("mustBeGreaterOrEqualTo", (5,)), True),
        (("mustBeGreaterThan", (5,)), ("mustNotBe", (5,)), True),
        (("mustNotBe", (5,)), ("mustBeGreaterThan", (5,)), False),
        (("mustNotBeBetween", (1, 9)), ("mustNotBeBetween", (2, 3)), True),
    ],
)
def test_a_threshold_is_within_another_that_allows_all_of_it(
    now: tuple[Any, Any], was: tuple[Any, Any], within: bool
) -> None:
    tighter, wider = (Threshold(operator=op, values=values) for op, values in (now, was))

    assert tighter.within(wider) is within
