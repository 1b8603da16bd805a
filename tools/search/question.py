"""A query as search reads it: cleaned, taken apart and corrected."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from core.ranking.names import key, stems, term, words
from core.ranking.naming import subject
from core.search import MAX_QUERY
from tools.embeddings.minilm import is_word

_NAME_WORDS = 6
"""A query of more words is a sentence: it is no part of a name."""
_LONG_NAME_WORDS = 20
"""A query of more words is not looked up as a whole name either."""


class EmptyQueryError(ValueError):
    """The query has no words; say what the data is about, or list the sources instead."""

    def __init__(self) -> None:
        super().__init__(
            "The query is empty. Say what the data is about in a few words, or a topic's name; "
            "to see everything, list the sources instead."
        )


class QueryTooLongError(ValueError):
    """The query has more than MAX_QUERY characters; say it shorter."""

    def __init__(self, length: int) -> None:
        super().__init__(
            f"The query has {length} characters, {MAX_QUERY} are read. Say in a sentence or two "
            "what the data is about."
        )


@dataclass(frozen=True)
class Question:
    """`corrections` maps a misspelt word of the text to a word that the catalog has."""

    text: str
    corrections: tuple[tuple[str, str], ...] = ()

    @cached_property
    def corrected(self) -> str:
        """The text's words with corrections; the text itself where there are none."""
        if not self.corrections:
            return self.text
        return " ".join(dict(self.corrections).get(word, word) for word in self.words)

    @cached_property
    def words(self) -> list[str]:
        return words(self.text)

    @cached_property
    def doubtful(self) -> list[str]:
        """Words that no dictionary has: misspelt, unless the catalog knows them."""
        return [word for word in self.words if _doubtful(word)]

    @cached_property
    def stems(self) -> dict[str, str]:
        """Stem -> the word as it was read."""
        return stems(self.corrected)

    @cached_property
    def terms(self) -> list[int]:
        return [term(stem) for stem in self.stems]

    @cached_property
    def name_like(self) -> bool:
        return 1 <= len(self.words) <= _NAME_WORDS

    @cached_property
    def may_be_a_name(self) -> bool:
        return 1 <= len(self.words) <= _LONG_NAME_WORDS

    @cached_property
    def subject(self) -> str:
        """What it is about: `supplier data` asks for whatever is called supplier."""
        return " ".join(subject(words(self.corrected)))

    @cached_property
    def subject_words(self) -> tuple[str, ...]:
        """Those of the subject where it is less than the whole text, else none."""
        found = words(self.subject)
        return () if len(found) == len(self.words) else tuple(found)

    @cached_property
    def keys(self) -> list[str]:
        """Under which a source of this name is found; the corrected spelling second."""
        return list(dict.fromkeys((key(self.text), key(self.corrected))))


def _doubtful(word: str) -> bool:
    return 4 <= len(word) <= 60 and not word.isdigit() and not is_word(word)


def question_of(text: str) -> Question:
    """Raises EmptyQueryError and QueryTooLongError."""
    if len(text) > MAX_QUERY:
        raise QueryTooLongError(len(text))
    cleaned = " ".join(text.replace("\0", " ").encode("utf-8", "replace").decode().split())
    if not cleaned:
        raise EmptyQueryError
    return Question(cleaned)
