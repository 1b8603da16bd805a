"""The offline model's choice of route: the rules of safety first, then the learned examples."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.models.offline.discovery import mentioned_in
from graph.models.offline.model import Call, Turn
from graph.models.offline.question import named_source, referred_source
from graph.models.offline.routing import Guess, RouteClassifier
from graph.models.offline.safety import is_unsafe
from graph.models.offline.small_talk import small_talk
from graph.state import Route

NOTHING = "none"
_CERTAIN = 0.6
_FEW_WORDS = 3
_UNSURE = 0.25
"""A best score below this says that no example is like the request."""

_THEN = re.compile(r"[,;.]?\s+(?:and )?(?:then|afterwards|after that)\s+|;\s+", re.IGNORECASE)
_REQUEST_NUMBER = re.compile(r"\b(?:req(?:uest)?|plan|ticket|approval)[ -]?#?\d+\b", re.IGNORECASE)


class RouteSkill:
    """Names the capabilities of a request in order; a request may say "then"."""

    def __init__(self, classifier: RouteClassifier) -> None:
        self._classifier = classifier

    async def next(self, turn: Turn) -> Sequence[Call]:
        if is_unsafe(turn.question):
            return [_call([], "asks to destroy data, to show secrets or to set the rules aside")]
        if referred_source(turn.question, mentioned_in(turn.earlier)):
            return [_call(["discovery"], "asks about a source of the last answer")]
        parts = [part for part in _THEN.split(turn.question) if part.strip()] or [turn.question]
        chosen = [await self._choose(part) for part in parts[:4]]
        named = list(dict.fromkeys(name for name in chosen if name != NOTHING))
        return [_call(named, "is closest to the examples of it" if named else "is like no example")]

    async def _choose(self, text: str) -> str:
        if _REQUEST_NUMBER.search(text):
            return "approvals"
        return _decided(await self._classifier.guess(text), text)


def _decided(guess: Guess, text: str) -> str:
    """A name or a few words that are like no example are looked up rather than declined."""
    best, score = guess.scores[0]
    if best == NOTHING and score < _CERTAIN and len(text.split()) <= _FEW_WORDS:
        return NOTHING if small_talk(text) else "discovery"
    if named_source(text) is not None and len(text.split()) == 1:
        return "discovery"
    return NOTHING if score < _UNSURE and best != "discovery" else best


def _call(capabilities: Sequence[str], reason: str) -> Call:
    first, *then = capabilities or [NOTHING]
    return Call(Route.__name__, {"capability": first, "then": then, "reason": reason})
