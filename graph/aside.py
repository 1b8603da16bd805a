"""What a message asks for beside the approval that it names: "check supplier-events, then approve
apr-..." asks for two things, and each agent answers its own.

Only a clause that asks for something of its own counts. A condition, a reason or a question about
the plan itself belongs to the approval.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from langchain_core.messages import AnyMessage

from graph.conversation import question_in, reworded
from graph.decision_said import APPROVAL_ID, BECAUSE
from graph.models.offline.courtesy import bare
from graph.models.offline.orders import CUT

_ASKS = re.compile(
    r"(?:find|show|list|search|look|check|see|describe|tell|explain|compare|give|get|locate|create"
    r"|build|draft|promote|which|what|who|whose|where|how many|how much|is there|are there|do we"
    r"|does any\w*|any)\b",
    re.IGNORECASE,
)
_OF_THE_PLAN = re.compile(
    r"\b(?:it|its|it['’]s|that|this|these|those|they|them|(?:the|this|that|my|your|his|her|any) "
    r"(?:plan|request|approval|decision|proposal|product|change|cost|step)s?|approv\w+|reject\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Aside:
    """`first` tells whether it was said before the approval; `left` is what was said of that."""

    text: str
    first: bool
    left: str


def aside_in(text: str) -> Aside | None:
    """What a message that names an approval asks for beside it; None where that is nothing."""
    named = APPROVAL_ID.search(text)
    if named is None:
        return None
    unreasoned = text[: named.end()] + BECAUSE.split(text[named.end() :], maxsplit=1)[0]
    begin, end = _clause_around(named, unreasoned)
    for said, first in ((text[:begin], True), (CUT.sub("", unreasoned[end:], count=1), False)):
        asked = bare(said)
        if _ASKS.match(asked) and not APPROVAL_ID.search(asked) and not _OF_THE_PLAN.search(asked):
            return Aside(asked, first, bare(text[begin:end]))
    return None


def without_approval(messages: list[AnyMessage]) -> list[AnyMessage]:
    """The talk, of its latest request only what is not for the approvals."""
    aside = aside_in(question_in(messages))
    return messages if aside is None else reworded(messages, aside.text)


def _clause_around(named: re.Match[str], text: str) -> tuple[int, int]:
    begins = [cut.start() for cut in CUT.finditer(text, 0, named.start())]
    following = CUT.search(text, named.end())
    return (begins[-1] if begins else 0), (following.start() if following else len(text))
