"""Names and words in one form."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ranking.names import field_words, key, leaf, spoken, stem, stems, term

SPELLINGS = (
    "supplier-events",
    "supplier_events",
    "supplierEvents",
    "Supplier Events",
    "SUPPLIER.EVENTS",
)


@pytest.mark.parametrize("name", SPELLINGS)
def test_all_spellings_of_a_name_have_one_key(name):
    assert key(name) == "supplierevents"
    assert spoken(name) == "supplier events"


def test_an_acronym_is_one_word():
    assert spoken("parseHTTPResponse") == "parse http response"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("com.acme.order.created", "created"),
        ("com.acme.order-created.v1", "order created"),
        ("prod.payments.events", "payments events"),
        ("prod.payments.raw.v2.1", "payments raw"),
        ("supplier_data_raw", "supplier data raw"),
        ("events", "events"),
        ("v2", "v2"),
        ("团队.订单", "订单"),
    ],
)
def test_the_leaf_is_the_telling_end_of_a_name(name, expected):
    assert leaf(name) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [("order.lineItems[].unit_price", "unit price"), ("tags[]", "tags"), ("labels.*", "labels")],
)
def test_a_field_is_spoken_by_its_own_name(path, expected):
    assert field_words(path) == expected


def test_forms_of_a_word_share_a_stem():
    assert len({stem(word) for word in ("refund", "refunds", "refunded", "refunding")}) == 1
    assert stem("payment") != stem("player")


@pytest.mark.parametrize("word", ["session", "appointment", "shipment", "employee", "order"])
def test_a_noun_and_its_plural_share_a_stem(word):
    assert stem(word) == stem(f"{word}s")


def test_words_that_say_nothing_are_no_stems():
    assert list(stems("show me all the data of our suppliers").values()) == ["suppliers"]


@settings(max_examples=50)
@given(st.text(max_size=40))
def test_any_text_has_a_key_and_its_terms_fit_32_bits(text):
    assert key(spoken(text)) == key(key(text)) or not text.isascii()
    assert all(-(2**31) <= term(found) < 2**31 for found in stems(text))
