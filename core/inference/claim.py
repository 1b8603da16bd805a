"""What a field's name claims to tell: events, a payload, or a mere attribute of what it is about.

An attribute (country, status, version ...) is never a discriminator of events: that a shipped order
has one field more makes no event of `shipped`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum

from core.inference.enums import may_be_personal
from core.names import parts_of

_EVENT = frozenset({"event", "evt"})
_MESSAGE = _EVENT | {"message", "msg"}
_TYPE = frozenset({"type", "kind", "class"})
_CALLED = frozenset({"name", "code", "action"})
_BARE_TEXT = (
    "type kind class action op operation object record_type record_kind object_type entity_type "
    "change_type operation_type"
)
_BARE = frozenset(tuple(name.split("_")) for name in _BARE_TEXT.split())
_MARKED = re.compile(r"(?:[@$]|_{1,2})(?:type|typename|class|kind|event)", re.IGNORECASE)

_ATTRIBUTE_TEXT = (
    "country ctry nation region city state status category currency curr language lang locale "
    "version title level severity priority rating grade rank tier band model method mode platform "
    "brand segment unit role gender job position department team channel reason result outcome "
    "environment env tenant format size color colour"
)
_ATTRIBUTES = frozenset(_ATTRIBUTE_TEXT.split())


class Claim(IntEnum):
    """What a field's name claims, the strongest first."""

    EVENTS = 0
    """It names events: `eventType`, `event`, `msg_type`, `@type`."""
    PAYLOAD = 1
    """It names what lies beside it: `type`, `kind`, `action`, `op`."""
    NOTHING = 2
    ATTRIBUTE = 3
    """It says something about the thing that the message is of."""


def claim_of(name: str) -> Claim:
    words = parts_of(name)
    first, last = words[:-1], words[-1] if words else ""
    if not words or _ATTRIBUTES & set(words):
        return Claim.ATTRIBUTE
    if _MARKED.fullmatch(name) or _names_event(first, last):
        return Claim.EVENTS
    if words in _BARE:
        return Claim.PAYLOAD
    return Claim.ATTRIBUTE if may_be_personal(name) else Claim.NOTHING


def _names_event(first: Sequence[str], last: str) -> bool:
    """`eventType`, `msg_kind`, `event`, `event_name`; a message's name is another matter."""
    if last in _TYPE:
        return bool(_MESSAGE & set(first))
    return bool(_EVENT & set(first)) and last in _CALLED if first else last in _EVENT
