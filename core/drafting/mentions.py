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
    r"|finished |completed |closed |scheduled )*"
    r"(?P<name>[A-Za-z][\w'-]*(?:\s+[A-Za-z][\w'-]*){0,3})(?P<more>(?:,\s*(?:per\s+|"
    r"each\s+)?[a-z][\w'-]*){0,2}\s+(?:and|&)\s+(?:per\s+|"
    r"each\s+)?(?P<other>[A-Za-z][\w'-]*(?:\s+(?:id|number|code))?))?",
    re.IGNORECASE,
)


def mentions_in(text: str) -> list[Mention]:
    found = []
    for match in _EVERY.finditer(text):
        for name in (match["name"], match["other"]):
            if words := _thing(name or ""):
                found.append(Mention(words, match[0], "per" not in match["word"].lower()))
    return found


def _thing(text: str) -> tuple[str, ...]:
    """The thing's words at the start of a text: up to a verb, a small word, or a unit of time."""
    known, kept = ontology(), []
    following = ""
    for word in text.split():
        following = word.lower()
        low = word.lower().strip("'")
        verb = low in known.verbs and low not in known.qualifiers and low not in known.entities
        if (
            low in known.small
            or low in ("we", "they")
            or verb
            or low in known.times
            or low in known.units
        ):
            break
        kept.append(low)
    if not kept or (len(kept) == 1 and kept[0] in listed("mentions.no_things")):
        return ()
    for end in range(len(kept), 0, -1):
        phrase = phrase_of(kept[:end])
        if phrase and entities_of(phrase.words):
            return phrase.words
    phrase = phrase_of(kept[:1] if len(kept) > 1 and kept[1].endswith("s") else kept[:2])
    if (
        phrase is None
        or following in ("their", "its", "a", "the", "his", "her", "an")
        or phrase.words[-1] in listed("mentions.no_things")
        or set(phrase.words) & known.talk
    ):
        return ()
    return phrase.words
