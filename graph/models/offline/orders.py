"""A request cut into its clauses, to tell an order ("delete it") from a question about the same."""

from __future__ import annotations

import re

from graph.models.offline.courtesy import bare

CUT = re.compile(
    r"[.?!;:,\n]+(?=\s|$)|\s[-–—]\s"
    r"|\b(?:and|then|but|or|plus|so that|so(?! (?:kind|nice|good)\b)|otherwise|else|und|et|y|dann"
    r"|puis)\b",
    re.IGNORECASE,
)
"""Where a clause ends."""

_ASKED = re.compile(
    r"^(?:nothing|who|whom|whose|what|which|when|where|why|how|is|are|was|were|does|do|did|has|have|had|may"
    r"|should|(?:can|could|would|will)(?:n?['’]t)? (?!we\b|you\b)|any|am|"
    r"(?:(?:check|see|verify|find out|test|tell me|let me know|explain(?: to me)?|i wonder"
    r"|i['’]d like to know) "
    r"(?:whether|if|who|how|what|which|when|why))|what(?:['’]s|s)|wer|was|wann|welche|qui|quel)\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"^(?:(?:can|could|shall|should|might)(?:n?['’]t)?|why don['’]t) we"
    r" (?:please |just |simply |maybe )*",
    re.IGNORECASE,
)


def clauses(text: str) -> list[str]:
    """Each clause without its courtesies."""
    return [bare(part) for part in CUT.split(text) if part.strip()]


def is_question(clause: str) -> bool:
    """Whether a clause asks about something rather than for something to be done."""
    return _ASKED.match(clause) is not None


def proposed(clause: str) -> str:
    """What "could we just skip it" proposes to do; the clause itself where it proposes nothing."""
    return _TOGETHER.sub("", clause)
