"""A wish to promote a topic, as it is said: the verb, the topic's name, and what goes with it."""

from __future__ import annotations

import re

from core.ranking.names import leaf, words
from graph.models.offline.product_ask import called_in, owner_in
from graph.promotion_ask import PromotionAsk

_TOPIC = (
    r"(?:the |our |my )?(?:(?:existing|discovered|unmanaged) )?"
    r"(?:(?P<kind>topic|source|stream|feed|dataset|queue) )?(?:called |named )?"
    r"[`'\"\u2018\u201c]?(?P<name>[A-Za-z0-9][\w.-]*\w)[`'\"\u2019\u201d]?"
    r"(?: (?:topic|source|stream|feed|dataset))?"
)
_PRODUCT = (
    r"(?:(?:a|an|the|our|its own|one of our)\s+)?"
    r"(?:(?:new|proper|real|official|managed|governed)\s+)*"
    r"(?:(?:managed|governed)\b|data products?\b|products?\b)"
)
_END = (
    r"(?=\s+(?:to|into|as|for|under|owned|called|named|by|with|and|then|please|so|now)\b"
    r"|[,;:.!?]*\s*$)"
)
_WISHES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bpromot(?:e|ing)\s+{_TOPIC}{_END}",
        rf"\b(?:turn|make|convert|transform|lift|develop|upgrade)\s+{_TOPIC}\s+"
        rf"(?:(?:in)?to|as)?\s*{_PRODUCT}",
        rf"\b(?:bring|put|place|get)\s+{_TOPIC}\s+(?:under|into)\s+(?:governance|management)\b",
        rf"\b(?:onboard|register)\s+{_TOPIC}\s+(?:as|to)\s+{_PRODUCT}",
    )
)
_NO_NAME = re.compile(
    r"it|this|that|them|these|those|us|me|you|one|a|an|the|some|any|all|every|each|data|new|sure"
    r"|topics?|sources?|streams?|feeds?|our|my|your|their|people|somebody|someone",
    re.IGNORECASE,
)
_LIKE_A_TOPIC = re.compile(r"[._-]|\d|[a-z][A-Z]")


def read(text: str) -> PromotionAsk | None:
    """The first topic that the message wants to have managed; None where it wants none."""
    for wish in _WISHES:
        for found in wish.finditer(text):
            name = found["name"]
            if not _NO_NAME.fullmatch(name):
                return PromotionAsk(
                    topic=name,
                    product_name=called_in(text) or _titled(name),
                    owner=owner_in(text),
                    sure=bool(found["kind"] or _LIKE_A_TOPIC.search(name)),
                )
    return None


def _titled(topic: str) -> str:
    """`prod.procurement.supplier-events.v1` as `Supplier events`."""
    told = leaf(topic)
    told = told if " " in told else " ".join(words(topic)) or topic
    return (told[:1].upper() + told[1:])[:120]
