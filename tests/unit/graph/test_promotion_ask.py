"""A wish to promote a topic is told from a wish for a new product."""

from __future__ import annotations

import pytest

from graph.models.offline.promotion_ask import read


@pytest.mark.parametrize(
    ("text", "topic", "name", "owner"),
    [
        ("promote supplier-events", "supplier-events", "Supplier events", None),
        (
            "please promote the topic stalls.open to a managed product owned by market-team",
            "stalls.open",
            "Stalls open",
            "market-team",
        ),
        (
            "turn the topic supplier_data_raw into a data product called Supplier records for the "
            "procurement team",
            "supplier_data_raw",
            "Supplier records",
            "procurement-team",
        ),
        ("make `clicks.raw.v2` a governed product", "clicks.raw.v2", "Clicks raw", None),
        ("Could you bring hr.absences under governance?", "hr.absences", "Hr absences", None),
        ("find out who owns ski-lifts, then promote ski-lifts", "ski-lifts", "Ski lifts", None),
        ("promote the stream orders", "orders", "Orders", None),
    ],
)
def test_the_topic_the_name_and_the_owner_are_read(
    text: str, topic: str, name: str, owner: str | None
) -> None:
    ask = read(text)

    assert ask is not None
    assert (ask.topic, ask.product_name, ask.owner, ask.sure) == (topic, name, owner, True)


@pytest.mark.parametrize("text", ["promote orders", "make invoices a data product"])
def test_a_plain_word_may_be_a_topic_or_not(text: str) -> None:
    ask = read(text)

    assert ask is not None
    assert not ask.sure


@pytest.mark.parametrize(
    "text",
    [
        "promote it to a managed product",
        "create a product for promotions",
        "I need data about promoted articles",
        "promote our spring campaign data with a new stream",
        "make me a product for churn scores",
        "which topics were promoted last week?",
        "turn it into a product",
        "create a data product for supplier-events per day",
    ],
)
def test_other_wishes_promote_nothing(text: str) -> None:
    assert read(text) is None
