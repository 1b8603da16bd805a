"""The offline model's reading of a wish for a product: its name, its owner, its description."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.models.offline.model import Call, Turn
from graph.product_ask import ProductAsk

_REFERENCE = r"(?:group|user):[a-z0-9_-]+/[\w.-]+"
_TEAM = rf"{_REFERENCE}|[\w-]+(?:[ ](?!team\b)[\w-]+)?[ -](?:team|squad|group)\b"
_OWNERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:owned|run|maintained|kept) by (?:the |our )?({_TEAM}|[\w.-]+)",
        rf"\bowner(?:ship)?(?: (?:is|will be|shall be|should be|to))?\s*[:=]?\s*(?:the |our )?"
        rf"({_TEAM}|[\w.-]+)",
        rf"\b(?:belongs? to|for|on behalf of|under|of) (?:the |our )?({_TEAM})",
        rf"\b(?:the |our )?({_TEAM})\s+(?:owns|will own|shall own|is the owner|is responsible)",
        rf"\b({_REFERENCE})",
    )
)
_BARE = re.compile(
    rf"^\W*(?:(?:it['’]?s|its|that['’]?s|make it|use|take|put|please|yes|ok|the owner is|owner|by"
    rf"|we|us|should be|belongs to|let)[\s:,]+)*(?:the |our )?({_TEAM}|[\w-]+)"
    r"(?:\s+(?:please|owns it|own it|will own it|thanks|then))*\W*$",
    re.IGNORECASE,
)
_NO_TEAM = re.compile(
    r"it|them|us|me|this|that|no|none|nobody|yes|ok|okay|what|cancel|stop|nothing|someone|unknown"
    r"|thanks|hello|hi|help|who",
    re.IGNORECASE,
)

_THEN = re.compile(
    r"[,;.]?\s+(?:and )?(?:then|afterwards|after that)\s+|;\s+|[.!?]\s+"
    r"|,?\s+and\s+(?=\w+ (?:a|an|the)\b)",
    re.IGNORECASE,
)
_MAKE = re.compile(
    r"\b(?:creat\w*|generat\w*|mak\w*|build\w*|draft\w*|design\w*|set up|define|provision\w*"
    r"|spin up|need|want|require|new (?:data )?product|new (?:topic|stream|feed))\b",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:called|named|titled|name it|call it)\s+(?:\"([^\"]+)\"|“([^”]+)”|'([^']+)'|`([^`]+)`"
    r"|([\w-]+(?: [\w-]+){0,3}?))(?=\s+(?:owned|for|with|that|which|of|and|by|in)\b|[,.;:!?]|\s*$)",
    re.IGNORECASE,
)
_WRAPPED = re.compile(
    r"^.*?\b(?:product|stream|topic|feed|dataset|data set|source)s?\b\s+(?:for|of|with|about|on"
    r"|from|that (?:has|holds|contains|carries|offers|gives|publishes))\s+",
    re.IGNORECASE | re.DOTALL,
)
_WRAPPER = re.compile(
    r"^(?:(?:a|an|the|new|managed|governed|data)\s+)*(?:product|topic|stream|feed|dataset)s?\s+"
    r"(?:for|of|with|about|on|from|that (?:has|holds|contains|carries|offers|gives|publishes))\s+",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"^\W*(?:(?:please|can you|could you|would you|i(?:['’]d)? (?:would )?like (?:you )?to|we|i"
    r"|let['’]s|hi|hello|hey|also|and|otherwise"
    r"|if (?:not|none|so|there is none))[\s,]+)*(?:creat\w*|generat\w*|mak\w*|build\w*|draft\w*"
    r"|design\w*|set up|define|provision\w*|spin up|need|want|require)\s+(?:me |us )?(?:(?:a|an"
    r"|the|some"
    r"|new)\s+)*",
    re.IGNORECASE,
)
_END = re.compile(
    r"\s+(?:owned|owner|run by|maintained by|belonging|for (?:the )?[\w-]+[ -]team|called|named"
    r"|with|that|which|who|where|when|so that|because|kept|retained|within|between|every|each"
    r"|in under|(?:data )?product|topic|stream|feed)\b|[,.;:!?(]",
    re.IGNORECASE,
)
_WORDS = 6

_SHORT = 9
"""Words of an answer that names an owner; a longer message asks for something else."""

_ANOTHER = re.compile(
    r"^\W*(?:find|list|show|search|look|what|which|who|where|how|why|when|is|are|do|does|creat|tell"
    r"|describe|compare|approve|reject)|.*\?",
    re.IGNORECASE | re.DOTALL,
)


class ProductAskSkill:
    """Reads the message that is to be answered; the talk before it tells nothing."""

    async def next(self, turn: Turn) -> Sequence[Call]:
        return [Call(ProductAsk.__name__, read(turn.question).model_dump(mode="json"))]


def read(text: str) -> ProductAsk:
    part = making_part(text)
    return ProductAsk(
        product_name=name_of(part) or "New product",
        owner=owner_in(text),
        description=described(part)[:4_000],
    )


def described(part: str) -> str:
    """What the data is, word by word, without the order to make it and without its owner."""
    bare = _ORDER.sub("", _CALLED.sub(" ", part), count=1)
    for pattern in _OWNERS[:2]:
        bare = pattern.sub(" ", bare)
    bare = _WRAPPER.sub("", bare.strip(), count=1)
    return " ".join(bare.split()).strip(" ,;:-") or part


def making_part(text: str) -> str:
    """Of a request for several things, what is to be made, with the sentences that follow it."""
    starts = [0, *(found.end() for found in _THEN.finditer(text))]
    begin = next((start for start in starts if _ORDER.match(text[start:])), None)
    if begin is None:
        begin = next((start for start in starts if _MAKE.search(text[start : start + 80])), 0)
    return " ".join(text[begin:].split()) or text


def owner_in(text: str) -> str | None:
    """The team that a message names as the owner, as it is written."""
    for pattern in _OWNERS:
        found = pattern.search(text)
        if found is not None and not _NO_TEAM.fullmatch(found[1]):
            return _team(found[1])
    return None


def owner_answered(text: str) -> str | None:
    """The team in an answer to the question who will own it; None where it is no answer."""
    if len(text.split()) > _SHORT or _ANOTHER.match(text):
        return None
    if (named := owner_in(text)) is not None:
        return named
    found = _BARE.match(text)
    if found is None or _NO_TEAM.fullmatch(found[1]):
        return None
    return _team(found[1])


def name_of(part: str) -> str:
    """Said outright, or the first words of what it is for."""
    if (called := called_in(part)) is not None:
        return called
    before = _WRAPPED if _WRAPPED.match(part) else _ORDER
    about = before.sub("", part, count=1)
    return _titled(" ".join(_END.split(about, maxsplit=1)[0].split()[:_WORDS]))


def called_in(text: str) -> str | None:
    """The name that a message gives to what it asks for."""
    found = _CALLED.search(text)
    return None if found is None else _titled(next(group for group in found.groups() if group))


def _titled(text: str) -> str:
    plain = text.strip(" \"'“”`.,;:!?-")[:120]
    return plain[:1].upper() + plain[1:]


def _team(text: str) -> str:
    """`the fraud team` as `fraud-team`; references as they are."""
    if ":" in text:
        return text.rstrip(".")
    return re.sub(r"\s+", "-", text.strip(" .").lower())
