"""Names that are taken get a number; topic and subject change together."""

from __future__ import annotations

import pytest

from core.plan_facts import PlanFacts
from graph.generation.free_names import freed, is_free
from tests.unit.plans.plans import plan

TOPIC, SUBJECT = "risk.fraud-scores.v1", "risk.fraud-scores.v1-value"


@pytest.mark.parametrize(
    ("facts", "product", "topic"),
    [
        (PlanFacts(), "fraud-scores", TOPIC),
        (PlanFacts(products=frozenset({"fraud-scores"})), "fraud-scores-2", TOPIC),
        (
            PlanFacts(products=frozenset({"fraud-scores", "fraud-scores-2"})),
            "fraud-scores-3",
            TOPIC,
        ),
        (PlanFacts(topics=frozenset({TOPIC})), "fraud-scores", "risk.fraud-scores-2.v1"),
        (
            PlanFacts(topics=frozenset({TOPIC, "risk.fraud-scores-2.v1"})),
            "fraud-scores",
            "risk.fraud-scores-3.v1",
        ),
        (PlanFacts(subjects=frozenset({SUBJECT})), "fraud-scores", "risk.fraud-scores-2.v1"),
        (PlanFacts(ports={TOPIC: "other"}), "fraud-scores", "risk.fraud-scores-2.v1"),
    ],
)
def test_the_first_free_names_are_taken(facts: PlanFacts, product: str, topic: str) -> None:
    free = freed(plan(), facts)

    assert (free.product.id, free.topic.name) == (product, topic)
    assert free.schema_plan.subject == f"{topic}-value"
    assert is_free(free, facts)
    assert is_free(plan(), facts) == (free.hash == plan().hash)


def test_a_name_without_a_version_and_with_underscores_keeps_its_style() -> None:
    given = plan(name="fraud_scores")

    assert (
        freed(given, PlanFacts(topics=frozenset({"fraud_scores"}))).topic.name == "fraud_scores_2"
    )
