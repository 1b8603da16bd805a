"""Numbers in words and written short."""

from __future__ import annotations

import pytest

from core.drafting.numerals import in_digits


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("thirteen months", "13 months"),
        ("twenty-five", "25"),
        ("two hundred and fifty", "250"),
        ("a hundred thousand data points", "100000 data points"),
        ("half a second", "0.5 second"),
        ("half a million rows", "500000 rows"),
        ("a quarter of a million", "250000"),
        ("two and a half years", "2.5 years"),
        ("several hundred per second", "300 per second"),
        ("about a dozen stores", "about 12 stores"),
        ("10k/day", "10000/day"),
        ("2.5m meters", "2500000 meters"),
        ("1.2bn rows", "1200000000 rows"),
        ("100,000, EUR", "100000, EUR"),
        ("40 000 calls", "40000 calls"),
        ("between one and five", "between 1 and 5"),
        ("six or seven", "6 or 7"),
    ],
)
def test_numbers_become_digits(words: str, digits: str) -> None:
    assert in_digits(words) == digits


@pytest.mark.parametrize(
    "text",
    ["one of EUR, USD", "no one", "the old one", "hundreds of messages", "12 m/s", "5m high"],
)
def test_what_only_looks_like_a_number_stays(text: str) -> None:
    assert in_digits(text) == text
