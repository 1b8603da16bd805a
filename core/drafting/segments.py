"""A sentence between commas and conjunctions, and whether each part stands in a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from core.drafting.ontology import listed, ontology
from core.drafting.phrases import Phrase, entities_of, phrase_of, singular, tokens


@dataclass(frozen=True, slots=True)
class Segment:
    """`before` is the sign or word that parts it from the one before; `with` opens a list."""

    text: str
    before: str
    listed: bool
    sure: bool = False
    """Whether a colon, a bullet or the lack of a verb makes a list of it."""
    shares: bool = False
    """Whether it took its last words from the next."""
    opening: bool = False
    """Whether a sentence that is no item of a list begins with it."""

    @property
    def joined(self) -> bool:
        return self.before.strip().lower() in ("and", "&", "or", "+")


_PHRASAL = (
    "away deal deals work works do start starts begin begins happy comply line cope "
    "struggle agreed ends end fed faced familiar starting beginning the a an"
)
_INTRODUCERS = re.compile(
    "".join(rf"(?<!\b{word} )" for word in _PHRASAL.split())
    + r"\b(?:with|ha(?:s|ve|ving)|carr(?:y|ies|ying)|contain(?:s|ing)?|includ(?:es?|"
    r"ing)|consists? of|compris(?:es?|ing)|records?(?! (?:of|for|from|is|are|per|"
    r"must|older|that|has|have)\b)|"
    r"push(?:es)?|sends?|sending|reports?(?! (?:hourly|daily|weekly|every|once|of|"
    r"for|is|are|in)\b)|reporting|captur(?:es?|ing)|gives? us|gives?|gets?(?! "
    r"(?:deleted|purged|dropped))|shows?|"
    r"tells?(?: us)?|holds?|keep|store(?! (?:id|number|code|name)\b)|stores|log|logs|"
    r"logging|wants?(?: to (?:know|see|have|publish|record|keep|track|log|send))?|"
    r"needs?(?: to (?:know|see|have|publish|record|keep|track|log|send))?|"
    r"track(?:s|ing)?(?! (?:id|number)\b)|measur(?:es?|ing)|providing|provides?|"
    r"transmits?|publish(?:es)?|emits?|deliver(?:s|ing)|fields? are|attributes are|"
    r"like to (?:know|see|have)|interested in|relevant are|(?:'d|would) like(?! "
    r"to\b)|"
    r"needed are|of interest are|made up of|logged are|expos(?:es?|ing)|writes? down|"
    r"notes?(?! (?:that|field)\b)|states?(?= the\b)|adds?|alongside|plus|also|as "
    r"well|accompanied by|identified by|described by|brings?|"
    r"covers?|covering|covered are|there is|there are|comes? with|arrives? with|each "
    r"with|we collect|collects?|collecting|registers?|noting|treat|consider|regard|"
    r"mark|names?(?= (?:the|a|an)\b)|(?:says?|tells?|saying|telling)(?= (?:if|"
    r"whether|how|when|which|who|what)\b))\b",
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
    r"(?<![\w-])(?:carr(?:y|ies)|contains?|includes?|is|are|was|were|has|have|had|must|"
    r"should|can|could|may|might|will|would|shall|need|needs|want|wants|do|does|did|"
    r"get|gets|goes|go|comes?|runs?|matters?|applies|apply|"
    r"keeps?|sends?|push(?:es)?|reports?(?! (?:id|number|type|code|date))|arrives?|"
    r"publish(?:es)?|we|they|i|you|it)(?![\w-])",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\b(?:whether|when|where|who|whom|how|which|that|if|what)\b[^,;]*|\u27e6\d+\u27e7",
    re.IGNORECASE,
)
_NAMED_LIST = re.compile(
    r"^\s*(?:[\w' -]{0,60}?\b(?:fields?|attributes?|columns?|payload|header|body|"
    r"content|contents|schema|properties|values|data points|measurements?|record|"
    r"each \w+|per \w+|includes?|following|these|are|"
    r"wanted|needed|required|information|details|say|parameters|metrics)\b[\w' "
    r"]{0,20}|[A-Za-z' -]{0,40})(?::\s+|\s=\s+)",
    re.IGNORECASE,
)
_NOUN_AFTER = re.compile(
    r"\s*(?:\u27e6|$|(?:ids?|number|name|code|type|status|level|count|date|time|flag|value)\b)",
    re.IGNORECASE,
)
"""After these a word that opens lists elsewhere is part of a name: `show id`."""
_LONGEST_NAME = 4
_PREFIXED = re.compile(r"(\u27e6\d+\u27e7)\s*:\s*(?!\s*\u27e6)")
"""A trait before its field: `optional: campaign id`."""
_COLON_MARK = re.compile(r"\s*:\s*(?=\u27e6\d+\u27e7\s*(?:[,;\u27e6]|$))")
"""`Pressure: 0 to 120` names no list."""


def _prefixed(part: str) -> str:
    """A trait before a colon holds of everything after it."""
    found = _PREFIXED.search(part)
    if found is None:
        return part
    pieces = re.split(r"(\s*,\s*(?:and\s+)?|\s+and\s+)", part[found.end() :])
    said = "".join(
        piece if number % 2 else f"{piece} {found[1]}" for number, piece in enumerate(pieces)
    )
    return f"{part[: found.start()]} ; {said}" if found.start() else said


def segments_of(text: str, bullet: bool, lone: bool = True) -> list[Segment]:
    """`lone` says whether a part that is but a name is a list of one."""
    found = _distributed(list(_segments(text, bullet, lone)))
    return [replace(found[0], opening=not bullet), *found[1:]] if found else []


def _segments(text: str, bullet: bool, lone: bool) -> Iterator[Segment]:
    for part in text.split(";"):
        if not part.strip():
            continue
        part = _COLON_MARK.sub(" ", _prefixed(part))
        head, rest = _opened(part)
        sure = bullet or bool(head) or _is_fragment(rest) or (lone and _is_name(rest))
        if head:
            yield from (
                Segment(piece.strip(), ",", False) for piece in re.split(r",|\band\b", head)
            )
        yield from _pieces(rest, "with" if head else ",", sure, sure)


def _opened(part: str) -> tuple[str, str]:
    """What stands before a colon that opens a list, and the list; the whole where none does."""
    opened = _NAMED_LIST.match(part)
    if opened and len(opened[0].split()) < 9:
        return opened[0].rstrip(": =") or " ", part[opened.end() :]
    head, colon, rest = part.partition(": ")
    if colon and len(_SPLIT.findall(rest)) > 1 and not _FINITE.search(_ASIDE.sub(" ", rest)):
        return head, rest
    return "", part


def _is_fragment(part: str) -> bool:
    """A list without a finite verb: `order number, article number, condition`."""
    if _FINITE.search(_ASIDE.sub(" ", part)):
        return False
    return bool(re.search(r",|\band\b|\u27e6", part))


def _is_name(part: str) -> bool:
    """Whether a part is but the name of a field, as between semicolons."""
    words = part.split()
    phrase = phrase_of(words) if 0 < len(words) <= _LONGEST_NAME else None
    if phrase is None or any(word.lower() in ontology().small for word in words):
        return False
    return phrase.attribute is not None or bool(entities_of([" ".join(phrase.words)]))


def _pieces(text: str, before: str, listed: bool, sure: bool) -> Iterator[Segment]:
    place = 0
    for found in [*_SPLIT.finditer(text), None]:
        piece = text[place : found.start() if found else len(text)]
        introduced = _INTRODUCERS.search(piece)
        again = introduced is not None and _opens_again(piece, introduced)
        if (
            introduced
            and listed
            and not introduced.start()
            and not _NOUN_AFTER.match(piece, introduced.end())
        ):
            yield Segment(piece[introduced.end() :].strip(), "with", True, sure)
            introduced, again, piece = None, False, ""
        if (
            introduced
            and _NOUN_AFTER.match(piece, introduced.end())
            and not introduced[0].lower().startswith(("with", "plus", "also"))
        ):
            introduced = None
        if introduced and (not listed or again):
            yield Segment(piece[: introduced.start()].strip(), before, listed, sure)
            yield Segment(piece[introduced.end() :].strip(), "with", True, sure)
            listed = True
        elif piece:
            yield Segment(piece.strip(), before, listed, sure)
        if found is None:
            return
        before, place = found[1], found.end()


def _opens_again(piece: str, introduced: re.Match[str]) -> bool:
    """Whether a list within a list begins: `with` after more words than a name has."""
    return bool(_OPENS.match(introduced[0])) and len(piece[: introduced.start()].split()) > 3


def _distributed(segments: list[Segment]) -> list[Segment]:
    """`debtor and creditor IBAN` names two: the first takes the last words of the second."""
    done = list(segments)
    for place, (one, other) in enumerate(pairwise(segments)):
        words, following = _bare(one.text), _bare(other.text)
        follows = other.joined or other.before.strip() == ","
        if not follows or len(words) != 1 or len(following) < 2:
            continue
        phrase = phrase_of(following)
        if phrase is None or phrase.attribute is None:
            continue
        alone = phrase_of(words)
        known = alone is not None and alone.attribute is not None
        if _are_pair(words[0], following[0]) or (
            _modifies(words[0].lower(), other.joined) and not known
        ):
            head = " ".join(_head(phrase, following))
            done[place] = replace(one, text=f"{one.text} {head}", shares=True)
    return done


def _are_pair(one: str, other: str) -> bool:
    return f"{one}/{other}".lower() in listed("segments.pairs")


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
