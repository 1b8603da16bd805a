"""Words that stand for no value."""

from __future__ import annotations

WORDS = frozenset(
    {
        "", "n/a", "#n/a", "n.a.", "na", "nan", "null", "<null>", "(null)", "nil", "undefined",
        "missing", "empty", "not available", "not applicable", "-", "--", "---", "?", "??", ".",
        "..", "...", "tbd", "tba", "none", "unknown", "not known", "not specified",
    }
)  # fmt: skip
_VAGUE = frozenset({"none", "unknown", "not specified", "not applicable", "na"})
"""Words that may well be a value."""
_VAGUE_WORTH = 0.6
_LONGEST = max(map(len, WORDS)) + 8


def word_of(text: str) -> str | None:
    """The word that a text is, whatever its case and the blanks around it; None if it is none."""
    word = text.strip().lower() if len(text) <= _LONGEST else None
    return word if word in WORDS else None


def is_word(text: str) -> bool:
    return word_of(text) is not None


def worth_of(text: str) -> float:
    """Less for words that other fields have as a value of their own."""
    return _VAGUE_WORTH if word_of(text) in _VAGUE else 1.0
