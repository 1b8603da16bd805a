"""How a query matches a source's name, and what that is worth in the ranking."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

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


@lru_cache(maxsize=50_000)
def leaf_key(name: str) -> str:
    """`prod.procurement.supplier-master.v1` and `prod-supplier-master` -> suppliermaster."""
    told = leaf(name).split() if _PART.search(name) else words(name)
    first = 1 if len(told) > 1 and told[0] in _ENVIRONMENTS else 0
    return "".join(told[first:])


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
    if name_key.startswith(query_key) or leaf_key(name).startswith(query_key):
        return NameMatch.PREFIX
    return NameMatch.WORDS if words_of(name).issuperset(words(query)) else NameMatch.INSIDE


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
