"""Reasons read as a person would write them."""

from __future__ import annotations

import pytest

from core.drafting.subject import with_article


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("amount", "an amount"),
        ("score", "a score"),
        ("hour", "an hour"),
        ("horse", "a horse"),
        ("user id", "a user id"),
        ("unit", "a unit"),
        ("unknown", "an unknown"),
        ("upload", "an upload"),
        ("euro", "a euro"),
        ("uuid", "a uuid"),
    ],
)
def test_a_noun_has_the_article_that_is_spoken(name: str, read: str) -> None:
    assert with_article(name) == read
