"""Lists of records in a sentence: `containers, each with container number and weight`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.drafting.ontology import listed, ontology
from core.drafting.phrases import Phrase, entities_of, phrase_of, plural_of, singular


@dataclass(frozen=True, slots=True)
class Nested:
    """The list's name, the text that names its members, and where it stands."""

    phrase: Phrase
    members: str
    start: int
    end: int


_NESTED = re.compile(
    r"(?P<lead>\b(?:a |the |its |all |their )?(?:lists?|arrays?|collections?|series|"
    r"sets?) of\s+|\b(?:one or more|1 or more|several|multiple|any number of|many|"
    r"various|including|with|the|its|all|up to \d+|contains?|and|"
    r"has|have|,|^|individual|repeated|nested)\s+)"
    r"(?P<name>(?:[A-Za-z-]+\s+){0,2}?[A-Za-z-]+s)\s*(?P<link>,?\s*(?:\beach (?:one |"
    r"of them |of which )?(?:with|having|carrying|consisting of|containing|has|has "
    r"its|giving|showing|contains|made of|comprising|of)|"
    r"\b(?:every|each) (?:line|item|one|entry|row|position|leg|element|stop|part|"
    r"step) (?:has|with|contains|carries|having|consists of|shows|giving|being|is)|"
    r"\bwith (?:their|its|his|her|the)\b|\bof which each has|\bconsisting of|\bmade "
    r"(?:up )?of)\s*:?\s+|:\s+)"
    r"(?P<members>[^;.]+)",
    re.IGNORECASE,
)
_LISTS = re.compile(
    r"\b(?:lists?|arrays?|collections?|series|sets?|more|several|multiple)\b", re.IGNORECASE
)


def nested_in(text: str) -> Nested | None:
    """The first list of records of a text."""
    for found in _NESTED.finditer(text):
        words = [word for word in found["name"].split() if word.lower() not in ontology().small]
        phrase = phrase_of(words)
        if phrase is not None and _is_list(found):
            return Nested(plural_of(phrase), found["members"], found.start(), found.end())
    return None


def _is_list(found: re.Match[str]) -> bool:
    last, link = singular(found["name"].split()[-1]), found["link"].strip().lower()
    if link.startswith("with ") and not _LISTS.search(found["lead"]):
        return False
    if _LISTS.search(found["lead"]):
        return True
    if last in listed("nesting.containers") and (link != ":" or len(found["name"].split()) > 1):
        return True
    return "each" in link and last not in ontology().talk and not entities_of([last])
