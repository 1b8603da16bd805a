"""A decision in so many words: an order to approve or reject, with the approval's id.

Read by a fixed form and by no model. What is a question, a condition, a negation, a quotation or
names more than one approval is no decision.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.approval import Verdict

APPROVAL_ID = re.compile(r"\bapr-[0-9a-f]{6,32}\b", re.IGNORECASE)
_ORDER = re.compile(
    r"^\W*(?:please\s+|ok(?:ay)?,?\s+|yes,?\s+|i\s+(?:hereby\s+)?)?(?P<verb>approve|reject|decline)\b"
    r"(?P<rest>[^?]*)$",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(
    r"\b(?:if|unless|when|once|after|before|until|should|would|could|not|never|but|or|as|for|behalf|"
    r"every|all|said|says|told|wants?|first|beforehand|provided|assuming|suppos\w+|given|"
    r"in case|maybe|perhaps)\b|n['’]t\b|[\"“”`]",
    re.IGNORECASE,
)
BECAUSE = re.compile(r"\b(?:because|since|with the comment|comment:|reason:|:)\s*", re.IGNORECASE)
_VERDICTS = {"approve": Verdict.APPROVE, "reject": Verdict.REJECT, "decline": Verdict.REJECT}


@dataclass(frozen=True, slots=True)
class DecisionSaid:
    """`approval_id` is None where the order does not name exactly one."""

    verdict: Verdict
    approval_id: str | None
    comment: str = ""


def approval_ids(text: str) -> tuple[str, ...]:
    """The approvals that a text names, each once, as they are spelt."""
    return tuple(dict.fromkeys(found.lower() for found in APPROVAL_ID.findall(text)))


def decision_in(text: str) -> DecisionSaid | None:
    """The order that a message is; None where it is none."""
    found = _ORDER.match(text.strip())
    if found is None:
        return None
    order, *comment = BECAUSE.split(found["rest"], maxsplit=1)
    if _CONDITION.search(order):
        return None
    named = approval_ids(text)
    return DecisionSaid(
        verdict=_VERDICTS[found["verb"].lower()],
        approval_id=named[0] if len(named) == 1 and named[0] in order.lower() else None,
        comment=" ".join("".join(comment).split())[:500],
    )
