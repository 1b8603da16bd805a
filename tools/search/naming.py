"""How a question matches what a source is called: its own name, and its product's name and id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.ranking.names import key, words
from core.ranking.naming import STRENGTH, NameMatch, name_match, naming_of
from tools.search.question import Question

_IN_FULL = (NameMatch.EXACT, NameMatch.SAME)
Called = Sequence[tuple[str, bool]]
"""Names with whether each is the product's."""


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
    called = [(name, False), *((other, True) for other in product if other)]
    found = _strongest(question.text, question.keys[0], called)
    if found.match is NameMatch.NONE and question.corrections:
        found = _strongest(question.corrected, question.keys[-1], called)
        found = replace(found, corrected=found.match is not NameMatch.NONE)
    if not question.name_like:
        return found if found.match in _IN_FULL else _NOT
    return found if found.match is not NameMatch.NONE else _subject_in(question, called)


def _strongest(text: str, text_key: str, called: Called) -> Named:
    matches = [
        Named(name_match(text, text_key, name), False, other, text) for name, other in called
    ]
    return max(matches, key=lambda found: STRENGTH[found.match])


def _subject_in(question: Question, called: Called) -> Named:
    """`supplier data`: a name that has `supplier` as a word is meant as well."""
    subject = words(question.subject)
    if len(subject) == len(question.words):
        return _NOT
    together = key(question.subject)
    for name, other in called:
        known = naming_of(name)
        if known.words.issuperset(subject) and together in known.key:
            return Named(NameMatch.WORDS, bool(question.corrections), other, question.subject)
    return _NOT
