"""Names as English words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.spelling import MAX_NAME, spell, title_of


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("custAddr", "customer address"),
        ("HTTPStatusCode", "HTTP status code"),
        ("ship_to.qty", "ship to quantity"),
        ("größeCm", "größe cm"),
        ("vatNo", "VAT number"),
        ("customer_id", "customer ID"),
        ("line3", "line 3"),
        ("no", "no"),
        ("___", ""),
    ],
)
def test_names_are_spelled_as_words(name: str, spelled: str) -> None:
    assert spell(name) == spelled


@pytest.mark.parametrize(
    ("topic", "title"),
    [
        ("prod.orders.v2", "Orders"),
        ("orders.orders.v4", "Orders"),
        ("order.orders", "Orders"),
        ("supplier_data_raw", "Supplier data"),
        ("hr.applicants-staging", "HR applicants"),
        ("salesforce_contacts_cdc", "Salesforce contacts CDC"),
        ("fleet_gps_raw", "Fleet GPS"),
        ("iot.sensors.temperature", "IoT sensors temperature"),
        ("ml-output-supplier-risk-v4", "ML output supplier risk"),
        ("supplier-events-dlq", "Dead letters of supplier events"),
        ("orderService.orderCreated", "Order created"),
        ("customer-service-requests", "Customer service requests"),
        ("app-KSTREAM-AGGREGATE-STATE-STORE-0000000003-changelog", "App changelog"),
        ("mqtt-bridge-plant-2", "MQTT bridge plant 2"),
        ("payments.v2.1", "Payments"),
        ("vendor_import_csv", "Vendor import"),
        ("ga4_export_raw", "GA4 export"),
        ("v1", "V1"),
        ("prod", "Product"),
        ("....", "A topic"),
    ],
)
def test_a_topic_is_titled_without_environment_version_and_format(topic: str, title: str) -> None:
    assert title_of(topic) == title


@given(st.text(alphabet=st.sampled_from("abA1._-é中 /<\n"), max_size=400))
def test_titles_and_names_are_short_and_hold_no_marks(name: str) -> None:
    assert 0 < len(title_of(name)) <= 2 * MAX_NAME
    assert len(spell(name)) <= MAX_NAME
    assert not set(title_of(name) + spell(name)) & set("<\n_.")
