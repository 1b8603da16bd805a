"""A wish for a product is read for its name, its owner and its own words."""

from __future__ import annotations

import pytest

from graph.models.offline.product_ask import owner_answered, read


@pytest.mark.parametrize(
    ("text", "name", "owner", "description"),
    [
        (
            "create a product for real-time fraud scores owned by fraud-team",
            "Real-time fraud scores",
            "fraud-team",
            "real-time fraud scores",
        ),
        (
            "I need a new data product with churn predictions, scores from 0 to 1, kept 90 days",
            "Churn predictions",
            None,
            "churn predictions, scores from 0 to 1, kept 90 days",
        ),
        (
            "Please generate a stream of readings for the logistics team. Keep it 7 years.",
            "Readings",
            "logistics-team",
            "readings for the logistics team. Keep it 7 years.",
        ),
        (
            "find supplier topics, then create a product for supplier ratings owned by procurement",
            "Supplier ratings",
            "procurement",
            "supplier ratings",
        ),
        (
            "any churn scores? if not, create a topic for churn scores owned by the crm team",
            "Churn scores",
            "crm-team",
            "churn scores",
        ),
        (
            'make a product called "Gold Orders" with order id and amount; owner: user:default/jo',
            "Gold Orders",
            "user:default/jo",
            "order id and amount",
        ),
        ("set up a topic for returns", "Returns", None, "returns"),
    ],
)
def test_a_wish_is_read(text: str, name: str, owner: str | None, description: str) -> None:
    ask = read(text)

    assert (ask.product_name, ask.owner, ask.description) == (name, owner, description)


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("fraud-team", "fraud-team"),
        ("the fraud team please", "fraud-team"),
        ("owned by procurement", "procurement"),
        ("make it the payments squad", "payments-squad"),
        ("group:default/fraud-team", "group:default/fraud-team"),
        ("cancel", None),
        ("never mind that", None),
        ("what topics are there?", None),
        ("find topics owned by procurement", None),
        ("who owns order-events?", None),
    ],
)
def test_an_owner_is_an_answer_and_another_request_is_none(text: str, owner: str | None) -> None:
    assert owner_answered(text) == owner
