"""A draft as a whole: what it holds to, whatever the description."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.drafting.draft import draft
from core.drafting.drafted import Draft, DraftContext, KnownSchema
from core.generation import GenerationRequest
from core.plan import Plan, PlanKind
from core.plan_check import problems
from core.quality.rule import Metric, Severity
from core.schema.model import Field, Kind, Schema
from core.topic_naming import TopicNaming

WORDS = """
order id status of between 0 and 1 never negative with has a, or / | : ; ( ) [ ] - = per each keep
two years 100 ms like AB-12 whether when it is list of items each with no not must appear above up
to in percent optional unique sensitive customer's the number first last 0 seconds compacted latest
per event_time event time personal data key by \u27e60\u27e7 \u27e67\u27e7
"""


def drafted(description: str, context: DraftContext | None = None, name: str = "Orders") -> Draft:
    return draft(
        GenerationRequest(product_name=name, owner="sales-team", description=description), context
    )


def _rules(made: Draft, metric: Metric) -> dict[str | None, object]:
    return {rule.field: rule for rule in made.rules if rule.metric is metric}


@settings(max_examples=60)
@given(st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=120))
def test_any_words_give_a_plan_without_problems(words: list[str]) -> None:
    made = drafted(" ".join(["x", *words]))
    plan = Plan(
        kind=PlanKind.CREATE,
        product=made.product,
        topic=made.topic,
        schema_plan=made.schema_plan,
        rules=made.rules,
    )

    assert problems(plan) == ()


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_any_text_gives_a_draft_and_the_same_one_again(text: str) -> None:
    assert drafted(f"x {text}") == drafted(f"x {text}")


@pytest.mark.parametrize(
    "part", ["a, ", "is ", "(a, b) ", "1-", "a/", "2 years ", "no x, ", "- a\n"]
)
def test_a_text_that_goes_on_and_on_is_read_in_time(part: str) -> None:
    started = time.process_time()
    drafted(("x " + part * 2_000)[:4_000])

    assert time.process_time() - started < 5


def test_every_rule_and_every_tag_has_a_reason() -> None:
    made = drafted(
        "Each order: order id (unique), customer id, total between 0 and 5000 EUR, status open, "
        "paid or cancelled. Needed within 2 seconds. Keep for 3 years."
    )
    reasons = {note.about: note.because for note in made.notes}

    assert made.product.tags
    assert all(reasons[f"product.tags.{tag}"] for tag in made.product.tags)
    assert all(rule.reason for rule in made.rules)
    assert 'says "between 0 and 5000 EUR"' in _rules(made, Metric.RANGE)["total"].reason  # type: ignore[attr-defined]


def test_what_is_given_is_told_apart_from_what_is_assumed() -> None:
    made = drafted("Orders with their order id and total. Keep for 3 years.")
    given = {note.about: note.given for note in made.notes}

    assert given["topic.retention_ms"] is True
    assert given["topic.partitions"] is False
    assert given["schema_plan.event_time"] is False


def test_sense_warns_where_the_text_and_definitions_are_strict() -> None:
    made = drafted("Orders: order id, discount in percent, total in EUR, score between 0 and 1.")
    rules = _rules(made, Metric.RANGE)
    severity = {field: rule.severity for field, rule in rules.items()}  # type: ignore[attr-defined]

    assert severity["score"] is Severity.ERROR
    assert severity["discount"] is Severity.ERROR
    assert severity["total"] is Severity.WARNING


def test_amounts_are_decimals_days_are_days_and_times_are_moments() -> None:
    made = drafted("Invoices: invoice number, total in EUR, due date, time of payment.")
    fields = dict(made.schema_plan.value.walk())

    assert fields["total"].bounds.scale == 2
    assert fields["due_date"].logical is not None
    assert made.schema_plan.event_time in fields


def test_an_amount_without_a_currency_gets_one_beside_it() -> None:
    assert "currency" in dict(drafted("Orders: order id, total.").schema_plan.value.walk())
    assert "currency" not in dict(drafted("Orders: id, total in EUR.").schema_plan.value.walk())


def test_what_is_ruled_out_is_in_no_field_and_in_the_notes() -> None:
    made = drafted("Orders with order id, customer id and total. No e-mail addresses, no names.")
    paths = {path for path, _ in made.schema_plan.value.walk()}

    assert not {path for path in paths if "email" in path or path.endswith("name")}
    assert any("e-mail" in note.because for note in made.notes if note.given)


def test_a_compacted_topic_keeps_the_latest_for_good_unless_a_time_is_given() -> None:
    latest = drafted("The latest stock per SKU is all that matters.")
    ended = drafted("Compacted by SKU: sku, stock. Delete after 30 days.")

    assert (latest.topic.cleanup.value, latest.topic.retention_ms) == ("compact", -1)
    assert latest.schema_plan.key == "sku"
    assert ended.topic.cleanup.value == "compact,delete"


def test_sensitive_fields_are_a_risk_that_is_told() -> None:
    made = drafted("Orders: order id, customer's e-mail, total. Keep forever.")

    assert made.schema_plan.sensitive == ("customer_email",)
    assert any("customer_email" in risk for risk in made.risks)
    assert any("erasure" in risk for risk in made.risks)


@pytest.mark.parametrize(
    ("owner", "ref"),
    [
        ("Fraud Team", "group:default/fraud-team"),
        ("user:default/jane", "user:default/jane"),
        ("日本", "group:default/unknown"),
    ],
)
def test_an_owner_is_an_entity_reference(owner: str, ref: str) -> None:
    request = GenerationRequest(product_name="x", owner=owner, description="order id and total")

    assert draft(request).product.owner == ref


def test_the_context_decides_name_and_copies() -> None:
    context = DraftContext(brokers=2, naming=TopicNaming(level="-", domain=False, version=False))
    made = drafted("order id and total", context, name="Paid orders")

    assert made.topic.name == "paid-orders"
    assert made.topic.replication == 2
    assert made.schema_plan.subject == "paid-orders-value"


def test_few_words_are_filled_up_from_what_is_near_and_what_is_known() -> None:
    near = Field("loyalty_tier", frozenset({Kind.STRING}))
    schema = Schema(Field("", frozenset({Kind.OBJECT}), children=(near,)))
    context = DraftContext(closest=(KnownSchema("crm.members.v1", 0.9, schema),))
    made = drafted("Something about zibbles", context, name="Zibbles")
    reasons = {note.about: note.because for note in made.notes}

    assert "crm.members.v1" in reasons["schema_plan.value.loyalty_tier"]
    assert dict(made.schema_plan.value.walk())["loyalty_tier"].optional
    assert any("names few fields" in risk for risk in made.risks)
    assert "status" in dict(drafted("customer orders").schema_plan.value.walk())


def test_sources_that_the_text_names_are_its_inputs() -> None:
    schema = Schema(Field("", frozenset({Kind.OBJECT})))
    known = tuple(KnownSchema(name, 0.9, schema) for name in ("sales.orders.v1", "sales.order"))
    made = drafted("Totals made from sales.orders.v1, per customer", DraftContext(closest=known))

    assert made.inputs == ("sales.orders.v1",)


def test_what_each_record_is_of_is_no_field_of_its_own() -> None:
    made = drafted("For each card payment a fraud score between 0 and 1 and a decision.")
    fields = [path for path, _ in made.schema_plan.value.walk()]

    assert {"fraud_score", "decision"} <= set(fields)
    assert "card_payment" not in fields
