"""What a question about quality asks for, read off its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from graph.models.offline import phrases
from graph.models.offline.question import named_source
from graph.models.offline.when import since


class QualityAsk(StrEnum):
    SCORE = "score"
    """Of one topic, named or described."""
    RANKING = "ranking"
    """Of all, or of those in `names`."""
    ALERTS = "alerts"
    """What is wrong: with all topics, with those in `names`, or with those that are described."""
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class QualityQuestion:
    """`words` describe a topic that is not named outright."""

    ask: QualityAsk
    names: tuple[str, ...] = ()
    words: str = ""
    since: datetime | None = None
    team: str | None = None
    alert_id: int | None = None


_MANY = re.compile(
    r"\b(?:them|they|their|these|those|both|any of|which of|which has the (?:better|best|worse))\b",
    re.IGNORECASE,
)
_THEM = re.compile(
    r"\b(?:them|those|these|both)(?:[,;.?!]|$| (?:and|too|as well)\b)", re.IGNORECASE
)
"""What was found just now, whatever else the request says of it."""

_ALL = re.compile(
    rf"\b(?:which|what|all|list|every|how (?:good|healthy) are)\b.*\b{phrases.NOUN}\b"
    r"|\b(?:worst|unhealthiest|lowest|poorest|least (?:reliable|healthy|trustworthy)|at a glance"
    r"|top \d+|(?:the )?ten)\b",
    re.IGNORECASE,
)
_OUTRIGHT = re.compile(r"\b(?:alerts?|alarms?|incidents?)\b", re.IGNORECASE)
_WRONG = re.compile(
    r"\b(?:alerts?|alarms?|incidents?|wrong|broke|broken|breaks?|trouble|problems?|issues?"
    r"|going on|happen\w*|fired)\b",
    re.IGNORECASE,
)
_BEST = re.compile(r"\b(?:worst|best|better|worse|unhealthiest|lowest|score\w*)\b", re.IGNORECASE)
_TEAM = re.compile(
    r"\b(?:of|for|by) (?:the |our )?(?P<name>[\w-]+(?: [\w-]+)?) (?:team|department)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\b(?:alert|alarm|incident)\s*(?:no\.?|number|nr\.?|#)?\s*(\d{1,18})\b", re.IGNORECASE
)
_JOINED = re.compile(r"(?<![\w@/.-])\w+(?:[._-]\w+)+(?![\w@/])")
_OTHER = re.compile(
    r"\b(?:good|bad|better|best|worse|worst|poor|fine|ok|clean|dirty|quality|qualities|score[sd]?"
    r"|scoring|rating|data|records?|rows?|events?|messages?|values?|fields?|columns?|numbers?"
    r"|rules?|checks?|fired?|violat\w*|fail\w*|errors?|brok\w+|break\w*|wrong|weird|odd|strange"
    r"|suspicious|fishy|off|problems?|issues?|trouble|incidents?|alerts?|alarms?|anomal\w+"
    r"|outliers?|drift\w*|spik\w+|fresh\w*|stale|late|lat\w*ency|lag\w*|delay\w*|slow|silent|quiet"
    r"|gap|gaps|missing|null|nulls|empty|complete\w*|valid\w*|invalid|accura\w+|duplicate[sd]?"
    r"|twice|unique\w*|trust\w*|rely|reliab\w+|depend\w*|healthy|health|unhealthy|sla|service"
    r"|levels?|trend\w*|history|happen\w*|going|goes|went|anything|something|everything|nothing"
    r"|right|now|currently|moment|present|open|any|some|no|not|so|at|get|gets|got|keep\w*|it"
    r"|find|check|look\w*|investigate|diagnose|measure\w*|watch\w*|monitor\w*|report|explain|of"
    r"|many|share|rate|percentage|percent|count|number|why|did|does|has|have|still|really|very"
    r"|our|my|your|into|out|up|down|there|here|this|that|then|after|before|morning|night|noon"
    r"|week|month|year|hours?|days?|minutes?|last|past|since|until|today|yesterday|tonight"
    r"|overnight|lately|recently|currently|usual\w*|arriv\w+|come[s]?|coming|stopp\w*|stream\w*"
    r"|feeds?|pipelines?|whether|if|tell|than|more|most|less|least|been|become|improved?|changed?"
    r"|acknowledge|resolve|mute|close|silence|only|also|and|or|with|without|per|cent|points?)\b"
    r"|\b\d+(?:[.,:]\d+)*\b|%",
    re.IGNORECASE,
)


def read(text: str, mentioned: Sequence[Sequence[str]], now: datetime) -> QualityQuestion:
    """`mentioned` are the sources of earlier answers, the latest first, for "it" and "them"."""
    if (numbered := _NUMBER.search(text)) is not None:
        return QualityQuestion(QualityAsk.ALERT, alert_id=int(numbered[1]))
    asked = _read(text, mentioned, now)
    return _of_alerts(asked, text) if _WRONG.search(text) else asked


def _of_alerts(asked: QualityQuestion, text: str) -> QualityQuestion:
    """What is wrong with one topic is told with its score; alerts are asked for outright, or of
    all topics."""
    if team := _TEAM.search(text):
        return replace(asked, ask=QualityAsk.ALERTS, names=(), words="", team=team["name"])
    if asked.ask is QualityAsk.SCORE and not _OUTRIGHT.search(text):
        return asked
    if asked.ask is QualityAsk.RANKING and _BEST.search(text):
        return asked
    return replace(asked, ask=QualityAsk.ALERTS)


def _read(text: str, mentioned: Sequence[Sequence[str]], now: datetime) -> QualityQuestion:
    at, names = since(text, now), _named(text)
    if len(names) > 1:
        return QualityQuestion(QualityAsk.RANKING, names, since=at)
    if names:
        return QualityQuestion(QualityAsk.SCORE, names, since=at)
    if mentioned and _THEM.search(text):
        return QualityQuestion(QualityAsk.RANKING, tuple(mentioned[0]), since=at)
    words = described(text)
    if not words and mentioned and _MANY.search(text):
        return QualityQuestion(QualityAsk.RANKING, tuple(mentioned[0]), since=at)
    if not words and mentioned and phrases.PRONOUN.search(text):
        return QualityQuestion(QualityAsk.SCORE, (mentioned[0][0],), since=at)
    if not words or (_ALL.search(text) and not _about_one(text)):
        return QualityQuestion(QualityAsk.RANKING, since=at)
    return QualityQuestion(QualityAsk.SCORE, words=words, since=at)


def described(text: str) -> str:
    """What is left of a question without what it says of quality, of time and of asking."""
    for cue in (_OTHER, phrases.PRONOUN, phrases.FILLER, phrases.SAID_OF_SOURCES):
        text = cue.sub(" ", text)
    return " ".join(re.findall(r"[^\W\d_][\w'-]*", text))


def _named(text: str) -> tuple[str, ...]:
    """All words that look like a topic's name, where the first of them does."""
    first = named_source(text)
    if first is None:
        return ()
    others = (name for name in _JOINED.findall(text) if not phrases.ORDINARY_HYPHENS.match(name))
    return tuple(dict.fromkeys([first, *(name for name in others if named_source(name))]))


def _about_one(text: str) -> bool:
    """Whether "which rules", "what broke in ..." and the like ask about one topic."""
    return re.search(r"\b(?:in|of|on|for|with|from)\s+\w", text, re.IGNORECASE) is not None
