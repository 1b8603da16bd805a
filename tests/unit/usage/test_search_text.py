"""What is kept of a search tells of the catalog, not of people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.usage.search_text import LONGEST, normalised


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  Supplier\tDATA\n", "supplier data"),
        ("ﬁles of Straße", "files of strasse"),
        ("orders of jane.doe+x@example.com", "orders of <e-mail>"),
        ("call +49 (30) 901-820", "call <number>"),
        ("born 1979-04-01", "born <number>"),
        ("iban DE89 3704 0044 0532 0130 00", "iban de<number>"),
        ("see https://jira.example/browse/X-1?token=abc", "see <link>"),
        ("orders.v1 sales.2024q", "orders.v1 sales.<number>q"),
        (f"key {'a1' * 20}", "key <long>"),
        ("top 10 suppliers", "top 10 suppliers"),
        ("\x00\u202e", ""),
    ],
)
def test_what_may_tell_of_a_person_is_taken_out(text: str, kept: str) -> None:
    assert normalised(text) == kept


@given(st.text(max_size=500))
def test_it_is_short_printable_and_stays_as_it_is_when_done_again(text: str) -> None:
    kept = normalised(text)
    assert len(kept) <= LONGEST
    assert kept.isprintable()
    assert normalised(kept) == kept or "<" in kept
