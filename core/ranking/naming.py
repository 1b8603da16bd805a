"""How a query matches a source's name, and what that is worth in the ranking."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate

from core.ranking.names import key, leaf, words

SHORTEST = 3
"""Characters below which a fragment of a name says nothing."""
GENERIC = frozenset(
    words(
        "data dataset datasets event events feed feeds info information message messages record "
        "records stream streams topic topics"
    )
)
"""Words that any catalog entry could be called: at the end of a question they tell nothing."""
_ENVIRONMENTS = frozenset(
    words(
        "dev development int integration live local preprod prod production qa sandbox stage "
        "staging test testing uat"
    )
)
_PART = re.compile(r"[./:]")


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


STRENGTH = {match: len(BONUS) - place for place, match in enumerate(BONUS)}
"""Higher is stronger."""


# A question is matched with every candidate's names, and few of those have it in them: only then
# are a name's parts looked at.
key_of = lru_cache(maxsize=200_000)(key)


@lru_cache(maxsize=50_000)
def words_of(name: str) -> frozenset[str]:
    return frozenset(words(name))


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name written together; `marks` are the places between its words, both ends included."""

    key: str
    marks: frozenset[int]

    def places(self, asked: Spelling) -> Iterator[int]:
        """Where `asked` can be read: its words end where the name's do, or it is part of one.

        `flights` is no part of `flight-scores`, though the letters are.
        """
        start = self.key.find(asked.key)
        while start >= 0:
            end = start + len(asked.key)
            inside = {mark - start for mark in self.marks if start < mark < end}
            if {start, end} <= self.marks or inside == asked.marks - {0, len(asked.key)}:
                yield start
            start = self.key.find(asked.key, start + 1)


def spelling_of(told: Sequence[str]) -> Spelling:
    return Spelling("".join(told), frozenset(accumulate(map(len, told), initial=0)))


@lru_cache(maxsize=50_000)
def _whole(name: str) -> Spelling:
    return spelling_of(words(name))


@lru_cache(maxsize=50_000)
def _telling(name: str) -> Spelling:
    """`prod.procurement.supplier-master.v1` and `prod-supplier-master` -> supplier, master."""
    told = leaf(name).split() if _PART.search(name) else words(name)
    first = 1 if len(told) > 1 and told[0] in _ENVIRONMENTS else 0
    return spelling_of(told[first:])


def name_match(query: str, query_key: str, name: str) -> NameMatch:
    """The strongest way in which `query` is `name`, or a part of it.

    A name begins with the query also where a dotted namespace or an environment stands before it.
    """
    if query == name:
        return NameMatch.EXACT
    name_key = key_of(name)
    if not query_key or query_key not in name_key:
        return NameMatch.NONE
    if query_key == name_key:
        return NameMatch.SAME
    if len(query_key) < SHORTEST:
        return NameMatch.NONE
    return _part(query, name)


def _part(query: str, name: str) -> NameMatch:
    asked = _whole(query)
    found = set(_whole(name).places(asked))
    if 0 in found or 0 in set(_telling(name).places(asked)):
        return NameMatch.PREFIX
    if words_of(name).issuperset(words(query)):
        return NameMatch.WORDS
    return NameMatch.INSIDE if found else NameMatch.NONE


def subject(asked: Sequence[str]) -> Sequence[str]:
    """The words without generic ones at their end: `supplier data` -> supplier.

    All of them where nothing else is left.
    """
    last = len(asked)
    while last and asked[last - 1].lower() in GENERIC:
        last -= 1
    return asked[:last] or asked


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
