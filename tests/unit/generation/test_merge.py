"""A model words the plan; the numbers of the description stand as code understood them."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from core.drafting.drafted import Draft
from core.generation import GenerationRequest
from core.quality.rule import Metric
from core.schema.model import Kind, Logical
from graph.generation.fields import tree_of
from graph.generation.merge import merged
from graph.generation.proposal import FieldProposal, ProductProposal, RuleProposal
from graph.generation.skill import drafted

REQUEST = GenerationRequest(
    product_name="Card fraud scores",
    owner="fraud-team",
    description="A fraud score between 0 and 1 for each card payment, within 100 ms, kept 7 years.",
)


def field(path: str, kind: str = "string", **more: object) -> FieldProposal:
    return FieldProposal.model_validate({"path": path, "type": kind, "doc": "A field.", **more})


def proposal(*fields: FieldProposal, **more: object) -> ProductProposal:
    own = (field("payment_id"), field("scored_at", "timestamp"))
    given = {
        "summary": "Scores of card payments for whoever must stop fraud.",
        "fields": [*own, *fields],
        "key": "payment_id",
        "event_time": "scored_at",
    }
    return ProductProposal.model_validate({**given, **more})


@pytest.fixture(scope="module")
def base() -> Draft:
    return drafted(REQUEST, None)


def test_retention_latency_and_topic_are_codes_own(base: Draft) -> None:
    made = merged(proposal(), base, frozenset())

    assert made.topic == base.topic
    assert made.topic.retention_ms == 7 * 365 * 86_400_000
    assert made.latency_ms == 100
    assert made.product.description.startswith("Scores of card payments")


def test_a_range_of_the_description_overrides_the_models(base: Draft) -> None:
    wrong = RuleProposal(
        path="fraud_score", metric=Metric.RANGE, maximum=100, reason="a percentage"
    )

    made = merged(
        proposal(field("fraud_score", "integer", maximum=100), rules=[wrong]), base, frozenset()
    )

    ranges = [rule for rule in made.rules if rule.field == "fraud_score"]
    assert [(rule.minimum, rule.maximum) for rule in ranges if rule.metric is Metric.RANGE] == [
        (0, 1)
    ]
    score = dict(made.schema_plan.value.walk())["fraud_score"]
    assert (score.kinds, score.bounds.maximum) == ({Kind.NUMBER}, 1)


def test_a_field_of_which_the_description_gives_numbers_cannot_be_left_out(base: Draft) -> None:
    made = merged(proposal(), base, frozenset())

    assert "fraud_score" in dict(made.schema_plan.value.walk())


def test_a_product_is_made_from_topics_that_exist_alone(base: Draft) -> None:
    made = merged(proposal(made_from=["cards", "invented"]), base, frozenset({"cards"}))

    assert made.inputs == ("cards",)


def test_flat_paths_become_a_tree() -> None:
    places = tree_of(
        [
            field("customer.email", "email", personal=True),
            field("items[].sku"),
            field("items[].price", "decimal", minimum=0),
            field("note", required=False),
            field("status", values=["open", "closed"]),
        ]
    )

    customer, items, note, status = places
    assert (customer.kinds, customer.children[0].logical) == ({Kind.OBJECT}, Logical.EMAIL)
    assert items.kinds == {Kind.ARRAY}
    assert [child.name for child in items.children[0].children] == ["sku", "price"]
    assert note.optional
    assert note.nullable
    assert status.enum == ("open", "closed")


@pytest.mark.parametrize("path", ["2nd", "a..b", "a b", "", "a[0]"])
def test_a_path_that_is_none_is_refused(path: str) -> None:
    with pytest.raises(ValidationError):
        field(path)
