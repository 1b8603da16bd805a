"""What a field's name means: its words with abbreviations undone and synonyms made one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from core.names import parts_of
from core.similarity.lexicon import Lexicon, Phrase, lexicon, root, unspaced

_LONGEST = 3
"""Words of the longest phrase that is looked up."""
_SAID = 0.95
"""How alike names are that only synonyms tell apart."""
_MARKED = 0.8
"""How alike names are that marks, or the schema's own name, tell apart."""
_CUT = 0.7
"""How alike a name and its beginning are: `conf` may be a confidence, `desc` a description."""
_SHORTEST_CUT = 3
_SHARED = 0.85
"""How alike names with some words in common can be at most."""

_WHEN = 0.6
"""How alike names are that both say no more than when it happened: `ts`, `occurred_at`, `date`."""

_EVENT = ("event",)
"""What happened is neither its time nor its id."""

_OWN_ID = ("id",)
"""What an order's `order_number`, `order_code` and `order_id` are alike."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """`spelt` is the name in one spelling; `terms` what it means; `core` that without its marks.

    A mark says only that a value is a moment or a code (`created_at`, `currencyCode`), and the
    schema's own name in front of a field says nothing either (`order.order_total`). `when` is true
    of a name that says no more than when it happened.
    """

    spelt: str
    terms: Phrase
    core: Phrase
    when: bool = False


def likeness(one: Meaning, other: Meaning) -> float:
    """From 0 to 1, by words alone; 1 for the same name however it is spelt."""
    if one.spelt == other.spelt:
        return 1.0
    if one.terms == other.terms:
        return _SAID
    if one.core == other.core:
        return _MARKED
    if cut_short(one, other):
        return _CUT
    shared = _SHARED * max(_dice(one.terms, other.terms), _dice(one.core, other.core))
    return max(shared, _WHEN if one.when and other.when else 0.0)


def cut_short(one: Meaning, other: Meaning) -> bool:
    """Whether one is a word and the other its beginning, as `conf` is of `confidence`."""
    short, long = sorted((one.spelt, other.spelt), key=len)
    words = len(one.terms) == len(other.terms) == 1
    return words and len(short) >= _SHORTEST_CUT and long.startswith(short)


def meaning_of(name: str, owner: str = "", space: str = "") -> Meaning:
    """The meaning of a field called `name` in a schema whose title is `owner` (as words).

    `space` is its vendor or namespace, which some put before a field in short: `sg_event_id`.
    """
    bare = _bare(name)
    core = _core(bare.terms, _roots(owner), space, lexicon())
    return bare if core == bare.core else Meaning(bare.spelt, bare.terms, core, bare.when)


@lru_cache(maxsize=100_000)
def _bare(name: str) -> Meaning:
    """Whoever's it is. Kept apart, since a fleet has few names of fields and many owners."""
    known = lexicon()
    parts = parts_of(name)
    words = [part for word in parts for part in _pieces(word, known)]
    terms = _terms(words, known)
    core = _core(terms, frozenset(), "", known)
    return Meaning("".join(parts) or name, terms, core, _when(terms, known))


@lru_cache(maxsize=10_000)
def _roots(owner: str) -> frozenset[str]:
    return frozenset(root(word) for word in owner.split())


@lru_cache(maxsize=100_000)
def said(name: str) -> str:
    """A name or path as words with abbreviations undone: `shipTo.zip` -> `ship to postcode`."""
    words = [part for word in parts_of(name) for part in _pieces(word, lexicon())]
    return " ".join(words)


def _pieces(word: str, known: Lexicon) -> list[str]:
    """A word's own words: `qty` is quantity; unspaced scripts fall into known terms and signs."""
    if not unspaced(word):
        return list(known.short.get(word, (word,)))
    pieces: list[str] = []
    for place, piece in enumerate(_glyphs().split(word)):
        pieces += [piece] if place % 2 else list(piece)
    return pieces


@cache
def _glyphs() -> re.Pattern[str]:
    return re.compile("(" + "|".join(map(re.escape, lexicon().glyphs)) + ")")


def _terms(words: list[str], known: Lexicon) -> Phrase:
    """Stems, with every known phrase replaced by the one that stands for it."""
    stems = [root(word) for word in words]
    found: list[str] = []
    place = 0
    while place < len(stems):
        longest = min(_LONGEST, len(stems) - place)
        for size in range(longest, 0, -1):
            phrase = tuple(stems[place : place + size])
            if phrase in known.same or size == 1:
                found += known.same.get(phrase, phrase)
                place += size
                break
    return tuple(dict.fromkeys(found))


def _core(terms: Phrase, own: frozenset[str], space: str, known: Lexicon) -> Phrase:
    bare = terms
    while len(bare) > 1 and (bare[0] in own or _initials(bare[0], space)):
        bare = bare[1:]
    if len(bare) < len(terms) and set(bare) <= known.codes:
        return _OWN_ID
    marks = known.moments | known.codes
    while len(bare) > 1 and bare[-1] in marks and bare[:-1] != _EVENT:
        bare = bare[:-1]
    return bare


def _when(terms: Phrase, known: Lexicon) -> bool:
    told = set(terms) - set(_EVENT)
    return bool(told) and told <= known.moments | known.happened


def _dice(one: Phrase, other: Phrase) -> float:
    """Words are said once in a phrase."""
    both = sum(word in other for word in one)
    return 2 * both / (len(one) + len(other)) if both else 0.0


def _initials(word: str, space: str) -> bool:
    """Whether a word is the space in short: two to four of its letters in order, the first too."""
    if not 2 <= len(word) <= 4 or word[0] != space[:1]:
        return False
    rest = iter(space)
    return all(letter in rest for letter in word)
