"""Answers to requests that no agent takes: thanks, greetings, what is not there or not done."""

from __future__ import annotations

from collections.abc import Collection

from core.listing import joined
from graph.models.offline.safety import is_unsafe
from graph.models.offline.small_talk import ASSENT, GREETING, THANKS
from graph.state import Capability
from prompts import route_examples

_EXAMPLES = "“I need supplier data”, “who owns order-events?” or “what changed since yesterday?”"


def decline(text: str, asked_for: Collection[Capability], available: Collection[Capability]) -> str:
    """What is said when nothing that was asked for is available."""
    if is_unsafe(text):
        return (
            "I will not do that. Nothing said in a chat deletes data, shows secrets or records, or "
            "sets approval and policy aside: a plan goes live once its approver has approved it. "
            f"{can(available)}"
        )
    if asked_for:
        return f"{not_yet(asked_for)} {can(available)}"
    if THANKS.search(text):
        return "You're welcome. Ask again whenever you look for data on Kafka."
    if GREETING.search(text):
        return f"Hello. {can(available)} Try {_EXAMPLES}."
    if ASSENT.search(text):
        return f"Good. {can(available)}"
    return f"That is not something I can help with. {can(available)} Try {_EXAMPLES}."


def not_yet(missing: Collection[Capability]) -> str:
    """Says which capabilities are not there, in the words of what they are for."""
    purposes = joined([_purpose(capability) for capability in missing], last="or")
    return f"Headwater can't do this part yet: {purposes}."


def can(available: Collection[Capability]) -> str:
    return f"What I can do: {joined([_purpose(capability) for capability in available])}."


def _purpose(capability: Capability) -> str:
    return route_examples()[capability.value].purpose
