"""How a query matches a name."""

import pytest

from core.ranking.names import key
from core.ranking.naming import BONUS, NameMatch, distance, name_match, subject, swapped


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
    assert name_match(query, key(query), "supplier-events") is expected


@pytest.mark.parametrize(
    ("query", "name", "expected"),
    [
        ("flights", "flight-scores", NameMatch.NONE),
        ("cats", "acme.bobcat-scores", NameMatch.NONE),
        ("flight", "flight-scores", NameMatch.PREFIX),
        ("flight sco", "flight-scores", NameMatch.PREFIX),
        ("flightscores", "acme.flight-scores.v2", NameMatch.PREFIX),
        ("flightscores", "acme-flight-scores", NameMatch.INSIDE),
        ("light sco", "flight-scores", NameMatch.INSIDE),
    ],
)
def test_letters_that_run_over_a_words_end_are_no_match(query, name, expected):
    assert name_match(query, key(query), name) is expected


@pytest.mark.parametrize(
    "name",
    [
        "supplier_data_raw",
        "procurement.supplier-master.v1",
        "com.acme.buying.supplier.events",
        "prod.supplier-master",
        "staging-supplier-master",
    ],
)
def test_a_name_begins_with_a_word_whatever_namespace_stands_before(name):
    assert name_match("supplier", "supplier", name) is NameMatch.PREFIX


@pytest.mark.parametrize("name", ["ml-output-supplier-risk", "test", "acme.test.orders"])
def test_a_word_in_the_middle_begins_no_name(name):
    assert name_match("supplier", "supplier", name) is not NameMatch.PREFIX
    assert name_match("test", "test", "test") is NameMatch.EXACT


@pytest.mark.parametrize(
    ("asked", "about"),
    [
        ("supplier data", "supplier"),
        ("payment records stream", "payment"),
        ("data quality", "data quality"),
        ("event data", "event data"),
        ("", ""),
    ],
)
def test_generic_words_at_the_end_are_not_what_is_asked_about(asked, about):
    assert " ".join(subject(asked.split())) == about


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
