"""How topics are called here."""

from __future__ import annotations

import pytest

from core.topic_naming import TopicNaming, learn

DOTTED = [
    "sales.orders.created.v1", "sales.orders.cancelled.v1", "sales.refunds.v2",
    "finance.invoices.v1",
    "finance.payment-runs.v1", "finance.dunning.v1", "__consumer_offsets", "_schemas",
]  # fmt: skip
COMPANY = [
    "acme_prod_sales_orders", "acme_prod_sales_refunds", "acme_prod_hr_leaves",
    "acme_prod_hr_contracts", "acme_prod_hr_payslips", "acme_prod_sales_leads",
]  # fmt: skip
CAMEL = ["orderCreated", "orderCancelled", "invoicePaid", "shipmentDelayed", "userLoggedIn"]
DASHED = ["orders-created", "invoices-paid", "shipments-late", "users-seen", "stock-counted"]


@pytest.mark.parametrize(
    ("fleet", "name"),
    [
        (DOTTED, "logistics.parcel-scans.v1"),
        (COMPANY, "acme_prod_logistics_parcel_scans"),
        (CAMEL, "parcelScans"),
        (DASHED, "parcel-scans"),
        ([], "logistics.parcel-scans.v1"),
    ],
)
def test_a_new_topic_is_called_as_the_others_are(fleet: list[str], name: str) -> None:
    assert learn(fleet).name("logistics", "Parcel scans") == name


def test_a_domain_is_not_said_twice() -> None:
    assert TopicNaming().name("payments", "Payments settled") == "payments.settled.v1"
    assert TopicNaming().name("payments", "Payments") == "payments.payments.v1"


def test_any_name_becomes_a_legal_one() -> None:
    assert TopicNaming().name("", "Øre & cargo / 42!") == "re-cargo-42.v1"
    assert len(TopicNaming().name("x" * 100, "word " * 200)) <= 249
    assert TopicNaming().name("x" * 100, "word " * 200).endswith(".v1")
    assert TopicNaming().name("", "???") == "topic.v1"
