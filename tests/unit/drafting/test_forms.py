"""How codes are built, described or shown."""

from __future__ import annotations

import re

import pytest

from core.drafting.forms import form_of, generalised, pattern_of


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("an E, a dash, 6 digits", r"E-\d{6}"),
        ("2 letters, dash, 3 digits", r"[A-Z]{2}-\d{3}"),
        ("PO + 7 digits", r"PO\d{7}"),
        ("exactly 11 digits", r"\d{11}"),
        ("8 hex characters", r"[0-9a-fA-F]{8}"),
        ("the letter B followed by 5 digits", r"B\d{5}"),
        ("prefix TK, then 8 digits", r"TK\d{8}"),
        ("2 capital letters followed by a slash and 4 to 6 digits", r"[A-Z]{2}/\d{4,6}"),
        ("plus sign and 8 to 15 digits", r"\+\d{8,15}"),
        ("16 characters, letters and digits", r"[A-Za-z0-9]{16}"),
        ("the year, a slash and 5 digits", r"\d{4}/\d{5}"),
        ("digits, a dash, 1 check digit, for example 718-7", r"\d+-\d"),
        ("lowercase letters only", r"[a-z]+"),
        ("RFID, 24 hex digits", r"[0-9a-fA-F]{24}"),
    ],
)
def test_a_described_form_is_a_pattern(text: str, pattern: str) -> None:
    form = form_of(text)

    assert form is not None
    assert form.pattern == pattern


@pytest.mark.parametrize("text", ["vacation, sick, parental", "confidential", "optional", "in EUR"])
def test_other_words_are_no_form(text: str) -> None:
    assert form_of(text) is None


def test_a_standard_is_known_by_its_name() -> None:
    form = form_of("SHA-256")

    assert form is not None
    assert form.pattern is not None
    assert re.fullmatch(form.pattern, "a" * 64)


@pytest.mark.parametrize(
    ("example", "words", "pattern"),
    [
        ("CS-101", ("course", "code"), r"[A-Z]{2}\-\d{3}"),
        ("E-104233", ("employee", "number"), r"E\-\d{6}"),
        ("INV2024-0001", ("invoice", "number"), r"INV\d{4}\-\d{4}"),
        ("PO-77", ("purchase", "order"), r"PO\-\d{2}"),
        ("XX-9999", ("code",), r"[A-Z0-9]{2}\-\d{4}"),
        ("A-12-04", ("bin", "location"), r"[A-Z]\-\d{2}\-\d{2}"),
    ],
)
def test_an_example_keeps_what_abbreviates_the_field(
    example: str, words: tuple[str, ...], pattern: str
) -> None:
    assert generalised(example, words) == pattern
    assert re.fullmatch(pattern, example) or example.startswith("X")


def test_a_description_outweighs_an_example_that_it_fits() -> None:
    described, shown = form_of("2 letters, dash, 3 digits"), form_of("like CS-101")

    assert described is not None
    assert shown is not None
    found = pattern_of([shown, described], ("course", "code"))
    assert found is not None
    assert found[0] == r"[A-Z]{2}-\d{3}"
