"""What names say of how topics belong together."""

import pytest

from core.similarity.kinship import families, kinship
from core.similarity.relation import Kinship


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("orders.orders.v3", "orders.orders.v4", Kinship.VERSIONS),
        ("orders-1", "orders-2", Kinship.VERSIONS),
        ("orders", "orders-v2", Kinship.VERSIONS),
        ("prod.orders", "staging.orders", Kinship.ENVIRONMENTS),
        ("orders", "orders-dev", Kinship.ENVIRONMENTS),
        ("orders.eu", "orders.apac", Kinship.REGIONS),
        ("orders.eu-west-1", "orders.us-east-2", Kinship.REGIONS),
        ("prod.orders.v1", "staging.orders.v2", Kinship.ENVIRONMENTS),
        ("supplier-events", "supplier-events-dlq", Kinship.DEAD_LETTER),
        ("orders.DLQ", "orders.orders.v3", Kinship.DEAD_LETTER),
        ("orders-dead-letter-queue", "orders", Kinship.DEAD_LETTER),
        ("payments-retry-5000", "payments", Kinship.RETRY),
        ("app-KTABLE-STORE-0000000003-changelog", "customers", Kinship.CHANGELOG),
    ],
)
def test_kin_is_told_by_names(one: str, other: str, how: Kinship):
    assert kinship(one, other) is kinship(other, one) is how


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("supplier-events", "supplier_data_raw"),
        ("supplier-events", "supplierEvents"),
        ("orders.orders.v3", "orders.returns.v3"),
        ("retry", "orders"),
    ],
)
def test_other_names_are_no_kin(one: str, other: str):
    assert kinship(one, other) is None


def test_families_have_at_least_two_members():
    found = families(["orders.v1", "orders.v2", "orders-dlq", "returns.v1"])

    assert found == {("orders",): ("orders-dlq", "orders.v1", "orders.v2")}
