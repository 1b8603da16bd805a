"""Code refuses a plan that cannot be carried out, in words by which it can be mended."""

from __future__ import annotations

import pytest

from core.plan import CleanupPolicy, Plan, PlanKind
from core.plan_check import problems
from core.plan_examples import examples_of, message_bytes
from core.plan_facts import PlanFacts
from core.quality.rule import Metric
from core.schema.model import Bounds, Field, Kind, Logical
from tests.unit.plans.plans import SCORES, plan, rule, text, with_schema

RULES = (
    rule(Metric.REQUIRED, "score"),
    rule(Metric.REQUIRED, "analyst_email"),
    rule(Metric.RANGE, "score", minimum=0, maximum=1, exclusive_minimum=True),
    rule(Metric.ENUM, "decision", values=("allow", "block")),
    rule(Metric.PATTERN, "reasons[]", pattern=r"R\d{3}"),
    rule(Metric.UNIQUE, "score_id"),
    rule(Metric.TIMELINESS, "scored_at", max_delay_ms=100),
    rule(Metric.FRESHNESS, None, max_delay_ms=60_000),
)
FACTS = PlanFacts(
    topics=frozenset({"risk.fraud-scores.v1", "risk_cards_v1"}),
    subjects=frozenset({"risk.fraud-scores.v1-value"}),
    products=frozenset({"fraud-scores"}),
    ports={"risk.fraud-scores.v1": "other-product"},
    brokers=3,
)


def told(given: Plan, facts: PlanFacts | None = None) -> str:
    return "\n".join(problems(given, facts))


def test_a_good_plan_has_no_problems() -> None:
    assert problems(plan(rules=RULES), PlanFacts(brokers=1)) == ()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (plan(rules=(rule(Metric.REQUIRED, "amount"),)), "'amount', which is no field"),
        (plan(rules=(rule(Metric.RANGE, "decision", minimum=1),)), "a range needs a number"),
        (plan(rules=(rule(Metric.PATTERN, "score", pattern="a"),)), "a pattern needs a string"),
        (plan(rules=(rule(Metric.TIMELINESS, "score", max_delay_ms=1),)), "needs a time"),
        (plan(rules=(rule(Metric.UNIQUE, "reasons"),)), "needs a plain value"),
        (plan(rules=(rule(Metric.ENUM, "decision", values=("deny",)),)), "deny is no value"),
        (plan(rules=(rule(Metric.REQUIRED, "score"),) * 2), "2 rules have the id"),
        (plan(rules=(rule(Metric.RANGE, "score", minimum=2),)), "can keep both to its schema"),
        (with_schema(plan(), key="nothing"), "schema_plan.key: 'nothing' is no field"),
        (with_schema(plan(), key="analyst_email"), "a plain value that is always there"),
        (with_schema(plan(), event_time="score"), "is no time"),
        (with_schema(plan(), sensitive=("phone",)), "'phone' is no field"),
        (with_schema(plan(), key=None).model_copy(), ""),
        (with_schema(plan(cleanup=CleanupPolicy.COMPACT), key=None), "compact needs a key"),
        (plan(name=".."), "no legal name"),
        (plan(name="__scores"), "internal topics"),
        (plan(settings={"retention.ms": "1"}), "set by the topic's own retention_ms"),
        (plan(settings={"Not A Config": "1"}), "is no name of a Kafka topic config"),
        (plan(fields=()), "it has no fields"),
        (plan(fields=(text("a"), text("a"))), "2 fields are called 'a'"),
        (plan(fields=(text("2-bad"),)), "no legal field name"),
        (plan(fields=(text("a", enum=()),)), "the enum of a is empty"),
        (plan(fields=(Field("a", frozenset({Kind.OBJECT})),)), "object without fields"),
        (
            plan(fields=(Field("a", frozenset({Kind.NUMBER}), bounds=Bounds(2, 1)),)),
            "minimum above its maximum",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(given: Plan, said: str) -> None:
    assert said in told(given)


def test_names_that_are_taken_are_told_one_by_one() -> None:
    said = told(plan(), FACTS)

    assert "product.id: a product 'fraud-scores' exists already" in said
    assert "topic.name: a topic 'risk.fraud-scores.v1' exists already" in said
    assert "belongs to the product 'other-product'" in said
    assert "subject 'risk.fraud-scores.v1-value' exists already" in said
    assert "for one in its metrics" in told(plan(name="risk.cards_v1"), FACTS)


def test_a_promotion_needs_its_topic_and_may_keep_strange_field_names() -> None:
    known = PlanFacts(topics=frozenset({"risk.fraud-scores.v1"}))
    promoted = plan(fields=(text("2-bad"),), kind=PlanKind.PROMOTE)

    assert problems(promoted, known) == ()
    assert "no topic 'risk.fraud-scores.v1' to promote" in told(promoted, PlanFacts())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (plan(replication=4), "4 replicas need as many brokers, and the cluster has 3"),
        (plan(partitions=5_000, replication=3), "are more than 12,000"),
        (plan(settings={"min.insync.replicas": "2"}), "so nobody could write"),
    ],
)
def test_what_the_cluster_cannot_hold_is_told(given: Plan, said: str) -> None:
    assert said in told(given, PlanFacts(brokers=3))


TIMES = (
    Field("begun", frozenset({Kind.INTEGER}), logical=Logical.EPOCH_SECONDS),
    Field("low", frozenset({Kind.NUMBER})),
    Field("high", frozenset({Kind.NUMBER})),
    Field("size", frozenset({Kind.INTEGER, Kind.STRING})),
    text("mail"),
    text("word"),
)
OF_ALL_KINDS = (
    rule(Metric.COMPARE, None, expression="low <= high"),
    rule(Metric.TYPE, "size", kinds=("string",)),
    rule(Metric.TYPE, "low", kinds=("integer",)),
    rule(Metric.FORMAT, "mail", format="email"),
    rule(Metric.PATTERN, "word", pattern=r"\p{Lu}+"),
    rule(Metric.MISSING, "word", values=("n/a",), or_null=True),
    rule(Metric.ORDER, "begun"),
    rule(Metric.NULL_RATE, "mail"),
    rule(Metric.UNIQUE, None, fields=("word", "mail")),
    rule(Metric.LAG, None, id="lag", max_lag=5),
)


def test_rules_of_all_kinds_go_into_a_plan_and_its_examples() -> None:
    given = plan(fields=TIMES, rules=OF_ALL_KINDS)
    examples = examples_of(given)

    assert problems(given) == ()
    assert all(isinstance(example["size"], str) for example in examples)
    assert all(example["low"] <= example["high"] for example in examples[:-1])
    assert all("@" in example["mail"] for example in examples)


def test_examples_keep_to_the_rules_and_are_the_same_every_time() -> None:
    given = plan(rules=RULES)
    examples = examples_of(given)

    assert examples == examples_of(given)
    assert {example["decision"] for example in examples} <= {"allow", "block"}
    assert all(0 < example["score"] <= 1 for example in examples)
    assert "reasons" not in examples[-1]
    assert "analyst_email" in examples[-1]


def test_a_message_is_measured_from_its_examples() -> None:
    longer = plan(fields=(*SCORES, text("description")))

    assert 25 + 36 < message_bytes(plan()) < message_bytes(longer) < 600
