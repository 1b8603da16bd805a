"""Brackets: what stands in one is said of the field before it, or names what that is made of."""

from __future__ import annotations

import re

from core.drafting.bounds import mark_bounds
from core.drafting.choices import choice_of, mark_choices
from core.drafting.forms import form_of, mark_forms
from core.drafting.marks import Choice, Marked, Members, is_place
from core.drafting.ontology import ontology
from core.drafting.phrases import tokens
from core.drafting.traits import mark_traits
from core.drafting.units import unit_of
from core.drafting.value_lists import are_fields, values_of

_BRACKET = re.compile(r"\(([^()]*)\)|\[([^\[\]]*(?:[A-Za-z]|,[^\[\]]*,)[^\[\]]*)\]|\{([^{}]*)\}")
_OPENING = re.compile(
    r"^(?:that is|namely|so|hence|currently|for now|mostly|usually|one of|either|values?:?|"
    r"possible values:?|for example)\s+(?=\S)",
    re.IGNORECASE,
)
_WORDS = 3
"""Of a value in square brackets."""


def mark_brackets(marked: Marked) -> None:
    """The content of each bracket as marks, or as members where it lists fields."""
    while found := _BRACKET.search(marked.text):
        content = next(part for part in found.groups() if part is not None)
        values = _values(found[0][0], content)
        placed = marked.place(values) if values else _bracket(marked, content)
        marked.text = marked.text[: found.start()] + placed + marked.text[found.end() :]
    marked.tidy()


def _values(opening: str, content: str) -> Choice | None:
    """Square and curly brackets list values, whatever these are called."""
    parts = [part.strip() for part in re.split(r"[,|/]", content) if part.strip()]
    short = all(len(part.split()) <= _WORDS for part in parts)
    return (
        Choice(tuple(parts), content.strip())
        if opening in "[{" and len(parts) > 1 and short
        else None
    )


def _bracket(marked: Marked, content: str) -> str:
    inner = _OPENING.sub("", content.strip())
    if whole := unit_of(inner) or form_of(inner):
        return marked.place(whole)
    if not _has_words(inner) and (choice := choice_of(inner)):
        return marked.place(choice)
    part, count = Marked(inner, marked.marks), len(marked.marks)
    mark_bounds(part)
    mark_traits(part)
    if not _has_words(part.text):
        return _places(part.text)
    if len(marked.marks) == count and (choice := choice_of(inner)):
        return marked.place(choice)
    return _mixed(part, count)


def _mixed(part: Marked, count: int) -> str:
    """A bracket of several remarks, or of fields."""
    mark_forms(part)
    mark_traits(part)
    part.text = ",".join(_unit_or(part, item) for item in part.text.split(","))
    told = len(part.marks) > count
    if not _has_words(part.text) or (told and len(values_of(part.text)) < 2):
        return _places(part.text)
    items = values_of(re.sub(r"\u27e6\d+\u27e7", "", part.text))
    if len(items) > 1 and are_fields(items):
        return part.place(Members(part.text))
    mark_choices(part)
    return _places(part.text)


def _unit_or(part: Marked, item: str) -> str:
    unit = unit_of(item)
    return part.place(unit) if unit else item


def _places(text: str) -> str:
    return f" {' '.join(token for token in text.split() if is_place(token))} "


def _has_words(text: str) -> bool:
    words = (token for token in tokens(text) if not is_place(token))
    return any(word[0].isalnum() and word.lower() not in ontology().small for word in words)
