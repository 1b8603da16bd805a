"""A plan's words come from the plan: what exists in numbers, what is proposed, what it costs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.cost.estimate import CostEstimate, CostItem
from core.plan import Plan, PlanKind, Related
from core.quality.rule import Metric
from graph.plan_words import existing, plan_brief, plan_markdown, summary_of
from tests.unit.plans.plans import plan, rule, with_schema

RULES = (
    rule(Metric.RANGE, "score", minimum=0, maximum=1, exclusive_maximum=True),
    rule(Metric.FRESHNESS, None, max_delay_ms=60_000),
)
COST = CostEstimate(
    currency="EUR",
    price_book="own 7",
    items=(CostItem(name="storage", formula="a x b", inputs={"a": "1"}, amount=Decimal("12.5")),),
    assumed=("2 consumer groups",),
)


def related(source: str, has: int, missing: int) -> Related:
    return Related(
        source=source,
        kind="managed",
        owner="group:default/risk",
        score=1,
        covered=has / (has + missing),
        has=tuple(f"h{n}" for n in range(has)),
        missing=tuple(f"m{n}" for n in range(missing)),
    )


def with_related(*sources: Related) -> Plan:
    return plan().model_copy(update={"related": sources})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (with_related(), "Nothing in the catalog is related to it."),
        (
            with_related(related("a", 6, 2), related("b", 1, 7)),
            "2 related sources; none matches. The nearest, `a`, has 6 of 8 fields (75%); missing: "
            "`m0` and `m1`.",
        ),
        (with_related(related("a", 9, 1)), "1 related source; `a` (9 of 10 fields (90%)) has it"),
        (with_related(related("a", 1, 20)), "and 12 more."),
        (with_related(related("a", 0, 7)), "none has any of its 7 fields."),
        (plan(kind=PlanKind.PROMOTE), "The topic `risk.fraud-scores.v1` exists"),
    ],
)
def test_what_exists_is_said_in_numbers(given: Plan, said: str) -> None:
    assert said in existing(given)


def test_a_summary_tells_the_proposal_and_its_cost() -> None:
    said = summary_of(plan(rules=RULES).model_copy(update={"cost": COST}))

    assert "the topic `risk.fraud-scores.v1` with 6 fields, 6 partitions, kept 1 day" in said
    assert "2 quality rules and about 12.50 EUR a month by the price book own 7" in said


def test_the_whole_plan_is_readable_with_rules_cost_and_sensitive_fields() -> None:
    given = with_schema(plan(rules=RULES), sensitive=("analyst_email",))
    text = plan_markdown(given.model_copy(update={"cost": COST, "risks": ("a *bold* risk",)}))

    assert "`score` is at least 0.0 and below 1.0" in text or "at least 0 and below 1" in text
    assert "the stream has a record every 1 minute" in text
    assert "`analyst_email` string (email), optional, personal or confidential" in text
    assert "- storage 12.50: a x b (a 1)" in text
    assert "- assumed: 2 consumer groups" in text
    assert r"a \*bold\* risk" in text


def test_the_plan_in_brief_leaves_the_reasons_and_formulas_out() -> None:
    given = plan(rules=RULES).model_copy(update={"cost": COST, "risks": ("a *bold* risk",)})
    text = plan_brief(given)

    assert "`score`" in text
    assert "about 12.50 EUR a month" in text
    assert r"a \*bold\* risk" in text
    assert "a x b" not in text
    assert not [rule.reason for rule in RULES if rule.reason in text]
