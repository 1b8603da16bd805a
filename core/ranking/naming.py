"""How a query matches a source's name, and what that is worth in the ranking."""

from __future__ import annotations

from enum import StrEnum

from core.ranking.names import words

SHORTEST = 3
"""Characters below which a fragment of a name says nothing."""


class NameMatch(StrEnum):
    """Strongest first. `SAME` is the name in another spelling: case, dashes, camel."""

    EXACT = "exact"
    SAME = "same"
    PREFIX = "prefix"
    WORDS = "words"
    INSIDE = "inside"
    NONE = "none"


BONUS = {
    NameMatch.EXACT: 1000.0,
    NameMatch.SAME: 500.0,
    NameMatch.PREFIX: 3.0,
    NameMatch.WORDS: 1.5,
    NameMatch.INSIDE: 1.5,
    NameMatch.NONE: 0.0,
}
"""In spreads of the similarity; an exact name comes first whatever else is found."""


def name_match(query: str, query_key: str, name: str, name_key: str) -> NameMatch:
    """The strongest way in which `query` is `name`, or a part of it."""
    if query == name:
        return NameMatch.EXACT
    if query_key and query_key == name_key:
        return NameMatch.SAME
    if len(query_key) < SHORTEST:
        return NameMatch.NONE
    if name_key.startswith(query_key):
        return NameMatch.PREFIX
    if query_key in name_key:
        wanted = words(query)
        return NameMatch.WORDS if set(wanted) <= set(words(name)) else NameMatch.INSIDE
    return NameMatch.NONE


def distance(left: str, right: str, limit: int) -> int:
    """Edits (insert, delete, replace, swap neighbours) between words, counted to limit + 1."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(right) + 1))
    for row, a in enumerate(left, 1):
        here = [row]
        for column, b in enumerate(right, 1):
            cost = min(last[column] + 1, here[-1] + 1, last[column - 1] + (a != b))
            if row > 1 and column > 1 and a == right[column - 2] and left[row - 2] == b:
                cost = min(cost, before[column - 2] + 1)
            here.append(cost)
        before, last = last, here
    return min(last[-1], limit + 1)


def swapped(word: str) -> list[str]:
    """The word with each pair of neighbouring letters changed over."""
    return [
        word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        for place in range(len(word) - 1)
    ]
