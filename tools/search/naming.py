"""How a question matches what a source is called: its own name, and its product's name and id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.ranking.naming import STRENGTH, NameMatch, key_of, name_match, words_of
from tools.search.question import Question

_IN_FULL = (NameMatch.EXACT, NameMatch.SAME)


@dataclass(frozen=True, slots=True)
class Named:
    """`corrected`: only after a correction of the question; `of_product`: not its own name;
    `words`: those of the question that the name has."""

    match: NameMatch = NameMatch.NONE
    corrected: bool = False
    of_product: bool = False
    words: str = ""


_NOT = Named()


def named(question: Question, name: str, *product: str | None) -> Named:
    """The strongest match; its own name counts before its product's, as written before corrected.

    A sentence is no part of a name, but may be one in full.
    """
    if not question.may_be_a_name:
        return _NOT
    found = _strongest(question.text, question.keys[0], name, product)
    if found is _NOT and question.corrections:
        found = _strongest(question.corrected, question.keys[-1], name, product)
        found = _NOT if found is _NOT else replace(found, corrected=True)
    if not question.name_like:
        return found if found.match in _IN_FULL else _NOT
    if found is _NOT and question.subject_words:
        return _subject_in(question, name, product)
    return found


def _strongest(text: str, text_key: str, name: str, product: Sequence[str | None]) -> Named:
    found = _NOT
    for other in (name, *product):
        match = NameMatch.NONE if other is None else name_match(text, text_key, other)
        if STRENGTH[match] > STRENGTH[found.match]:
            found = Named(match, False, other is not name, text)
    return found


def _subject_in(question: Question, name: str, product: Sequence[str | None]) -> Named:
    """`supplier data`: a name that has `supplier` as a word is meant as well."""
    subject = question.subject_words
    together = "".join(subject)
    for other in (name, *product):
        if other and together in key_of(other) and words_of(other).issuperset(subject):
            corrected = bool(question.corrections)
            return Named(NameMatch.WORDS, corrected, other is not name, question.subject)
    return _NOT
