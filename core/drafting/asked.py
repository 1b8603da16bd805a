"""Fields asked for as questions: `whether it was damaged`, `when it was counted`, `how full`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.drafting.ontology import listed, ontology
from core.drafting.phrases import Phrase, phrase_of, singular, tokens


@dataclass(frozen=True, slots=True)
class Question:
    """The field that answers a question; `place` where it asks for a place."""

    phrase: Phrase
    type: str | None = None
    place: bool = False


_WHETHER = re.compile(
    r"^(?:\W|and|also|plus|the|a|an|of|on|information|info)*\b(?:whether|if|flag "
    r"(?:if|when|whether|for|that)|a flag saying)\s+(?P<rest>.+)",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"^(?:\W|and|also|plus|the|exactly|it|at|since|date|time|moment|the (?:time|date|"
    r"moment))*\bwhen\b\s+(?P<rest>.+)",
    re.IGNORECASE,
)
_WHERE = re.compile(r"^(?:\W|and|also|plus|exactly|from|the place)*\bwhere\b", re.IGNORECASE)
_WHO = re.compile(r"^(?:\W|and|also|plus|by|for)*\b(?:who|whom)\b\s*(?P<rest>.*)", re.IGNORECASE)
_HOW_MANY = re.compile(r"\bhow many\s+(?P<rest>.+)", re.IGNORECASE)
_HOW = re.compile(r"\bhow\s+(?P<how>[a-z]+)\b(?P<rest>.*)", re.IGNORECASE)
_WHICH = re.compile(
    r"^(?:\W|[a-z]+ed|and|also|plus|from|in|on|at|by|to)*\b(?:which|what)\s+(?P<rest>.+)",
    re.IGNORECASE,
)
_WHY = re.compile(r"^(?:\W|and|also|plus|for|the|reason|if|so)*\bwhy\b", re.IGNORECASE)
_HOW_DONE = re.compile(
    r"\bhow\s+(?:(?:it|they|the [a-z]+|a [a-z]+|this|that)\s+)(?:is|are|was|were|"
    r"gets|got|has been|had been)\s+(?P<done>[a-z]+(?:ed|id|nt|en|ld|de))\b",
    re.IGNORECASE,
)
_HOWS = {
    "long": "duration",
    "much": "amount",
    "full": "fill level",
    "hot": "temperature",
    "cold": "temperature",
    "warm": "temperature",
    "fast": "speed",
    "far": "distance",
    "old": "age",
    "heavy": "weight",
    "loud": "noise level",
    "bright": "brightness",
    "deep": "depth",
    "high": "height",
    "tall": "height",
    "late": "delay",
    "often": "frequency",
    "sure": "confidence",
    "confident": "confidence",
    "certain": "confidence",
    "likely": "probability",
    "severe": "severity",
    "big": "size",
    "large": "size",
    "strong": "strength",
    "busy": "load",
    "wet": "moisture",
    "humid": "humidity",
    "wide": "width",
    "good": "quality",
    "urgent": "urgency",
    "expensive": "price",
    "satisfied": "satisfaction score",
}


def asked(text: str) -> Question | None:
    """The field that a part of a sentence asks for; None where it asks for none."""
    plain = re.sub(r"\u27e6\d+\u27e7", " ", text).strip()
    if found := _WHEN.search(plain):
        return _moment(found["rest"])
    if found := _HOW_MANY.search(plain):
        words = _content(found["rest"])
        return _question([singular(words[0]), "count"] if words else [], "integer")
    if (found := _HOW.search(plain)) and found["how"].lower() in _HOWS:
        return _measure(found["how"].lower(), found["rest"])
    if (found := _HOW_DONE.search(plain)) and found["done"].lower() not in _HOWS:
        return _question([found["done"], "via"], None)
    if _WHY.search(plain):
        return _question(["reason"], None)
    if found := _WHO.match(plain):
        return _person(found["rest"])
    if _WHERE.search(plain):
        return _question(["location"], None, place=True)
    if found := _WHETHER.search(plain):
        return _flag(found["rest"])
    if found := _WHICH.match(plain):
        words = re.sub(r"^(?:kinds?|types?|sorts?)\s+of\s+(.+)", r"\1 kind", found["rest"]).split()
        cut = next(
            (
                place
                for place, word in enumerate(words)
                if word.lower() in listed("asked.be") or word.lower() in ontology().verbs
            ),
            len(words),
        )
        return _question(words[:cut], None)
    return None


def _question(words: list[str], kind: str | None, place: bool = False) -> Question | None:
    phrase = phrase_of(words[:4])
    return Question(phrase, kind, place) if phrase else None


def _content(text: str) -> list[str]:
    words = [word for word in tokens(text) if word[0].isalpha()]
    return [word for word in words if word.lower() not in listed("asked.be")]


def _moment(rest: str) -> Question | None:
    """`the doors were opened` -> `doors_opened_at`; what merely happens is the event itself."""
    words = [word.lower() for word in _content(rest)]
    if not words or words[0] in listed("asked.happened") or set(words) <= listed("asked.happened"):
        return _question(["event", "time"], "timestamp")
    past = [
        place
        for place, word in enumerate(words)
        if word.endswith(("ed", "es", "ts", "ft", "en", "nt", "s"))
        or word in ("began", "left", "sold", "sent", "paid", "ran", "went", "came")
    ]
    words = words[: past[-1] + 1] if past and past[-1] < 4 else words[:3]
    return _question([*words[-3:], "at"], "timestamp")


def _flag(rest: str) -> Question | None:
    words = [word.lower() for word in _content(rest)]
    if set(words) & listed("asked.agreeing"):
        agreed = (
            ["approved"]
            if not words or words[0] in listed("asked.agreeing")
            else [words[0], "approved"]
        )
        return _question(agreed, "boolean")
    return (
        _question(["is", *words[:3]] if len(words) < 3 else words[:3], "boolean") if words else None
    )


def _person(rest: str) -> Question | None:
    words = [word.lower() for word in _content(rest)]
    verb = next(
        (
            word
            for word in words
            if word.endswith(("ed", "ent", "old", "ought", "ade", "ave", "ne", "s"))
        ),
        None,
    )
    return _question([verb, "by"] if verb else ["person", "id"], "string")


def _measure(how: str, rest: str) -> Question | None:
    words = [word.lower() for word in _content(rest)]
    if how == "much":
        kept = [word for word in words if word not in ontology().verbs][:2]
        return _question(kept or ["amount"], None)
    thing = (
        [singular(words[0])]
        if how == "long"
        and words
        and words[0] not in ontology().verbs
        and not words[0].endswith(("ed", "s"))
        else []
    )
    return _question([*thing, *_HOWS[how].split()], "integer" if how == "long" else None)
