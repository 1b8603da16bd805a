"""A sentence in parts between commas and conjunctions, and whether each stands in a list of fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from core.drafting.ontology import ontology
from core.drafting.phrases import Phrase, entities_of, phrase_of, singular, tokens


@dataclass(frozen=True, slots=True)
class Segment:
    """`before` is the sign or word that parts it from the one before; `with` opens a list."""

    text: str
    before: str
    listed: bool

    @property
    def joined(self) -> bool:
        return self.before.strip().lower() in ("and", "&", "or", "+")


_PHRASAL = "away deal deals work works do start starts begin begins happy comply line cope struggle agreed ends end fed faced familiar starting beginning"
_INTRODUCERS = re.compile(
    "".join(rf"(?<!\b{word} )" for word in _PHRASAL.split())
    + r"\b(?:with|ha(?:s|ve|ving)|carr(?:y|ies|ying)|contain(?:s|ing)?|includ(?:es?|ing)|consists? of|compris(?:es?|ing)|records?(?! (?:of|for|from|is|are|per|must|older|that|has|have)\b)|"
    r"push(?:es)?|sends?|sending|reports?(?! (?:hourly|daily|weekly|every|once|of|for|is|are|in)\b)|reporting|captur(?:es?|ing)|gives? us|gives?|gets?(?! (?:deleted|purged|dropped))|shows?|"
    r"tells?(?: us)?|holds?|keep|store(?! (?:id|number|code|name)\b)|stores|log|logs|logging|wants?(?: to (?:know|see|have|publish|record|keep|track|log|send))?|needs?(?: to (?:know|see|have|publish|record|keep|track|log|send))?|"
    r"track(?:s|ing)?(?! (?:id|number)\b)|measur(?:es?|ing)|providing|provides?|transmits?|publish(?:es)?|emits?|deliver(?:s|ing)|fields? are|attributes are|like to (?:know|see|have)|interested in|relevant are|"
    r"needed are|of interest are|made up of|logged are|expos(?:es?|ing)|writes? down|notes?(?! (?:that|field)\b)|states?(?= the\b)|adds?|alongside|plus|also|as well|accompanied by|identified by|described by|brings?|"
    r"covers?|covering|covered are|there is|there are|comes? with|arrives? with|each with|we collect|collects?|collecting|registers?|noting)\b",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"with|ha(?:s|ve|ving)|includ|contain|carr|plus|also|consist|compris", re.IGNORECASE
)
_SPLIT = re.compile(
    r"\s*(,|;|:|\.\.\.|\s\band\b|\s\bor\b|\s\bbut\b|\s\bplus\b|\s\bthen\b|\s&\s|\s\+\s|\s-\s)\s*",
    re.IGNORECASE,
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|must|should|can|could|may|might|will|would|shall|need|needs|want|wants|do|does|did|get|gets|goes|go|comes?|runs?|matters?|applies|apply|"
    r"keeps?|sends?|push(?:es)?|reports?|arrives?|publish(?:es)?|we|they|i|you|it)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\b(?:whether|when|where|who|whom|how|which|that|if|what)\b[^,;]*|\u27e6\d+\u27e7",
    re.IGNORECASE,
)
_NAMED_LIST = re.compile(
    r"^\s*(?:[\w' -]{0,60}?\b(?:fields?|attributes?|columns?|payload|header|body|content|contents|schema|properties|values|data points|measurements?|record|each \w+|per \w+|includes?|following|these|are|"
    r"wanted|needed|required|information|details|say|parameters|metrics)\b[\w' ]{0,20}|[A-Za-z' -]{0,40})(?::\s+|\s=\s+)",
    re.IGNORECASE,
)
_PREFIXED = re.compile(r"^\s*(\u27e6\d+\u27e7)\s*:\s*")
"""A trait before its field: `optional: campaign id`."""


def segments_of(text: str, bullet: bool) -> list[Segment]:
    return _distributed(list(_segments(text, bullet)))


def _segments(text: str, bullet: bool) -> Iterator[Segment]:
    for part in text.split(";"):
        if not part.strip():
            continue
        if prefix := _PREFIXED.match(part):
            part = f"{part[prefix.end() :]} {prefix[1]}"
        opened = _NAMED_LIST.match(part)
        start = opened.end() if opened and len(opened[0].split()) < 9 else 0
        if opened and start:
            yield from _pieces(opened[0].rstrip(": ="), ",", False)
        yield from _pieces(
            part[start:], "with" if start else ",", bullet or bool(start) or _is_fragment(part)
        )


def _is_fragment(part: str) -> bool:
    """A list without a finite verb: `order number, article number, condition`."""
    return not _FINITE.search(_ASIDE.sub(" ", part)) and bool(re.search(r",|\band\b|\u27e6", part))


def _pieces(text: str, before: str, listed: bool) -> Iterator[Segment]:
    place = 0
    for found in [*_SPLIT.finditer(text), None]:
        piece = text[place : found.start() if found else len(text)]
        introduced = _INTRODUCERS.search(piece)
        again = (
            introduced is not None
            and bool(_OPENS.match(introduced[0]))
            and len(piece[: introduced.start()].split()) > 3
        )
        if introduced and (not listed or again):
            yield Segment(piece[: introduced.start()].strip(), before, listed)
            yield Segment(piece[introduced.end() :].strip(), "with", True)
            listed = True
        else:
            yield Segment(piece.strip(), before, listed)
        if found is None:
            return
        before, place = found[1], found.end()


def _distributed(segments: list[Segment]) -> list[Segment]:
    """`debtor and creditor IBAN` names two: the first takes the last words of the second."""
    done = list(segments)
    for place, (one, other) in enumerate(pairwise(segments)):
        words, following = _bare(one.text), _bare(other.text)
        if (
            not (other.joined or other.before.strip() == ",")
            or len(words) != 1
            or len(following) < 2
        ):
            continue
        phrase = phrase_of(following)
        if (
            phrase is None
            or phrase.attribute is None
            or not _modifies(words[0].lower(), other.joined)
        ):
            continue
        done[place] = replace(one, text=f"{one.text} {' '.join(_head(phrase, following))}")
    return done


def _head(phrase: Phrase, following: list[str]) -> list[str]:
    size = len(phrase.head.split())
    return following[1:] if size >= len(following) else following[-size:]


def _modifies(word: str, joined: bool) -> bool:
    """Whether a lone word belongs before the head of what follows."""
    known = ontology()
    if word in known.qualifiers:
        return True
    if not joined or word in known.verbs or entities_of([singular(word)]):
        return False
    phrase = phrase_of([word])
    return phrase is not None and phrase.attribute is None


def _bare(text: str) -> list[str]:
    known = ontology()
    return [
        word
        for word in tokens(text)
        if word[0].isalpha() and word.lower() not in known.small - known.qualifiers
    ]
