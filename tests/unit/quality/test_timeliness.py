"""Columns of times are judged as each of them would be by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.quality.record import value_holds
from core.quality.rule import Metric, QualityRule
from core.quality.timeliness import untimely

NOW = datetime(2026, 3, 31, 23, 59, 30, tzinfo=UTC)

FORMS = {
    "seconds": lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}",
    "milliseconds": lambda at: f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z",
    "microseconds": lambda at: f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06}+00:00",
    "another zone": lambda at: (at + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S+02:00"),
    "no zone": lambda at: at.strftime("%Y-%m-%dT%H:%M:%S"),
}
STRANGE = (
    None, "", "soon", "2026-03-31", "2026-02-30T10:00:00Z", "2026-03-31T23:59:61Z",
    "2026-03-31T23:61:00Z", "2026-03-31T24:00:00.000Z", "2026-03-31T23:5\u0661:00Z",
    "2026-03-31T23:59:00.12Z", "2026-03-32T00:00:00Z", "2026-03-31 23:59:00Z",
)  # fmt: skip


def rule(delay_ms: int | None, ahead_ms: int | None) -> QualityRule:
    return QualityRule(
        id="r", metric=Metric.TIMELINESS, field="^at$", reason="a test",
        max_delay_ms=delay_ms, max_ahead_ms=ahead_ms,
    )  # fmt: skip


def one_by_one(texts: list[str | None], one: QualityRule, arrived: list[int]) -> list[int]:
    pairs = zip(texts, arrived, strict=True)
    return [
        row
        for row, (text, at) in enumerate(pairs)
        if text is not None and not value_holds(text, one, at)
    ]


moments = st.tuples(
    st.sampled_from(sorted(FORMS)),
    st.one_of(st.integers(-5_000_000, 5_000_000), st.sampled_from([-60_000, 0, 1_000, 86_400_000])),
    st.integers(0, 30_000),
)


@given(
    st.lists(st.one_of(moments, st.sampled_from(STRANGE)), min_size=1, max_size=30),
    st.sampled_from([(60_000, 1_000), (1, 1), (3_600_000, 60_000), (10**11, 10**11), (5, None)]),
)
def test_a_column_is_judged_as_its_values_are(
    drawn: list[tuple[str, int, int] | str | None], limits: tuple[int, int | None]
) -> None:
    texts: list[str | None] = []
    arrived: list[int] = []
    for each in drawn:
        if isinstance(each, tuple):
            form, before_ms, waits_ms = each
            texts.append(FORMS[form](NOW - timedelta(milliseconds=before_ms)))
        else:
            texts.append(each)
            waits_ms = 0
        arrived.append(round(NOW.timestamp() * 1_000) + waits_ms)
    one = rule(*limits)

    found = untimely(pl.Series("^at$", texts, pl.String), one, np.array(arrived))

    assert found.tolist() == one_by_one(texts, one, arrived)


@pytest.mark.parametrize("form", FORMS)
def test_the_late_are_found_among_many_that_are_in_time(form: str) -> None:
    at = NOW - timedelta(days=3)
    texts = [FORMS[form](at - timedelta(seconds=number % 50)) for number in range(1_000)]
    texts[17], texts[900] = (
        FORMS[form](at - timedelta(hours=2)),
        FORMS[form](at + timedelta(hours=1)),
    )
    arrived = np.full(1_000, round(at.timestamp() * 1_000) + 500)

    found = untimely(pl.Series("at", texts), rule(3_600_000, 60_000), arrived)

    assert found.tolist() == [17, 900]
