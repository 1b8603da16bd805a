"""Kinds of events that a description lists: `page views, add-to-carts and checkouts`."""

from __future__ import annotations

import re

from core.drafting.marks import Choice
from core.drafting.ontology import ontology
from core.drafting.phrases import singular

_WORD = r"[A-Za-z][\w'-]*(?:\s+[A-Za-z][\w'-]*){0,2}"
_LIST = re.compile(rf"(?P<list>{_WORD}(?:\s*,\s*{_WORD})*\s*,?\s*\band\b\s*{_WORD})", re.IGNORECASE)
_DEVERBAL = re.compile(r"(?:tions?|sions?|ments?|als|ures?|ups|ins|outs|offs)$")
_ACTS = re.compile(
    r"^(?:\w+\s+)?(?P<who>[A-Za-z]+s)\s+(?P<acts>(?:[a-z-]+\s+[a-z-]+(?:\s+[a-z-]+)?"
    r"\s*,\s*)+(?:and\s+)?[a-z-]+\s+[a-z-]+)\s*$",
    re.IGNORECASE,
)


_CUT = re.compile(
    r"\bwith\b|\blists? of\b|\btheir\b|\bits\b|\bincluding\b|\bper\b|\bcontains?\b|\bha(?:s|ve)\b",
    re.IGNORECASE,
)
"""What comes after is told of the events."""


_WHENEVER = re.compile(
    r"\b(?:every time|each time|whenever|when|once|as soon as|an event (?:if|"
    r"when))\s+(?:we|they|you|users?|customers?|people|somebody|someone|an? [a-z]+|"
    r"the [a-z]+)\s+"
    r"(?P<list>(?:[a-z]+,\s*)*[a-z]+,?\s+or\s+[a-z]+)\s+(?:an?|the|our|their|some|one|it|them)\b",
    re.IGNORECASE,
)


def kinds_of_events(text: str) -> Choice | None:
    """The kinds, in the singular, where a first sentence lists what happens."""
    if whenever := _WHENEVER.search(text):
        told = re.split(r"\s*,\s*(?:or\s+)?|\s+or\s+", whenever["list"])
        return Choice(tuple(told), whenever[0])
    text = _CUT.split(text)[0]
    if acts := _ACTS.match(text):
        values = [_act(part) for part in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", acts["acts"])]
        if len(values) > 1 and all(values):
            return Choice(tuple(values), acts["acts"])
    for found in _LIST.finditer(text):
        parts = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", found["list"])
        alone = not text[: found.start()].strip() and len(parts) > 1
        last = len(parts) - 1
        names = [_happening(part, place == last, alone) for place, part in enumerate(parts)]
        kept = _longest_run(names)
        if len(kept) > 1:
            return Choice(tuple(kept), found["list"])
    return None


def _longest_run(names: list[str | None]) -> list[str]:
    run: list[str] = []
    best: list[str] = []
    for name in names:
        run = [*run, name] if name else []
        best = max(best, run, key=len)
    return list(dict.fromkeys(best))


def _happening(part: str, last: bool, alone: bool) -> str | None:
    """The happening that a part ends in, or begins with where it is the last of its list."""
    words = [
        word for word in part.lower().split() if word not in ("the", "a", "an", "all", "every")
    ]
    for size in (3, 2, 1):
        tail = words[:size] if last else words[-size:]
        name = " ".join([*tail[:-1], singular(tail[-1])]) if tail else ""
        plural = bool(tail) and tail[-1].endswith("s")
        if len(tail) == size and (plural or alone) and name in ontology().happenings:
            return name
    tail = words[:1] if last else words[-1:]
    return (
        singular(tail[0])
        if tail and _DEVERBAL.search(tail[0]) and tail[0].endswith("s") and len(tail[0]) > 6
        else None
    )


def _act(part: str) -> str:
    """`start quizzes` -> `quiz started`: what was done to what."""
    words = part.lower().split()
    if len(words) < 2 or words[0] in ontology().small:
        return ""
    verb = words[0].removesuffix("e")
    return f"{singular(words[-1])} {_past(verb)}"


def _past(verb: str) -> str:
    irregular = {
        "get": "received",
        "buy": "bought",
        "leav": "left",
        "send": "sent",
        "giv": "given",
        "tak": "taken",
        "pay": "paid",
        "mak": "made",
        "los": "lost",
        "win": "won",
        "sell": "sold",
        "writ": "written",
    }
    if verb in irregular:
        return irregular[verb]
    return f"{verb[:-1]}ied" if verb.endswith("y") and verb[-2] not in "aeiou" else f"{verb}ed"
