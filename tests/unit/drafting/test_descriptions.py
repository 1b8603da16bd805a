"""Whole descriptions of many kinds, phrased in many ways, and the facts that each gives."""

from __future__ import annotations

import pytest

from core.drafting.draft import draft
from core.drafting.drafted import Draft
from core.generation import GenerationRequest
from core.plan import Plan, PlanKind
from core.plan_check import problems
from tests.unit.drafting.facts import Described, checked, descriptions

DESCRIPTIONS = descriptions()
MISSED = {
    "Clinical trial visits": {"sensitive dose"},
    "Gym check-ins": {"values refusal_reason|reason|why|refused_reason"},
    "Snow depth": {"retention 243 days"},
    "Content takedowns": {"values law|broken_law|law_broken"},
}
"""Facts that reading does not reach yet."""


def _drafted(described: Described) -> Draft:
    return draft(
        GenerationRequest(
            product_name=described.name, owner=described.owner, description=described.text
        )
    )


@pytest.mark.parametrize("described", DESCRIPTIONS, ids=lambda described: described.name)
def test_a_description_is_understood(described: Described) -> None:
    facts = list(checked(described, _drafted(described)))

    assert {fact for fact, holds in facts if not holds} == MISSED.get(described.name, set())
    assert len(facts) > 3


@pytest.mark.parametrize("described", DESCRIPTIONS, ids=lambda described: described.name)
def test_a_draft_is_a_plan_without_problems(described: Described) -> None:
    drafted = _drafted(described)
    plan = Plan(
        kind=PlanKind.CREATE,
        product=drafted.product,
        topic=drafted.topic,
        schema_plan=drafted.schema_plan,
        rules=drafted.rules,
    )

    assert problems(plan) == ()


def test_drafts_are_neither_floods_nor_alike() -> None:
    fields = [
        {path.rpartition(".")[2] for path, _ in _drafted(each).schema_plan.value.walk()}
        for each in DESCRIPTIONS
    ]
    shared = [
        len(one & other) / len(one | other)
        for at, one in enumerate(fields)
        for other in fields[:at]
    ]

    assert sum(map(len, fields)) / len(fields) < 14
    assert max(map(len, fields)) <= 25
    assert sum(shared) / len(shared) < 0.15
