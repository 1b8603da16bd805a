"""Nouns of other languages in English, for a search whose embeddings know little else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_WORD = re.compile(r"[^\W\d_]+")


def in_english(text: str, glossary: Mapping[str, Sequence[str]]) -> str:
    """The English nouns of a text of another language; the text itself where it has none."""
    found: list[str] = []
    for word in _WORD.findall(text.lower()):
        found += _nouns(word, glossary)
    return " ".join(dict.fromkeys(found)) if set(found) - {"data"} else text


def _nouns(word: str, glossary: Mapping[str, Sequence[str]]) -> list[str]:
    """The nouns of a word that begins with one, in their order within the compound."""
    if not any(word.startswith(stem) for stems in glossary.values() for stem in stems):
        return []
    places = [
        (word.find(stem), noun)
        for noun, stems in glossary.items()
        for stem in stems
        if stem in word
    ]
    return [noun for _, noun in sorted(places)]
