"""A plan as a form: only what was changed in it is a change."""

from typing import Any

import pytest

from server.console.draft import changes_of, draft_of
from server.console.form import Form
from server.problems import ProblemError
from tests.unit.plans.plans import plan

PLAN = plan()


def form(**changed: str) -> Form:
    fields = {each.path: (each.value,) for each in draft_of(PLAN).choices}
    return Form({**fields, **{path.replace("__", "."): (text,) for path, text in changed.items()}})


def test_a_form_that_is_sent_as_it_came_changes_nothing() -> None:
    assert changes_of(form(), PLAN) == {}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"topic__partitions": "12"}, {"topic.partitions": 12}),
        ({"topic__retention_ms": "1.5"}, {"topic.retention_ms": 129_600_000}),
        ({"topic__retention_ms": "-1"}, {"topic.retention_ms": -1}),
        ({"product__tags": " gold ,, x"}, {"product.tags": ["gold", "x"]}),
        ({"drop_rule": "a-rule"}, {"rules.a-rule": None}),
    ],
)
def test_what_differs_is_a_change_in_the_plans_own_units(
    changed: dict[str, str], expected: dict[str, Any]
) -> None:
    assert changes_of(form(**changed), PLAN) == expected


@pytest.mark.parametrize("text", ["many", "nan", "inf", "1e99"])
def test_what_is_no_number_is_refused_with_the_fields_name(text: str) -> None:
    with pytest.raises(ProblemError, match="Partitions takes a number"):
        changes_of(form(topic__partitions=text), PLAN)
