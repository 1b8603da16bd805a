"""Noun phrases: which words make a field's name, and what the name says of the field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from core.drafting.ontology import Attribute, Entity, listed, ontology

LONGEST = 5
"""Words of a name."""

_TOKEN = re.compile(
    r"\u27e6\d+\u27e7|[A-Za-z][\w\u00c0-\u024f]*(?:[-'][\w\u00c0-\u024f]+)*'?|\d+(?:\.\d+)?|[^\w\s]"
)
_IRREGULAR = {
    "ids": "id",
    "people": "person",
    "children": "child",
    "criteria": "criterion",
    "data": "data",
    "geese": "goose",
    "men": "man",
    "women": "woman",
    "feet": "foot",
    "indices": "index",
    "matrices": "matrix",
    "vertices": "vertex",
    "lives": "life",
    "leaves": "leave",
    "halves": "half",
    "shelves": "shelf",
    "buses": "bus",
    "gases": "gas",
    "lenses": "lens",
    "axes": "axis",
    "movies": "movie",
    "cookies": "cookie",
    "calories": "calorie",
    "ties": "tie",
    "caches": "cache",
    "axles": "axle",
    "houses": "house",
    "warehouses": "warehouse",
    "purchases": "purchase",
    "releases": "release",
    "leases": "lease",
    "licenses": "license",
    "licences": "licence",
    "courses": "course",
    "nurses": "nurse",
    "expenses": "expense",
    "cases": "case",
    "phases": "phase",
    "diagnoses": "diagnosis",
    "analyses": "analysis",
    "databases": "database",
    "doses": "dose",
    "causes": "cause",
    "horses": "horse",
    "responses": "response",
    "pauses": "pause",
    "invoices": "invoice",
    "bases": "base",
    "increases": "increase",
    "uses": "use",
    "noises": "noise",
    "mice": "mouse",
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words of a name, singular and in lower case, and what they say."""

    words: tuple[str, ...]
    attribute: Attribute | None
    head: str = ""
    """The words of the lexicon that it ends in."""
    plural: str = ""
    """The last word as written, where it counts things: `points`."""

    @property
    def name(self) -> str:
        told = (*self.words[:-1], self.plural) if self.plural else self.words
        name = re.sub(r"[^a-z0-9_]+", "_", "_".join(told)).strip("_")
        return name if not name[:1].isdigit() else f"n_{name}"


def tokens(text: str) -> list[str]:
    """Words, numbers, marks and single signs."""
    return _TOKEN.findall(text)


@lru_cache(maxsize=8192)
def singular(word: str) -> str:
    """`statuses` -> `status`, `categories` -> `category`; a word that is none is left."""
    low = word.lower()
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    if (
        low in listed("phrases.kept")
        or len(low) < 4
        or not low.endswith("s")
        or (low.endswith(("ss", "us", "is")) and not low.endswith("uses"))
    ):
        return low
    if low.endswith("ies"):
        return low[:-3] + "y"
    if low.endswith(("sses", "shes", "ches", "xes", "zes", "uses")):
        return low[:-2]
    return low[:-1]


def phrase_of(words: Sequence[str]) -> Phrase | None:
    """The phrase that these words of a text make; None where nothing is left of them."""
    clean = _spelled([word for word in words if word])
    if not clean:
        return None
    clean = clean[-LONGEST:]
    attribute, head = known_as(tuple(clean))
    last = re.split(r"[-_/' ]+", words[-1].lower())[-1]
    open_keys = ontology().attributes.get(last)
    if open_keys is not None and open_keys.kind in ("map", "list"):
        return Phrase((*clean[:-1], last), open_keys, last)
    if (
        last in listed("phrases.periods")
        and len(clean) > 1
        and attribute is not None
        and attribute.kind in ("date", "timestamp", "month", "ordinal")
    ):
        return Phrase(tuple(clean), ontology().attributes["count"], clean[-1], last)
    counts = (
        attribute is not None and attribute.kind == "count" and singular(last) == clean[-1] != last
    )
    return Phrase(tuple(clean), attribute, head, last if counts else "")


