"""Things that there is a message of each of: `per meter`, `every transaction`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.drafting.ontology import listed, ontology
from core.drafting.phrases import entities_of, phrase_of


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing with the words that say there is a message of each."""

    words: tuple[str, ...]
    says: str
    each: bool
    """Whether `each` or `every` says it, so that one message tells of one thing."""


_EVERY = re.compile(
    r"\b(?P<word>(?:values?|figures?|data|numbers?|totals?|counts?|levels?|"
    r"statistics|readings|results|prices) by|per|each|every|of each|for each|for "
    r"every|of every|for any|after every|after each|one for each|each and "
    r"every)\s+(?:single |individual |new |incoming |given |active |our |one |ranked "
    r"|finished |completed |closed |scheduled )*(?=(?P<name>[A-Za-z][^.;:(),]{0,60}))",
    re.IGNORECASE,
)
_UNIQUE = re.compile(r"\bunique (?:only )?(?:per|within|for each) \w+(?: only)?", re.IGNORECASE)
_ANOTHER = re.compile(r"^\s*(?:and|&|or)\s+(?:per\s+|each\s+|every\s+)?", re.IGNORECASE)
_POSSESSIVES = frozenset({"their", "its", "a", "the", "his", "her", "an"})
"""After these words what seemed a thing was a verb: `each wrote their own`."""
_NAMING = frozenset({"identifier", "personal_document"})


def mentions_in(text: str) -> list[Mention]:
    """In their order: `per SKU and warehouse` are two."""
    found = []
    for match in _EVERY.finditer(_UNIQUE.sub("unique", text)):
        each = "per" not in match["word"].lower()
        taken = _taken(match["name"])
        words = _thing(taken, match["name"].split()[len(taken) : len(taken) + 1])
        if not words:
            continue
        rest = match["name"][len(" ".join(taken)) :]
        says = f"{match['word']} {' '.join(taken)}"
        found.append(Mention(words, says, each))
        if (another := _ANOTHER.match(rest)) and (other := _second(rest[another.end() :])):
            found.append(Mention(other, says, each))
    return found


def _taken(text: str) -> list[str]:
    """The first words of a text: up to a verb, a small word, or a unit."""
    known, kept = ontology(), list[str]()
    for word in text.split():
        low = word.lower().strip("'")
        thing = low in known.entities
        verb = low in known.verbs and low not in known.qualifiers and not thing
        unit = low in known.times or (low in known.units and not thing)
        if low in known.small or low in ("we", "they") or verb or unit:
            break
        kept.append(word)
    return kept


def _thing(kept: list[str], following: list[str]) -> tuple[str, ...]:
    """What the words name: the longest thing of business, else their first two."""
    if not kept or (len(kept) == 1 and kept[0].lower() in listed("mentions.no_things")):
        return ()
    for end in range(len(kept), 0, -1):
        phrase = phrase_of(kept[:end])
        if phrase and entities_of(phrase.words):
            return phrase.words
    phrase = phrase_of(kept[:1] if len(kept) > 1 and kept[1].endswith("s") else kept[:2])
    after = following[0].lower() if following else ""
    if phrase is None or after in _POSSESSIVES or set(phrase.words) & ontology().talk:
        return ()
    return () if phrase.words[-1] in listed("mentions.no_things") else phrase.words


def _second(text: str) -> tuple[str, ...]:
    """A second thing after `and`, which must be one of business or name one."""
    phrase = phrase_of(_taken(text)[:2])
    if phrase is None:
        return ()
    named = phrase.attribute is not None and phrase.attribute.kind in _NAMING
    return phrase.words if named or ontology().entities.get(" ".join(phrase.words)) else ()
