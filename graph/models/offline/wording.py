"""The offline model's leads: one or two sentences that count what the tools returned."""

from __future__ import annotations

from collections import Counter

from core.listing import joined
from core.search import SearchHit
from core.source import SourceChangeKind, SourceKind, SourceSummary
from core.spans import amount_of
from graph import facts
from graph.draft import Aspect
from graph.findings import Findings
from graph.markdown import plain
from graph.models.offline.lineage_lead import impact_lead, lineage_lead
from graph.models.offline.relevance import by_meaning_only, relevant_hits
from tools.lineage import ImpactFindings, LineageFindings
from tools.sheet import SourceSheet
from tools.sources import ChangeFindings, ListFindings, SearchFindings, SourceFindings


def lead(findings: Findings, aspect: Aspect) -> str:
    match findings:
        case SearchFindings():
            return _search(findings, aspect)
        case SourceFindings(source=sheet, others=others):
            if sheet is None:
                return _absent(findings)
            return _product(findings, sheet) if others else _source(sheet, aspect)
        case ListFindings():
            return _list(findings)
        case ChangeFindings():
            return _changes(findings)
        case LineageFindings():
            return lineage_lead(findings)
        case ImpactFindings():
            return impact_lead(findings)


def _absent(found: SourceFindings) -> str:
    return f"There is no topic or data product `{found.name}`."


def _product(found: SourceFindings, first: SourceSheet) -> str:
    name = first.summary.product_name or found.name
    topics = [f"`{sheet.summary.name}`" for sheet in (first, *found.others)]
    return f"{plain(name)} is offered through {len(topics)} topics: {joined(topics)}."


def _search(found: SearchFindings, aspect: Aspect) -> str:
    hits = relevant_hits(found.result)
    if not hits:
        return (
            f"Nothing in the catalog matches “{found.query}”. Try other words, a field's name, "
            "or run a scan if the topic is new."
        )
    best = max(hits, key=lambda hit: hit.score)
    if aspect is Aspect.OWNER:
        return f"The closest to “{found.query}” is `{best.source.name}`: {_owner(best.source)}."
    if aspect is Aspect.CONSUMERS:
        return f"The closest to “{found.query}” is `{best.source.name}`, {_teams(best.source)}."
    return _found(found, hits)


def _found(found: SearchFindings, hits: list[SearchHit]) -> str:
    managed = sum(hit.source.kind is SourceKind.MANAGED for hit in hits)
    discovered = len(hits) - managed
    if by_meaning_only(hits):
        return (
            f"No name, field or description says “{found.query}”. These are nearest in meaning, "
            "which may be far off."
        )
    counts = []
    if managed:
        counts.append(amount_of(managed, "managed source"))
    if discovered:
        counts.append(amount_of(discovered, "discovered source"))
    return f"Found {joined(counts)} for “{found.query}”."


def _source(sheet: SourceSheet, aspect: Aspect) -> str:
    source = sheet.summary
    name = f"`{source.name}`"
    match aspect:
        case Aspect.OWNER:
            return f"{name}: {_owner(source)}."
        case Aspect.CONSUMERS:
            return _consumers(sheet)
        case Aspect.FIELDS:
            fields = amount_of(source.fields, "field")
            return (
                f"{name} has {fields}."
                if source.fields
                else f"{name} has no fields that could be read."
            )
        case Aspect.SIZE:
            return (
                f"{name} holds {facts.messages(source)}."
                if source.scanned_at
                else f"{name} was not scanned yet."
            )
        case Aspect.FORMAT:
            return (
                f"{name} is {facts.data_format(source)}."
                if source.format != "empty"
                else f"{name} is empty."
            )
        case Aspect.COST:
            return _cost(sheet)
        case Aspect.CONFIGURATION:
            return f"The configuration of {name}, as the last scan read it."
        case Aspect.OVERVIEW:
            held = (
                "belongs to a data product"
                if source.kind is SourceKind.MANAGED
                else "belongs to no data product"
            )
            return f"{name} is a {source.kind.value} topic: it {held}."


def _consumers(sheet: SourceSheet) -> str:
    name = f"`{sheet.summary.name}`"
    if not sheet.consumers:
        return f"No consumer group has committed offsets on {name}."
    groups = amount_of(len(sheet.consumers), "consumer group")
    have = "has" if len(sheet.consumers) == 1 else "have"
    teams = len(sheet.summary.consuming_teams)
    known = f", of {amount_of(teams, 'known team')}" if teams else ""
    return f"{groups} {have} committed offsets on {name}{known}."


def _cost(sheet: SourceSheet) -> str:
    name, cost = f"`{sheet.summary.name}`", sheet.cost
    if cost is None:
        return f"What {name} costs is for its owner's team and for stewards to see."
    total = f"{cost.total:,.2f} {cost.currency} a month"
    return f"{name} costs {total} at what was measured, by the price book {cost.price_book}."


def _owner(source: SourceSummary) -> str:
    if source.owner is None:
        return "no owner is stated, and no naming rule gives one"
    if source.owner.guessed_from is None:
        return f"owned by `{source.owner.ref}`"
    return f"no owner is stated; a guess is `{source.owner.ref}`, from {source.owner.guessed_from}"


def _teams(source: SourceSummary) -> str:
    count = len(source.consuming_teams)
    return (
        f"consumed by {amount_of(count, 'known team')}" if count else "with no consuming team known"
    )


def _list(found: ListFindings) -> str:
    if not found.place_known:
        return f"No team or domain is called “{found.place}”."
    kind = f"{found.filters.kind.value} " if found.filters.kind else ""
    what = amount_of(found.total, f"{kind}topic")
    are = "is" if found.total == 1 else "are"
    return (
        f"There {are} {what}{_where(found)}."
        if found.total
        else f"There is no {kind}topic{_where(found)}."
    )


def _where(found: ListFindings) -> str:
    filters = found.filters
    parts = []
    if found.place:
        parts.append(f" of {found.place}")
    if filters.format:
        parts.append(f" in {filters.format}")
    if filters.has_schema is not None:
        parts.append(f" {'with' if filters.has_schema else 'without'} a registered schema")
    if filters.has_owner is not None:
        parts.append(f" {'with' if filters.has_owner else 'without'} a known owner")
    return "".join(parts)


def _changes(found: ChangeFindings) -> str:
    of = f" of `{found.name}`" if found.name else ""
    after = f" since {found.since:%Y-%m-%d %H:%M} UTC" if found.since else ""
    if not found.changes:
        return f"No scan found {_change(found)}{of}{after}."
    counts = Counter(change.kind for change in found.changes)
    kinds = [f"{counts[kind]:,} {kind.value}" for kind in SourceChangeKind if counts[kind]]
    cut = "latest " if found.more else ""
    return f"The {cut}changes{of} that scans found{after}: {joined(kinds)}."


def _change(found: ChangeFindings) -> str:
    return f"a {found.kind.value} topic" if found.kind else "a change"
