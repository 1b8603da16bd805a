"""Whatever a finding is of, an alert can say it."""

from __future__ import annotations

import pytest

from core.quality.rule import Metric
from tests.unit.alerts.looks import Stream, at, finding


@pytest.mark.parametrize("metric", list(Metric))
def test_an_alert_of_any_metric_says_what_broke_and_since_when(metric: Metric) -> None:
    stream = Stream()
    stream.look(0, finding(metric=metric))
    opened = stream.only

    assert "customer_id" in opened.title
    assert f"{at(0):%H:%M}" in opened.title
