"""Rules that hold without anybody saying so."""

from __future__ import annotations

import pytest

from core.quality.implied import completed
from core.quality.rule import Metric, QualityRule
from core.schema.model import Field, Kind, Logical, Schema

_OWN = (QualityRule(id="id", metric=Metric.REQUIRED, field="id", reason="of the test"),)


def _watched(*fields: Field) -> set[str | None]:
    """Fields whose values are held against those that they had."""
    schema = Schema(Field("", frozenset({Kind.OBJECT}), children=fields))
    rules = completed(_OWN, schema, managed=False)
    return {rule.field for rule in rules if rule.metric is Metric.DISTRIBUTION}


@pytest.mark.parametrize("logical", [Logical.DATE, Logical.DATE_TIME, Logical.EPOCH_MILLIS])
def test_the_values_of_a_time_are_no_habit(logical: Logical) -> None:
    amount = Field("amount", frozenset({Kind.NUMBER}))
    counted = Field("last_count", frozenset({Kind.INTEGER}), logical=logical)
    days = Field("on", frozenset({Kind.STRING}), enum=("2026-03-01",), logical=logical)

    assert _watched(amount, counted, days) == {"amount"}


def test_measures_flags_and_lists_have_habits_and_identifiers_none() -> None:
    state = Field("state", frozenset({Kind.STRING}), enum=("new", "paid"))
    flag, number = (
        Field("express", frozenset({Kind.BOOLEAN})),
        Field("id", frozenset({Kind.INTEGER})),
    )

    assert _watched(state, flag, number) == {"state", "express"}
