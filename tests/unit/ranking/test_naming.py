"""How a query matches a name."""

import pytest

from core.ranking.names import key
from core.ranking.naming import BONUS, NameMatch, distance, name_match, swapped


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("supplier-events", NameMatch.EXACT),
        ("Supplier Events", NameMatch.SAME),
        ("supplierEvents", NameMatch.SAME),
        ("supplier", NameMatch.PREFIX),
        ("events", NameMatch.WORDS),
        ("vents", NameMatch.INSIDE),
        ("orders", NameMatch.NONE),
        ("s", NameMatch.NONE),
        ("!!!", NameMatch.NONE),
    ],
)
def test_the_strongest_match_is_told(query, expected):
    assert name_match(query, key(query), "supplier-events", key("supplier-events")) is expected


def test_a_name_in_full_outweighs_anything_else():
    weaker = max(value for match, value in BONUS.items() if match not in _FULL)
    assert min(BONUS[match] for match in _FULL) > weaker + 100


_FULL = (NameMatch.EXACT, NameMatch.SAME)


@pytest.mark.parametrize(
    ("left", "right", "edits"),
    [
        ("supplier", "supplier", 0),
        ("suplier", "supplier", 1),
        ("suppleir", "supplier", 1),
        ("sapplyer", "supplier", 2),
        ("order", "supplier", 3),
    ],
)
def test_edits_are_counted_up_to_a_limit(left, right, edits):
    assert distance(left, right, 2) == edits


def test_letters_that_changed_places_are_tried():
    assert "events" in swapped("evnets")
