"""Rules and shares in words."""

from __future__ import annotations

import pytest

from core.quality.rule import Metric, QualityRule
from core.quality.threshold import Operator, Threshold
from core.quality.trend import line
from core.quality.wording import asserts, percent, points
from core.schema.model import Kind, Logical


@pytest.mark.parametrize("metric", list(Metric))
def test_every_metric_has_its_words(metric: Metric) -> None:
    rule = QualityRule(
        id="r", metric=metric, field="a", minimum=0, values=("x",), pattern="x", reason="told",
        kinds=(Kind.STRING,), format=Logical.EMAIL, expression="a > 1", max_delay_ms=60_000,
        max_lag=10, threshold=Threshold(operator=Operator.AT_LEAST, values=(5,)),
    )  # fmt: skip

    assert asserts(rule) != "keeps the rule r"


@pytest.mark.parametrize(
    ("share", "told"),
    [(1.0, "100.0%"), (0.99999, "99.9%"), (0.985, "98.5%"), (0.57, "57.0%"), (0.0, "0.0%")],
)
def test_shares_are_rounded_down(share: float, told: str) -> None:
    assert percent(share) == told


def test_a_change_is_told_in_points() -> None:
    assert points(0.971, 0.985) == "1.4 points lower"
    assert points(0.985, 0.971) == "1.4 points higher"
    assert points(0.9711, 0.9712) == "the same"


def test_small_differences_do_not_look_like_ruin() -> None:
    assert line([0.99, 1.0, None]) == "▇█·"
    assert line([0.2, 1.0]) == "▁█"
    assert line([None, None]) == "··"
