"""Requests to destroy, to reveal or to get round the rules: declined before anything else.

Destruction is told by a clause that orders it ("and then purge it"), the rest by what is wanted,
unless a sentence only asks about it ("may a plan go live without review?").
"""

from __future__ import annotations

import re

from graph.models.offline.misuse import Patterns, patterns
from graph.models.offline.orders import clauses, is_question, proposed
from graph.models.offline.spacing import evened


def is_unsafe(text: str) -> bool:
    """Whether a request wants data destroyed, secrets shown, or the rules set aside."""
    text = evened(text)
    if _any(patterns().anywhere, text):
        return True
    return any(_orders_harm(clause) for clause in clauses(text)) or _gets_round(text)


def _orders_harm(clause: str) -> bool:
    order = proposed(clause)
    begins = any(pattern.match(order) for pattern in patterns().orders)
    return begins and not any(pattern.match(order) for pattern in patterns().spared)


def _gets_round(text: str) -> bool:
    """Whether a sentence goes round the gate; one that only asks how the gate works does not."""
    sentences = re.split(r"(?<=[.?!;])\s+|\n+", text)
    return any(_any(patterns().unless_asked, said) for said in sentences if not _only_asks(said))


def _only_asks(sentence: str) -> bool:
    first = next((clause for clause in clauses(sentence) if clause), "")
    return is_question(first) and proposed(first) == first


def _any(wanted: Patterns, text: str) -> bool:
    return any(pattern.search(text) for pattern in wanted)
