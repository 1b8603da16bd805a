"""What a sample teaches about records and not about values."""

from __future__ import annotations

import pytest

from core.quality.manners import manners
from core.quality.rule import Metric


def _once(topic: str, *paths: str) -> list[str | None]:
    """The fields that are held to be unique, of 400 records in which all of these are."""
    records = [{path: f"{path}-{number}" for path in paths} for number in range(400)]
    rules = manners(topic, records, [1_000 * number for number in range(400)])
    return [rule.field for rule in rules if rule.metric is Metric.UNIQUE]


@pytest.mark.parametrize(
    ("topic", "field"),
    [
        ("inventory.stock-movements.v2", "movement_id"), ("orders.orders.v4", "orderId"),
        ("supplier_data_raw", "supplier_id"), ("payments", "id"), ("anything", "event_id"),
        ("crm.categories", "categoryId"),
    ],
)  # fmt: skip
def test_a_record_comes_once_by_its_own_identifier(topic: str, field: str) -> None:
    assert _once(topic, field) == [field]


@pytest.mark.parametrize(
    ("topic", "field"),
    [
        ("orders.order-events.v1", "order_id"), ("orders.order-lines.v4", "orderId"),
        ("finance.supplier-invoices.v2", "purchaseOrderId"),
        ("payments.transactions", "payment_id"),
    ],
)  # fmt: skip
def test_another_thing_may_be_spoken_of_again_however_seldom_it_was(topic: str, field: str) -> None:
    assert _once(topic, field) == []


def test_of_two_the_one_of_the_message_is_taken_where_the_other_is_of_something_else() -> None:
    assert _once("orders.order-events.v1", "order_id", "event_id") == ["event_id"]
