"""Nouns of other languages are searched for in English; English stays as it is."""

from __future__ import annotations

import pytest

from graph.models.offline.glossary import in_english
from prompts import glossary


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Lieferantendaten", "supplier data"),
        ("Kundenadressen", "customer address"),
        ("des données sur les factures", "data invoice"),
        ("datos de proveedores", "data supplier"),
        ("supplier data", "supplier data"),
        ("clients of the data platform", "clients of the data platform"),
    ],
)
def test_nouns_are_searched_for_in_english(text: str, english: str) -> None:
    assert in_english(text, glossary()) == english


def test_no_stem_is_hidden_in_common_english_words() -> None:
    ordinary = """customers orders invoices payments deliveries shipments returns products prices
        stock warehouses employees salaries addresses contracts fraud risk quality complaints sales
        machines temperatures vehicles clients commands articles expedition inventory compatible
        companies pages bestsellers manufacture validation prevented defrauded"""

    assert in_english(ordinary, glossary()) == ordinary
