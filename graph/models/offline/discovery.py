"""The offline model's way through a discovery question: which tool, then what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage

import prompts
from core.ranking.naming import subject
from graph.draft import Aspect, DiscoveryAnswer
from graph.findings import Findings, findings_in, names_in
from graph.models.offline.glossary import in_english
from graph.models.offline.model import Call, Turn
from graph.models.offline.question import Ask, Question, read
from graph.models.offline.relevance import by_meaning_only, exact_name, in_full, relevant_hits
from graph.models.offline.wording import lead
from tools.lineage import ImpactFindings, LineageFindings, get_impact, get_lineage
from tools.sources import (
    ListFindings,
    SearchFindings,
    SourceFindings,
    describe_source,
    list_recent_changes,
    list_sources,
    search_sources,
)

MENTIONED = "sources"
"""Where an answer's message keeps the names of its sources, for the next question's "it"."""


class DiscoverySkill:
    """Reads a question by its words; falls back to a search when a name or a team is unknown."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    async def next(self, turn: Turn) -> Sequence[Call]:
        question = read(turn.question, mentioned_in(turn.earlier), self._clock())
        found = findings_in(list(turn.results))
        if not found:
            return [_first(question)]
        if (again := _instead(question, found)) is not None:
            return [again]
        return [_answer(question, found)]


def mentioned_in(earlier: Sequence[BaseMessage]) -> list[Sequence[str]]:
    """The sources of each earlier answer with any, the latest answer first."""
    answers = (said for said in reversed(earlier) if isinstance(said, AIMessage))
    named = (said.additional_kwargs.get(MENTIONED) for said in answers)
    return [names for names in named if names]


def _first(question: Question) -> Call:
    match question.ask:
        case Ask.DESCRIBE:
            return Call(describe_source.name, {"name": question.name})
        case Ask.CHANGES:
            changed = {"since": question.since, "kind": question.change, "name": question.name}
            return Call(list_recent_changes.name, _given(changed))
        case Ask.LIST:
            narrowed = {
                "kind": question.kind,
                "team_or_domain": question.place,
                "data_format": question.data_format,
                "has_registered_schema": question.has_schema,
                "has_owner": question.has_owner,
            }
            return Call(list_sources.name, _given(narrowed))
        case Ask.LINEAGE | Ask.IMPACT if question.name is not None:
            return _lineage(question, question.name)
        case _:
            return _search(question, question.text)


def _lineage(question: Question, name: str) -> Call:
    if question.ask is Ask.IMPACT:
        return Call(get_impact.name, _given({"name": name, "field": question.field}))
    return Call(get_lineage.name, _given({"name": name, "direction": question.direction}))


def _search(question: Question, words: str) -> Call:
    wanted = {
        "query": in_english(words, prompts.glossary())[:1000],
        "kind": question.kind,
        "has_registered_schema": question.has_schema,
        "has_owner": question.has_owner,
    }
    return Call(search_sources.name, _given(wanted))


def _instead(question: Question, found: Sequence[Findings]) -> Call | None:
    """What else to look up: by words what no name or team was, by name what the words found."""
    last = found[-1]
    if isinstance(last, SearchFindings):
        return _after_search(question, last) if _only_searched(found) else None
    match last:
        case SourceFindings(source=None, name=name) if len(found) == 1:
            return _search(question, name)
        case LineageFindings(picture=None, name=name) if len(found) == 1:
            return _search(question, name)
        case ImpactFindings(impacts=(), field_unknown=False, name=name) if len(found) == 1:
            return _search(question, name)
        case ListFindings(place=str(place), total=0):
            return _search(question, place)
    return None


def _after_search(question: Question, last: SearchFindings) -> Call | None:
    """One source that is called so is described; without one, `supplier data` means `supplier`."""
    exact = exact_name(last.result) if question.one else None
    if question.ask in (Ask.LINEAGE, Ask.IMPACT):
        name = exact or next(iter(relevant(last)), None)
        return None if name is None else _lineage(question, name)
    if exact is not None:
        return Call(describe_source.name, {"name": exact})
    bare = " ".join(subject(last.query.split()))
    if bare == last.query or in_full(last.query, last.result):
        return None
    return _search(question, bare)


def _only_searched(found: Sequence[Findings]) -> bool:
    """Whether at most the words and then the words without generic ones were searched for."""
    return len(found) <= 2 and all(isinstance(each, SearchFindings) for each in found)


def _answer(question: Question, found: Sequence[Findings]) -> Call:
    last = _telling(found)
    before = [lead(each, Aspect.OVERVIEW) for each in found if each is not last and _empty(each)]
    aspect = Aspect.OVERVIEW if before else question.aspect
    answer = DiscoveryAnswer(
        lead=" ".join([*before, lead(last, aspect)])[:600], sources=relevant(last), aspect=aspect
    )
    return Call(DiscoveryAnswer.__name__, answer.model_dump(mode="json"))


def _telling(found: Sequence[Findings]) -> Findings:
    """The last result, unless it is a search that found no better than the empty list before."""
    last = found[-1]
    if isinstance(last, SearchFindings) and isinstance(found[0], ListFindings):
        return found[0] if by_meaning_only(relevant_hits(last.result)) else last
    return last


def _empty(found: Findings) -> bool:
    return not isinstance(found, SearchFindings) and not names_in(found)


def relevant(found: Findings) -> list[str]:
    """The sources that answer the question; of a search, those that are more than vaguely alike."""
    if not isinstance(found, SearchFindings):
        return names_in(found)
    return [hit.source.name for hit in relevant_hits(found.result)]


def _given(arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments as JSON, without those that were not asked for."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in arguments.items()
        if value is not None
    }
