"""A source is called by its own name and by its product's."""

import pytest

from core.ranking.naming import NameMatch
from tools.search.naming import named
from tools.search.question import Question

TOPIC, PRODUCT, SLUG = "procurement.supplier-master.v1", "Supplier Master Data", "golden-vendors"


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("Supplier Master Data", NameMatch.EXACT),
        ("supplier-master-data", NameMatch.SAME),
        ("golden-vendors", NameMatch.EXACT),
        ("golden", NameMatch.PREFIX),
        ("master data", NameMatch.WORDS),
        ("endors", NameMatch.INSIDE),
    ],
)
def test_the_products_name_and_id_count_as_names(text, match):
    found = named(Question(text), TOPIC, PRODUCT, SLUG)

    assert (found.match, found.of_product) == (match, True)


def test_its_own_name_counts_before_its_products():
    assert not named(Question("supplier"), TOPIC, PRODUCT, SLUG).of_product


def test_a_correction_is_told():
    question = Question("suplier master data", (("suplier", "supplier"),))

    found = named(question, TOPIC, PRODUCT, SLUG)

    assert (found.match, found.corrected) == (NameMatch.SAME, True)


@pytest.mark.parametrize("name", ["risk.supplier-scores.v2", "supplier_raw"])
def test_generic_words_of_a_question_do_not_keep_a_name_from_matching(name):
    found = named(Question("supplier data"), name)

    assert (found.match, found.words) == (NameMatch.WORDS, "supplier")


def test_a_generic_words_rest_must_be_a_whole_word_of_the_name():
    assert named(Question("suppl data"), "supplier_raw").match is NameMatch.NONE


def test_a_long_name_is_found_in_full_only():
    name = "Daily Net Inventory Positions per Warehouse and Region"

    assert named(Question(name.lower()), "wms_out", name).match is NameMatch.SAME
    assert named(Question(name[:-7]), "wms_out", name).match is NameMatch.NONE