def _spelled(words: Sequence[str]) -> list[str]:
    known = ontology()
    spelled: list[str] = []
    for place, word in enumerate(words):
        whole = known.short.get(word.lower(), word.lower())
        parts = [part for part in re.split(r"[-_/' ]+", whole) if part and part != "s"]
        if place == len(words) - 1 and parts:
            parts[-1] = singular(parts[-1])
        for part in parts:
            longer = known.short.get(part, part)
            spelled += longer.split() if part not in ("no",) or spelled else []
    return [
        word for number, word in enumerate(spelled) if number == 0 or word != spelled[number - 1]
    ]


@cache
def known_as(words: tuple[str, ...]) -> tuple[Attribute | None, str]:
    """What the longest tail of the words is by the lexicon; a last participle may be left off."""
    attributes = ontology().attributes
    for start in range(len(words)):
        tail = " ".join(words[start:])
        if tail in attributes:
            return _in_context(words, tail, attributes[tail]), tail
    if len(words) > 1 and words[-1].endswith(_PARTICIPLES):
        return _done(words)
    unit = ontology().units.get(words[-1]) if words else None
    if len(words) > 1 and unit is not None and not unit.money:
        known, head = known_as(words[:-1])
        number = known is not None and known.type in ("number", "integer", "decimal")
        return (known, head) if number else (ontology().attributes["measurement"], words[-1])
    if len(words) > 1 and words[-1] in listed("chunks.sides"):
        return known_as(words[:-1])
    return None, ""


_PARTICIPLES = (
    "ed",
    "sold",
    "paid",
    "spent",
    "left",
    "used",
    "held",
    "sent",
    "read",
    "lost",
    "taken",
    "driven",
    "won",
    "run",
    "written",
)


def _done(words: tuple[str, ...]) -> tuple[Attribute | None, str]:
    """`price paid` is a price, `bytes delivered` count."""
    noun, attributes = singular(words[-2]), ontology().attributes
    known, head = known_as((*words[:-2], noun))
    if (
        noun != words[-2]
        and noun not in ontology().times
        and (known is None or known.type == "string")
    ):
        return attributes["count"], noun
    return known, head


def _in_context(words: tuple[str, ...], tail: str, attribute: Attribute) -> Attribute:
    """`attempt number` counts, `order number` names: the word before tells."""
    known = ontology().attributes
    before = words[len(words) - len(tail.split()) - 1] if len(words) > len(tail.split()) else ""
    if tail == "number" and before in listed("phrases.ordinals"):
        return known["attempt number"]
    if tail == "name" and _person(before):
        return known["full name"]
    if tail in ("address", "location", "position") and before in (
        "ip",
        "mac",
        "memory",
        "web",
        "email",
        "mail",
    ):
        return known.get(f"{before} {tail}", attribute)
    if tail == "version" and before in listed("phrases.software"):
        return known["text"]
    if tail == "rate" and before in ("heart", "interest"):
        return known["heart rate"]
    return attribute


def _person(word: str) -> bool:
    return any(entity.person for entity in ontology().entities.get(word, ())) or word in listed(
        "phrases.people"
    )


def entities_of(words: Sequence[str]) -> tuple[Entity, ...]:
    """Entities whose name the words end in, the longest first found."""
    known = ontology().entities
    for start in range(len(words)):
        tail = " ".join(words[start:])
        if tail in known:
            return known[tail]
    return ()


def is_person(phrase: Phrase) -> bool:
    """Whether the phrase names somebody, or what identifies somebody."""
    known = ontology().attributes
    bare = phrase.words
    if len(bare) > 1 and known.get(bare[-1]) is not None and known[bare[-1]].kind == "identifier":
        bare = bare[:-1]
    return bare[-1] in listed("phrases.people") or any(
        entity.person for entity in entities_of(bare)
    )


def plural_of(phrase: Phrase) -> Phrase:
    """The phrase as the name of many; what the lexicon says of one does not hold of them."""
    last = phrase.words[-1]
    if last.endswith(("s", "ed")):
        many = last
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        many = f"{last[:-1]}ies"
    else:
        many = f"{last}s"
    return Phrase((*phrase.words[:-1], many), None)
