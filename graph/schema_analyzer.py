"""Talk about what is the same twice: who is like whom, two topics side by side, one out of several.

No model has a part in it: names are looked up in the catalog, figures come from the comparison. A
consolidation is worked out and kept; nothing is made before somebody approves its plan.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

from langchain_core.messages import AIMessage, AnyMessage
from langgraph.runtime import Runtime
from langgraph.types import Command

from core import comparison_words
from core.comparison import Comparison
from core.search import MAX_QUERY, SearchQuery
from core.similarity.relation import Relation
from core.spans import amount_of
from graph.analysis_findings import ComparisonFindings, consolidation_findings
from graph.asker import Analyst, Consolidated
from graph.context import AgentContext
from graph.conversation import answer_message, question_in
from graph.findings import AnyFindings
from graph.markdown import code, plain
from graph.models.choice import Author
from graph.models.offline.discovery import MENTIONED
from graph.state import RequestState
from tools.db.sources import SourceNotFoundError
from tools.search.question import EmptyQueryError

NAME = "schema_analyzer"

SHOWN = 8
_FIELDS = 12
_TRIED = 24
"""Words of a request that are looked up as names of topics."""

_UNIFY = re.compile(
    r"\b(consolidat\w*|unif(?:y|ies|ied|ying|ication)|merg(?:e|es|ed|ing)|combin(?:e|es|ed|ing)|"
    r"one schema|single schema)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z0-9._-]{2,249}")
_TALK = re.compile(
    r"\b(which|what|are|is|there|any|topics?|streams?|sources?|duplicat\w*|redundan\w*|overlap\w*|"
    r"similar\w*|same|twice|like|to|of|the|do|does|we|have|has|show|find|me|list|compare|with|and|"
    r"data|please|our|in|on|for|how|much|schemas?)\b",
    re.IGNORECASE,
)

Next = Command[Literal["supervisor"]]


async def schema_analyzer(state: RequestState, runtime: Runtime[AgentContext]) -> Next:
    context, text = runtime.context, question_in(state["messages"])
    if context.analyst is None:
        return _said("This server compares nothing.")
    named = await _named(text, context)
    if _UNIFY.search(text):
        them = named or await _alike(_before(state["messages"]), context.analyst)
        return await _consolidated(them, context)
    if len(named) >= 2:
        return await _compared(named[0], named[1], context.analyst)
    if named:
        return _listed(named[0], await context.analyst.related(named[0]))
    return await _duplicates(text, context, context.analyst)


async def _named(text: str, context: AgentContext) -> list[str]:
    """The topics that a request names, in its order."""
    words = dict.fromkeys(word.strip("._-") for word in _WORD.findall(text))
    # What looks like a topic's name comes first; a plain word may be one too.
    tried = sorted(words, key=lambda word: not re.search(r"[._\d-]|[a-z][A-Z]", word))[:_TRIED]
    found = []
    for word in tried:
        try:
            source = await context.sources.get(word, context.cluster)
        except SourceNotFoundError:
            continue
        found.append(source.summary.name)
    return sorted(found, key=list(words).index)


def _before(messages: Sequence[AnyMessage]) -> list[str]:
    """What "them" means: the topics that the last answer was about, of this request or before."""
    for said in reversed(messages):
        if isinstance(said, AIMessage) and said.additional_kwargs.get(MENTIONED):
            return [str(name) for name in said.additional_kwargs[MENTIONED]]
    return []


async def _alike(names: list[str], analyst: Analyst) -> list[str]:
    """Of several topics those that are the same as another of them."""
    if len(names) <= 2:
        return names
    pairs = [{pair.left, pair.right} for pair in await analyst.duplicates()]
    return [name for name in names if any(name in pair and pair <= set(names) for pair in pairs)]


async def _compared(left: str, right: str, analyst: Analyst) -> Next:
    found = await analyst.compare(left, right)
    if found.comparison is None:
        return _said(plain(found.refused, 600))
    pair = found.comparison
    rows = [
        f"- {code(match.left)} is {code(match.right)} ({match.sureness:.0%} sure: "
        f"{plain(', '.join(match.why[:2]))})"
        for match in pair.alignment.matches[:_FIELDS]
    ]
    more = len(pair.alignment.matches) - _FIELDS
    if more > 0:
        rows.append(f"- and {amount_of(more, 'more field')}")
    alone = [
        f"Only in {code(name)}: {', '.join(map(code, paths[:_FIELDS]))}."
        for name, paths in (
            (left, pair.alignment.left_only),
            (right, pair.alignment.right_only),
        )
        if paths
    ]
    text = "\n\n".join([plain(comparison_words.said(pair), 900), "\n".join(rows), *alone])
    return _said(text, ComparisonFindings(about=left, pairs=(pair,)), (left, right))


def _listed(name: str, pairs: Sequence[Comparison]) -> Next:
    findings = ComparisonFindings(about=name, pairs=tuple(pairs[:SHOWN]))
    if not pairs:
        return _said(f"Nothing is known that is like {code(name)}.", findings, (name,))
    lines = [f"What {code(name)} has to do with other topics:", ""]
    lines += [_line(pair, pair.right) for pair in pairs[:SHOWN]]
    twice = [pair.right for pair in pairs if pair.relation is Relation.DUPLICATE]
    return _said("\n".join(lines), findings, (name, *twice))


async def _duplicates(text: str, context: AgentContext, analyst: Analyst) -> Next:
    """All of them, or those that have to do with what was asked for."""
    pairs = list(await analyst.duplicates())
    subject = " ".join(_TALK.sub(" ", text).split())
    about = await _about(subject, context)
    chosen = [pair for pair in pairs if not about or {pair.left, pair.right} & about]
    findings = ComparisonFindings(pairs=tuple(chosen[:SHOWN]))
    if not chosen:
        of = f" that has to do with “{plain(subject, 80)}”" if about else ""
        text = f"No topic{of} is the same as another, as far as the last analysis tells."
        return _said(text, findings)
    are = "is" if len(chosen) == 1 else "are"
    head = f"{amount_of(len(chosen), 'pair')} of topics {are} the same twice:"
    lines = [head, "", *(_pair_line(pair) for pair in chosen[:SHOWN])]
    lines += ["", "Say “consolidate them”, or name two of them to compare."]
    mentioned = dict.fromkeys(name for pair in chosen[:1] for name in (pair.left, pair.right))
    return _said("\n".join(lines), findings, tuple(mentioned))


async def _about(subject: str, context: AgentContext) -> set[str]:
    if not subject:
        return set()
    try:
        result = await context.search.search(SearchQuery(text=subject[:MAX_QUERY], limit=20))
    except EmptyQueryError:
        return set()
    return {hit.source.name for hit in (*result.managed, *result.discovered)}


async def _consolidated(names: Sequence[str], context: AgentContext) -> Next:
    assert context.analyst is not None  # noqa: S101 (asked before)
    if len(names) < 2:
        return _said(
            "Which ones? Name two or more topics, such as “consolidate supplier-events and "
            "supplier_data_raw”."
        )
    if not context.asker.may_propose:
        return _said("Only those who may ask for products can have sources consolidated.")
    found = await context.analyst.consolidate(tuple(names), context.asker.ref)
    if found.consolidation is None:
        return _said(plain(found.refused, 600))
    return _worked_out(found)


def _worked_out(found: Consolidated) -> Next:
    made = found.consolidation
    assert made is not None  # noqa: S101 (asked before)
    findings = consolidation_findings(made)
    names = [code(name) for name in findings.sources]
    lines = [
        f"One schema for {' and '.join(names)}: {amount_of(findings.fields, 'field')}, as topic "
        f"{code(findings.topic)}. Real messages replayed through it:",
        "",
        *(
            f"- {code(proof.source)}: {proof.passed} of {proof.messages} come through and validate"
            for proof in findings.proofs
        ),
        "",
        f"{amount_of(len(findings.groups), 'consumer group')} would move. Nothing is made yet. The "
        f"whole is at `GET /consolidations/{findings.id}`; ask for approval with `headwater "
        f"consolidate {' '.join(findings.sources)} --owner TEAM` or `POST "
        f"/consolidations/{findings.id}/approve-request`.",
    ]
    return _said("\n".join(lines), findings, findings.sources)


def _line(pair: Comparison, other: str) -> str:
    return (
        f"- {code(other)}, {pair.similarity:.0%} similar: "
        f"{plain(comparison_words.relation(pair), 400)}"
    )


def _pair_line(pair: Comparison) -> str:
    matched = len(pair.alignment.matches)
    return (
        f"- {code(pair.left)} and {code(pair.right)}, {pair.similarity:.0%} similar "
        f"({amount_of(matched, 'field')} in common)"
    )


def _said(text: str, findings: AnyFindings | None = None, mentioned: Sequence[str] = ()) -> Next:
    update: dict[str, Any] = {
        "messages": [answer_message(text, NAME, Author(), mentioned)],
        "wanted": None,
    }
    if findings is not None:
        update["findings"] = findings
    return Command(goto="supervisor", update=update)
