"""The offline model's way through a question about quality: which tool, then what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import prompts
from core.ranking.names import key, leaf
from core.search import SearchHit
from graph.draft import QualityAnswer
from graph.findings import MONITOR_FINDINGS, Looked, MonitorFindings, looked_up_in, names_in
from graph.models.offline.discovery import mentioned_in
from graph.models.offline.glossary import in_english
from graph.models.offline.model import Call, Turn
from graph.models.offline.quality_lead import lead
from graph.models.offline.quality_question import QualityAsk, QualityQuestion, read
from graph.models.offline.relevance import by_meaning_only, exact_name, relevant_hits
from tools.incidents import AlertListFindings, describe_alert, list_alerts
from tools.quality import QualityFindings, get_quality, list_quality
from tools.sources import SearchFindings, search_sources

_MOST_OTHERS = 4


class QualitySkill:
    """Reads a question by its words; looks a topic up by them where it is not named."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    async def next(self, turn: Turn) -> Sequence[Call]:
        question = read(turn.question, mentioned_in(turn.earlier), self._clock())
        found = looked_up_in(list(turn.results))
        if not found:
            return [_first(question)]
        again = _instead(question, found, turn.question)
        return [_answer(turn.question, found) if again is None else again]


def _first(question: QualityQuestion) -> Call:
    if question.alert_id is not None:
        return Call(describe_alert.name, {"alert_id": question.alert_id})
    if question.words:
        return _search(question.words)
    if question.ask is QualityAsk.ALERTS:
        return _alerts(question.names, question)
    if question.ask is QualityAsk.RANKING:
        return _ranking(question.names)
    return _of(question.names[0], question)


def _instead(question: QualityQuestion, found: Sequence[Looked], text: str) -> Call | None:
    """What else to look up: by words what no name was, then the topic that the words found."""
    match found[-1]:
        case SearchFindings() as searched:
            name = _best(searched, text)
            if name is not None and question.ask is QualityAsk.ALERTS:
                return _alerts((name,), question)
            return _ranking() if name is None else _of(name, question)
        case QualityFindings(sheet=None, name=name) if len(found) == 1:
            return _search(name)
        case AlertListFindings(items=(), team=None, names=names):
            if names is not None and len(names) == 1:
                return _of(names[0], question)
            return _ranking(names or ())
    return None


def _ranking(names: Sequence[str] = ()) -> Call:
    return Call(list_quality.name, {"names": list(names)} if names else {})


def _alerts(names: Sequence[str], question: QualityQuestion) -> Call:
    given = {"names": list(names)} if names else {}
    team = {"team": question.team} if question.team else {}
    return Call(list_alerts.name, {**given, **team, **_since(question)})


def _since(question: QualityQuestion) -> dict[str, str]:
    return {} if question.since is None else {"since": question.since.isoformat()}


def _of(name: str, question: QualityQuestion) -> Call:
    return Call(get_quality.name, {"name": name, **_since(question)})


def _search(words: str) -> Call:
    return Call(search_sources.name, {"query": in_english(words, prompts.glossary())[:1000]})


def _best(searched: SearchFindings, text: str) -> str | None:
    """The topic that the words mean, unless nothing is called anything like them."""
    exact = exact_name(searched.result)
    if exact is not None:
        return exact
    hits = relevant_hits(searched.result)
    if not hits or by_meaning_only(hits):
        return None
    said = key(text)
    named = [hit for hit in hits if key(leaf(hit.source.name)) in said]
    best = max(named, key=lambda hit: len(leaf(hit.source.name)), default=_ordered(hits)[0])
    return best.source.name


def _ordered(hits: Sequence[SearchHit]) -> list[SearchHit]:
    return sorted(hits, key=lambda hit: -hit.score)


def _answer(question: str, found: Sequence[Looked]) -> Call:
    last = _measured(found)
    said = [*_searched(found, last), *_no_alerts(found, last), lead(last, question)]
    answer = QualityAnswer(lead=" ".join(said)[:600], sources=names_in(last))
    return Call(QualityAnswer.__name__, answer.model_dump(mode="json"))


def _no_alerts(found: Sequence[Looked], last: MonitorFindings) -> list[str]:
    """That nothing is wrong, where the scores are told in its place."""
    none = next((each for each in found if isinstance(each, AlertListFindings)), None)
    return [] if none is None or none is last else [lead(none, "")]


def _measured(found: Sequence[Looked]) -> MonitorFindings:
    return next(each for each in reversed(found) if isinstance(each, MONITOR_FINDINGS))


def _searched(found: Sequence[Looked], last: MonitorFindings) -> list[str]:
    """What the words of the question may mean else, or that nothing is called like them."""
    searched = next((each for each in found if isinstance(each, SearchFindings)), None)
    if searched is None:
        return []
    if not names_in(searched) or not set(names_in(searched)) & set(_asked(last)):
        return [f"No topic is called “{searched.query}”."]
    if exact_name(searched.result) is not None:
        return []
    named = set(_asked(last))
    hits = _ordered(relevant_hits(searched.result))
    others = [f"`{hit.source.name}`" for hit in hits if hit.source.name not in named]
    told = f"Of “{searched.query}” the closest is this"
    if not others:
        return []
    return [f"{told}; others are {', '.join(others[:_MOST_OTHERS])}."]


def _asked(found: MonitorFindings) -> tuple[str, ...]:
    """The topics that were looked at, with or without anything to tell of them."""
    match found:
        case AlertListFindings(names=names):
            return names or ()
        case QualityFindings():
            return tuple(names_in(found))
        case _:
            return ()
