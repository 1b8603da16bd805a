"""Edits between words, against the definition."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.quality.learning.distance import Neighbours, edits

_WORDS = st.text("abcé", max_size=9)


def _by_definition(left: str, right: str) -> int:
    """Optimal string alignment: the textbook's table."""
    rows = [[at + other if not at or not other else 0 for other in range(len(right) + 1)]
            for at in range(len(left) + 1)]  # fmt: skip
    for i in range(1, len(left) + 1):
        for j in range(1, len(right) + 1):
            same = left[i - 1] == right[j - 1]
            rows[i][j] = min(
                rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (not same)
            )
            if i > 1 and j > 1 and left[i - 1] == right[j - 2] and left[i - 2] == right[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(_WORDS, _WORDS, st.integers(0, 9))
def test_edits_are_counted_as_the_definition_has_them(left: str, right: str, limit: int) -> None:
    distance = _by_definition(left, right)

    assert edits(left, right, limit) == (distance if distance <= limit else None)


@given(st.lists(_WORDS, unique=True), _WORDS)
def test_no_near_word_is_ruled_out_by_its_letters(words: list[str], word: str) -> None:
    near = {other for other in words if other != word and _by_definition(word, other) <= 2}

    assert set(Neighbours(words).near(word, 2)) == near
