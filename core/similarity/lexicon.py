"""What is known of the words that name fields and topics: data of this folder, read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from core.ranking.names import stem

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Phrase = tuple[str, ...]
"""Stems of words that belong together: `postal code`."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`same` leads from a phrase to the one that stands for all of its meaning."""

    short: Mapping[str, Phrase]
    """Words that are cut short, and the words that they stand for."""
    same: Mapping[Phrase, Phrase]
    glyphs: Mapping[str, Phrase]
    """Terms of scripts without blanks between words, the longest first."""
    moments: frozenset[str]
    happened: frozenset[str]
    """Words beside a moment that say no more than that it is the event's own."""
    codes: frozenset[str]
    generic: frozenset[str]
    environments: frozenset[str]
    regions: frozenset[str]
    domains: frozenset[str]
    happenings: Mapping[str, str]
    """From a stem to the happening that it tells of."""


@cache
def lexicon() -> Lexicon:
    """The built-in one."""
    read = _read()
    lines = [[_phrase(term) for term in line] for line in read["synonyms"]]
    same = {phrase: line[0] for line in lines for phrase in line}
    glyphs = {
        term: phrases[0]
        for line, phrases in zip(read["synonyms"], lines, strict=True)
        for term in line
        if unspaced(term)
    }
    return Lexicon(
        short={word: tuple(full.split()) for word, full in read["abbreviations"].items()},
        same=same,
        glyphs=dict(sorted(glyphs.items(), key=lambda item: -len(item[0]))),
        moments=_stems(read["moments"]),
        happened=_stems(read["happened"]),
        codes=_stems(read["codes"]),
        generic=frozenset(read["generic"].split()),
        environments=frozenset(read["environments"].split()),
        regions=frozenset(read["regions"].split()),
        domains=frozenset(read["domains"]),
        happenings={root(word): line[0] for line in read["happenings"] for word in line},
    )


@lru_cache(maxsize=50_000)
def root(word: str) -> str:
    """A rough English stem, the same for `category` and `categories`, `deliver` and `delivered`."""
    return stem(f"{word[:-3]}y" if word.endswith("ies") and len(word) > 4 else word)


def ends_as_code(words: Sequence[str]) -> bool:
    """Whether a name of these words ends as those of identifiers do: `vendor number`."""
    return bool(words) and root(words[-1]) in lexicon().codes


def unspaced(text: str) -> bool:
    """Whether a text is of a script that puts no blanks between words (Chinese, Japanese)."""
    return any("\u3040" <= character <= "\u9fff" for character in text)


def _phrase(term: str) -> Phrase:
    return tuple(root(word) for word in term.split())


def _stems(terms: Iterable[str]) -> frozenset[str]:
    return frozenset(map(root, terms))


def _read() -> Any:
    text = files("core.similarity").joinpath("lexicon.yaml").read_text("utf-8")
    return yaml.load(text, _LOADER)  # noqa: S506 (a safe loader)
