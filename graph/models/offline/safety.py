"""Requests to get round the rules: they are declined before anything else is looked at."""

from __future__ import annotations

import re

_START = r"(?:^|[.;:,!?]\s*|\b(?:and|then|please|now|must|just|to)\s+)"
_DESTROY = r"(?:delete|drop|wipe|purge|truncate|destroy|erase|nuke)"
_EVERY = r"(?:every|all|each|any|the|this|that|these|those|my|our|its|\w+['’]s)"
_DATA = (
    r"(?:topics?|messages?|records?|data|clusters?|schemas?|subjects?|products?|tables?|database)"
)
_RULE = r"(?:polic|approv|review|check|rule|gate|audit|log|monitor)"
_HIDDEN = (
    r"(?:system prompt|api[ _-]?keys?|passwords?|credentials?|secrets?|access tokens?)"
    r"\s*(?:$|[?.!,;]|of\b|for\b|to\b|and\b)"
)
_OFFICE = r"(?:admin|administrator|root|system|approver|governance|board)"

_PATTERNS = (
    # Instructions against the instructions.
    r"\b(?:ignore|forget|disregard|override)\s.{0,30}\b(?:instruct|rule|prompt|polic|guideline)",
    r"^\s*(?:system|assistant|developer)\s*:",
    rf"\bpretend\b|\bact as (?:an? )?{_OFFICE}|\byou are (?:now )?(?:the|an?) {_OFFICE}",
    # Destruction, as an order rather than a question.
    rf"{_START}{_DESTROY}\s+(?:\S+\s+){{0,3}}?{_DATA}\b",
    rf"{_START}{_DESTROY}\s+\S*[._-]\S+",
    rf"{_START}{_DESTROY}\s+{_EVERY}\s+\S+",
    rf"{_START}remove\s+{_EVERY}\s+(?:\S+\s+)?{_DATA}\b",
    # The rules set aside, or broken unseen.
    rf"\b(?:skip|bypass|circumvent|get round|get around)\b.{{0,40}}\b{_RULE}",
    rf"\b(?:turn|switch)(?:ing)? off\b.{{0,40}}\b{_RULE}|\bdisabl(?:e|ing)\b.{{0,40}}\b{_RULE}",
    r"\b(?:without|no) (?:any )?(?:review|approval|questions)\s*(?:$|[.,;!?])",
    r"\bso (?:that )?(?:nobody|no one|no-one) (?:notices|sees|knows|finds out)",
    # Secrets, and data carried off.
    r"\b(?:print|show|reveal|give|tell|leak|dump|what(?:['’]s| is| are)|send|need|want)\b.{0,40}"
    rf"\b{_HIDDEN}",
    r"\b(?:export|send|copy|mail|forward)\b.{0,60}\b(?:my|a) (?:private|personal|own|home)\b",
)
_UNSAFE = re.compile("|".join(_PATTERNS), re.IGNORECASE | re.DOTALL)


def is_unsafe(text: str) -> bool:
    """Whether a request wants data destroyed, secrets shown, or the rules set aside."""
    return _UNSAFE.search(text) is not None
