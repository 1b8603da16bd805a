"""Who produces a topic, as its messages sign it."""

from __future__ import annotations

import pytest

from core.ownership import OwnerRules
from tools.db.finding import Producer
from tools.discovery.study import producer_of

RULES = OwnerRules()


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({"producer": "orders.checkout"}, Producer("orders.checkout", "orders", "producer")),
        ({"x-producer": "etl"}, Producer("etl", None, "x-producer")),
        ({"producer": "jane@example.com, 12 Main St"}, None),
        ({"producer": "x" * 300}, None),
        ({"owner": "orders"}, None),
        ({}, None),
    ],
)
def test_an_applications_name_is_taken_and_nothing_else_of_a_header(
    headers: dict[str, str], found: Producer | None
) -> None:
    assert producer_of(headers, RULES) == found
