"""What names of fields mean."""

import pytest
from hypothesis import given

from core.similarity.meaning import likeness, meaning_of, said
from tests.unit.similarity.made import names


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        ("userId", "user_id", 1.0),
        ("qty", "quantity", 0.95),
        ("msgs", "message", 0.95),
        ("vendor_name", "supplierName", 0.95),
        ("zip", "postal_code", 0.95),
        ("created", "created_at", 0.8),
        ("currency", "currencyCode", 0.8),
        ("categories", "category", 0.95),
        ("標題", "title", 0.95),
        ("文章链接", "链接", 0.4),
    ],
)
def test_spellings_abbreviations_plurals_and_synonyms_are_alike(one: str, other: str, least: float):
    assert likeness(meaning_of(one), meaning_of(other)) >= least


def test_names_without_a_word_in_common_are_not_alike():
    assert likeness(meaning_of("colour"), meaning_of("weight")) == 0.0


def test_the_schemas_own_name_and_vendor_before_a_field_say_nothing():
    own, plain = meaning_of("product_id", owner="product"), meaning_of("id", owner="product")
    vendor, bare = meaning_of("sg_event_id", space="sendgrid"), meaning_of("event_id")

    assert likeness(own, plain) >= 0.8
    assert likeness(vendor, bare) >= 0.8
    assert likeness(meaning_of("sg_event_id", space="mailgun"), bare) < 0.8


@pytest.mark.parametrize("name", ["ts", "occurred_at", "event_time", "created", "eventDate"])
def test_names_that_only_say_when_it_happened_are_alike(name: str):
    assert likeness(meaning_of(name), meaning_of("timestamp")) >= 0.6
    assert likeness(meaning_of("event"), meaning_of(name)) < 0.6


def test_abbreviations_are_read_out():
    assert said("shipTo.zip") == "ship to postcode"
    assert said("msgQty") == "message quantity"


@given(names, names)
def test_likeness_has_no_direction_and_its_bounds(one: str, other: str):
    mine, theirs = meaning_of(one), meaning_of(other)

    assert likeness(mine, theirs) == likeness(theirs, mine)
    assert 0 <= likeness(mine, theirs) <= likeness(mine, mine) == 1
