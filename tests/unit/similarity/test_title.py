"""What a schema is called."""

import pytest

from core.similarity.title import another_happening, title_of


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("com.acme.shop.order_created.v1-0-2", "order created"),
        ("prod.procurement.supplier-master.v1", "supplier master"),
        ("supplier-events", "supplier"),
        ("orderService.orderCreated", "order created"),
        ("billing.invoice.created.v2", "invoice created"),
        ("supplier.created", "supplier created"),
        ("com.acme.clicked", "clicked"),
        ("events", "events"),
        ("v1", "v1"),
    ],
)
def test_vendor_environment_version_and_generic_words_say_nothing(name: str, text: str):
    assert title_of(name).text == text


def test_versions_are_of_one_line():
    names = ["com.acme.order.v1-0-0", "com.acme.order.v2-0-0", "com.acme.order"]

    assert {title_of(name).line for name in names} == {"acme.order"}


def test_a_name_in_one_part_has_no_space():
    assert title_of("supplier-events").space == ""
    assert title_of("finance.invoices").space == "finance"


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("account.created", "account.deleted", True),
        ("company_creation", "company_created", False),
        ("mail_bounce", "mail_bounced", False),
        ("account.created", "account", False),
    ],
)
def test_topics_of_two_happenings_are_told_apart(one: str, other: str, apart: bool):
    assert another_happening(title_of(one), title_of(other)) is apart
