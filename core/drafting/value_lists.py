"""What lists of values look like, and what is said before one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from core.drafting.ontology import listed, ontology
from core.drafting.phrases import Phrase, known_as, phrase_of, singular, tokens

MOST = 24
"""Values of a list; a longer one is prose."""
TWO = 2

SEPARATOR = r"\s*(?:,|/|\||;)\s*"
_SENTENCE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|so|must|can|will|be|allowed|because|it|they|we)\b",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^(?:either|one of|an?|the|is|are|as|of|(?:can|may|must|could|will|should)(?: "
    r"only)? be|be|always|only|in|values?|possible)\s+",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:an?|the|either|one of|possible|values?)\s+", re.IGNORECASE)
_TRAILING = re.compile(r"\s+(?:respectively|only|etc|please|please\.)$", re.IGNORECASE)


def values_of(text: str) -> list[str]:
    """The items of a list, without quotes and articles."""
    items = re.split(
        rf"{SEPARATOR}(?:or\s+|and\s+)?|\s+(?:or|and)\s+(?:else\s+)?",
        text.strip().strip(":").strip(),
    )
    cleaned = [_value(item, first=place == 0) for place, item in enumerate(items)]
    return list(dict.fromkeys(item for item in cleaned if item))


def _value(item: str, first: bool) -> str:
    item = re.sub(r"\u27e6\d+\u27e7", "", item).strip().strip("\"'").strip()
    leading = _LEADING if first else _ARTICLE
    while (shorter := leading.sub("", item)) != item:
        item = shorter
    return _TRAILING.sub("", item).strip("\"'. ")


def are_fields(items: Sequence[str]) -> bool:
    """Whether most items of a list are names of fields by the lexicon."""
    return sum(map(_telling, items)) > len(items) / 2


def _telling(item: str) -> float:
    """How much an item looks like the name of a field: 1 is surely, 0 not at all."""
    words = [word for word in tokens(item) if word[0].isalpha()]
    phrase = phrase_of(words) if words else None
    if phrase is None or "_" in item or " ".join(phrase.words) in listed("choices.grades"):
        return 0
    if phrase.attribute is not None and (
        len(phrase.words) > 1 or phrase.attribute.kind not in listed("choices.value_like")
    ):
        return 1
    return _THING if _is_thing(phrase) and item[:1].islower() else 0


_THING = 0.4
"""A thing of business is a field, or the value of one that tells kinds of things."""


def _is_thing(phrase: Phrase) -> bool:
    return len(phrase.words) == 1 and phrase.words[-1] in ontology().entities


def are_values(values: Sequence[str]) -> bool:
    talk = sum(bool(_SENTENCE.search(value)) for value in values)
    if (
        not TWO <= len(values) <= MOST
        or any(len(value.split()) > 4 for value in values)
        or talk > len(values) / 3
    ):
        return False
    return not are_fields(values)


def are_mostly_known(values: Sequence[str]) -> bool:
    """Whether words that name fields or things of business are among the items."""
    known = [
        v
        for v in values
        if known_as((singular(v.lower()),))[0] is not None or singular(v) in ontology().entities
    ]
    return len(known) * 3 >= len(values)


def are_numbers(values: Sequence[str]) -> bool:
    return all(re.fullmatch(r"[-+]?\d+(?:\.\d+)?", value) for value in values)


_VALUED = frozenset({"status", "currency", "country", "characteristic", "language", "flag"})
"""Kinds of attributes whose values are listed."""


def head_before(before: str) -> str | None:
    """`enum` where the words before end in what has values, `noun` for another noun, else None."""
    bare = re.sub(r"\u27e6\d+\u27e7", "", before).strip()
    words = [word for word in re.split(r"[\s(]+", bare) if word][-4:]
    if not words or words[-1].endswith((",", ";", ":", ".")):
        return None
    links = (at for at, word in enumerate(words) if word.lower() in ("of", "for") and at)
    of = next(links, None)
    for part in (words[:of] if of else [], words):
        kind = _kind_of(part)
        if kind in _VALUED:
            return "enum"
        if kind in ("text", "identifier"):
            return "noun"
    last = words[-1].lower()
    return None if last in ontology().small or last in ontology().verbs else "noun"


def _kind_of(words: Sequence[str]) -> str:
    bare = tuple(singular(word.strip("\"'")) for word in words if word[0].isalpha())
    attribute, _ = known_as(bare)
    return attribute.kind if attribute else ""


def head_inside(listed_text: str) -> int | None:
    """Where the values of `status open, closed or lost` begin: after what has values."""
    words = re.split(r"[,/|]|\sor\s", listed_text)[0].split()
    place = 0
    for number, word in enumerate(words[:-1]):
        place = listed_text.index(word, place) + len(word)
        counted = number > 0 and words[number - 1].lower() in ("per", "each")
        two = f"{words[number - 1]} {singular(word)}".lower() if number else ""
        if (singular(word) in enum_heads() or _is_valued(two)) and not counted:
            return len(listed_text) - len(listed_text[place:].lstrip())
    return None


def _is_valued(name: str) -> bool:
    attribute = ontology().attributes.get(name)
    return attribute is not None and attribute.kind in _VALUED


@cache
def enum_heads() -> frozenset[str]:
    kinds = ("status", "currency", "characteristic")
    return frozenset(
        head
        for head, attribute in ontology().attributes.items()
        if attribute.kind in kinds and " " not in head
    ) - listed("choices.no_heads")
