"""Names split into words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.names import key, last_part, parts_of, spoken, words


@pytest.mark.parametrize("name", ["orderStatus", "order_status", "Order Status", "order.status"])
def test_all_spellings_of_a_name_have_the_same_words(name: str) -> None:
    assert words(name) == ["order", "status"]
    assert parts_of(name) == ("order", "status")
    assert (spoken(name), key(name), last_part(name)) == ("order status", "orderstatus", "status")


@pytest.mark.parametrize(
    ("name", "together", "apart"),
    [
        ("addressLine2", ["address", "line2"], ("address", "line", "2")),
        ("orders.v2", ["orders", "v2"], ("orders", "v", "2")),
        ("ga4_export", ["ga4", "export"], ("ga", "4", "export")),
        ("HTTPStatus", ["http", "status"], ("http", "status")),
        ("größeCm", ["größe", "cm"], ("größe", "cm")),
        ("团队.订单", ["团队", "订单"], ("团队", "订单")),
        ("___", [], ()),
    ],
)
def test_digits_stay_with_their_letters_for_search_and_stand_apart_for_inference(
    name: str, together: list[str], apart: tuple[str, ...]
) -> None:
    assert words(name) == together
    assert parts_of(name) == apart


@given(st.text(max_size=40))
def test_both_ways_read_the_same_characters(name: str) -> None:
    assert "".join(parts_of(name)) == key(name)
