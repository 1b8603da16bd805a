"""The offline model's choice of route: the rules of safety first, then the learned examples."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.models.offline.discovery import mentioned_in
from graph.models.offline.model import Call, Turn
from graph.models.offline.parts import Part, parts
from graph.models.offline.question import named_source, referred_source
from graph.models.offline.routing import Guess, RouteClassifier
from graph.models.offline.safety import is_unsafe
from graph.models.offline.small_talk import small_talk
from graph.models.offline.spacing import evened
from graph.state import Route

NOTHING = "none"
UNSAFE = "unsafe"
_CERTAIN = 0.6
_FEW_WORDS = 3
_UNSURE = 0.25
"""A best score below this says that no example is like the request."""

_SURE_OF_PART = 0.35
"""A part counts as a request of its own from this score on."""

_SURE_OF_CONDITION = 0.45

_SURE_OF_TROUBLE = 0.4
_SURE = 0.4
_AHEAD = 0.05
"""What is like the examples of misuse by this much more than like any other is declined."""

_JUDGES = ("schema_analyzer", "quality_monitor", "approvals")
_MOST = 4
_BEGINNING = 30
"""The words that say what is to be done with what the rest of a long request describes."""

_REQUEST_NUMBER = re.compile(
    r"\b(?:req(?:uest)?|plan|ticket|approval)[ -]?#?\d+\b"
    r"|^\W*(?:accept|approve|block|bounce|confirm|decline|deny|endorse|greenlight|ok|okay|pass"
    r"|refuse|reject|release|return|sign|sign off|turn down|veto|wave through|withdraw)"
    r"\s+(?:#|no\.? ?|number )?\d{1,6}\b(?!\s+[a-z]+s\b)"
    r"|^\W*(?:#|no\.? ?|number )?\d{1,6}"
    r" (?:is|was|has|got|gets|goes|went|passe[sd]|clear(?:s|ed))\b",
    re.IGNORECASE,
)
"""A request is named by its number: outright, by the verb before it, or by what became of it."""

_TOGETHER = re.compile(
    r"^\W*(?:please |now |then |can you |could you )*"
    r"(?:consolidate|merge|unify|combine|compare|deduplicate)\s+"
    r"(?:them|both|both of them|these|those|the two|all of them|these two|those two)"
    r"(?: together)?(?: in?to (?:one|a single one))?\W*$",
    re.IGNORECASE,
)
"""What is to be done with the sources that were just talked of."""

_WHOSE = re.compile(r"\b(?:who|whom|whose|team|owns?|owner|contact|responsible)\b", re.IGNORECASE)
_EXISTS = re.compile(
    r"\b(?:exists?|existing|already|yet|there(?:['’]s| is| are)|have|nobody|no one|anybody|anyone"
    r"|some(?:one|body)|none|nothing|(?:come|comes|turns?) up|empty|search\w*|find\w*|found"
    r"|look\w*)\b",
    re.IGNORECASE,
)


class RouteSkill:
    """Names the capabilities of a request in order; a request may say "then"."""

    def __init__(self, classifier: RouteClassifier) -> None:
        self._classifier = classifier

    async def next(self, turn: Turn) -> Sequence[Call]:
        if is_unsafe(turn.question):
            return [_call([], "asks to destroy data, to show secrets or to set the rules aside")]
        if _TOGETHER.search(turn.question):
            return [_call(["schema_analyzer"], "brings sources of the last answer together")]
        if referred_source(turn.question, mentioned_in(turn.earlier)):
            return [await self._follow_up(turn.question)]
        named = await self._named(turn.question)
        if UNSAFE in named:
            return [_call([], "is like requests to destroy, to reveal or to set the rules aside")]
        return [_call(named, "is closest to the examples of it" if named else "is like no example")]

    async def _follow_up(self, text: str) -> Call:
        """What is asked about a source of the last answer: how good it is, or what it is."""
        guess = await self._guess(text)
        if guess.route == "quality_monitor" and _sure(guess, _SURE_OF_TROUBLE):
            return _call(["quality_monitor"], "asks how good a source of the last answer is")
        return _call(["discovery"], "asks about a source of the last answer")

    async def _named(self, text: str) -> list[str]:
        """The capabilities in the order of the work, each once."""
        text = evened(text)
        found = parts(text, self._classifier.is_order)
        if found != [Part(text)]:
            named = [name for part in found[:_MOST] for name in await self._of_part(part)]
            if named:
                return list(dict.fromkeys(named))[:_MOST]
        best = _decided(await self._guess(text), text)
        return [] if best == NOTHING else [best]

    async def _of_part(self, part: Part) -> list[str]:
        """None where a part is too vague to be told apart from the rest of its request."""
        guess = await self._guess(part.text)
        before = await self._told(part) if part.told and _sure(guess, _SURE_OF_PART) else []
        before += await self._condition(part.condition, guess.route) if part.condition else []
        if not before:
            guess = await self._guess(part.whole)
        return [*before, *([guess.route] if _sure(guess, _SURE_OF_PART) else [])]

    async def _told(self, part: Part) -> list[str]:
        """Something that is wrong with data is looked into, also where it is asked whose it is."""
        guess = await self._guess(part.told)
        wrong = guess.route == "quality_monitor" and _sure(guess, _SURE_OF_TROUBLE)
        return ["quality_monitor"] if wrong and _WHOSE.search(part.text) else []

    async def _condition(self, text: str, then: str) -> list[str]:
        """The capability that finds out whether a condition holds, where it needs one."""
        if then == "generator" and _EXISTS.search(text):
            return ["discovery"]
        guess = await self._guess(text)
        doing = re.match(r"\w+ing\b", text) is not None and _sure(guess, _SURE_OF_PART)
        judged = guess.route in _JUDGES and _sure(guess, _SURE_OF_CONDITION)
        return [guess.route] if doing or judged else []

    async def _guess(self, text: str) -> Guess:
        """A request's number says approvals, unless other words say something else aloud."""
        guess = await self._classifier.guess(" ".join(text.split()[:_BEGINNING]))
        best, score = guess.scores[0]
        if guess.misuse >= _AHEAD:
            return Guess(((UNSAFE, 1.0),))
        if _REQUEST_NUMBER.search(text) and (best not in _JUDGES or score < _SURE):
            return Guess((("approvals", 1.0), *guess.scores))
        return guess


def _sure(guess: Guess, enough: float) -> bool:
    return guess.route != NOTHING and guess.scores[0][1] >= enough


def _decided(guess: Guess, text: str) -> str:
    """A name or a few words that are like no example are looked up rather than declined."""
    best, score = guess.scores[0]
    if best == UNSAFE:
        return best
    if best == NOTHING and score < _CERTAIN and len(text.split()) <= _FEW_WORDS:
        return NOTHING if small_talk(text) else "discovery"
    if named_source(text) is not None and len(text.split()) == 1:
        return "discovery"
    return NOTHING if score < _UNSURE and best != "discovery" else best


def _call(capabilities: Sequence[str], reason: str) -> Call:
    first, *then = capabilities or [NOTHING]
    return Call(Route.__name__, {"capability": first, "then": then, "reason": reason})
