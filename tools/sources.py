"""The discovery agent's tools: search, describe, list, recent changes. All of them only read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from langchain.tools import ToolRuntime
from pydantic import BaseModel, ConfigDict, Field

from core.search import MAX_QUERY, SearchFilters, SearchQuery, SearchResult
from core.source import SourceChange, SourceChangeKind, SourceDetail, SourceKind, SourceSummary
from core.usage.period import period_of
from tools.clients import Clients
from tools.db.sources import SourceNotFoundError
from tools.sheet import SourceSheet, sheet_of
from tools.typed import Effect, typed_tool

PAGE = 100
MAX_TOPICS = 10
"""Topics of one product that are described together."""
MAX_PAGES = 10
"""Pages of changes that one question reads; more are left out and said to be."""


class SearchFindings(BaseModel):
    """What a search found, and for which words."""

    model_config = ConfigDict(frozen=True)
    type: Literal["search"] = "search"
    query: str
    filters: SearchFilters
    result: SearchResult


class SourceFindings(BaseModel):
    """One source in detail; None with near names when there is none of that name.

    `others` are the further topics of the data product that was asked for by its name.
    """

    model_config = ConfigDict(frozen=True)
    type: Literal["source"] = "source"
    name: str
    source: SourceSheet | None
    others: tuple[SourceSheet, ...] = ()
    near: tuple[str, ...] = ()


class ListFindings(BaseModel):
    """Sources by name; `total` counts all that pass the filters, the list may hold fewer."""

    model_config = ConfigDict(frozen=True)
    type: Literal["list"] = "list"
    filters: SearchFilters
    place: str | None = None
    """The team or domain that was asked for."""
    place_known: bool = True
    sources: tuple[SourceSummary, ...]
    total: int


class ChangeFindings(BaseModel):
    """What scans found different, newest first; `more` when the list was cut."""

    model_config = ConfigDict(frozen=True)
    type: Literal["changes"] = "changes"
    name: str | None
    kind: SourceChangeKind | None
    since: datetime | None
    changes: tuple[SourceChange, ...]
    more: bool


@typed_tool(effect=Effect.READ)
async def search_sources(
    query: Annotated[str, Field(description="what the data should be about", max_length=MAX_QUERY)],
    runtime: ToolRuntime[Clients],
    kind: SourceKind | None = None,
    data_format: str | None = None,
    has_registered_schema: bool | None = None,
    has_owner: bool | None = None,
    limit: Annotated[int, Field(ge=1, le=50)] = 10,
) -> SearchFindings:
    """Find topics and data products by what they are about, by a field or by a rough name.

    Managed sources belong to a data product, discovered ones to none. Each hit says why it is one.
    """
    filters = SearchFilters(
        kind=kind, format=data_format, has_schema=has_registered_schema, has_owner=has_owner
    )
    asked = SearchQuery(text=query, limit=limit, filters=filters, cluster=runtime.context.cluster)
    result = await runtime.context.search.search(asked)
    return SearchFindings(query=query, filters=filters, result=result)


@typed_tool(effect=Effect.READ)
async def describe_source(name: str, runtime: ToolRuntime[Clients]) -> SourceFindings:
    """Describe one topic by its exact name: fields, owner, consumers, format, configuration, cost.

    The name or id of a data product describes each of its topics. Returns near names when nothing
    is called so; then search instead.
    """
    clients = runtime.context
    try:
        source = await clients.sources.get(name, clients.cluster)
    except SourceNotFoundError as missing:
        return await _product(clients, name, missing.near)
    return SourceFindings(name=name, source=await _sheet(clients, source))


@typed_tool(effect=Effect.READ)
async def list_sources(
    runtime: ToolRuntime[Clients],
    kind: SourceKind | None = None,
    team_or_domain: Annotated[
        str | None, Field(description="an owning team or a business domain, e.g. procurement")
    ] = None,
    data_format: str | None = None,
    has_registered_schema: bool | None = None,
    has_owner: Annotated[
        bool | None, Field(description="whether an owner is known, stated or guessed")
    ] = None,
    limit: Annotated[int, Field(ge=1, le=100)] = 30,
) -> ListFindings:
    """List and count topics by kind, team or domain, format, registered schema or known owner.

    For what topics are about, use search_sources.
    """
    filters = SearchFilters(
        kind=kind, format=data_format, has_schema=has_registered_schema, has_owner=has_owner
    )
    if team_or_domain is None:
        narrowed = [filters]
    else:
        narrowed = await _places(runtime.context, team_or_domain, filters)
    sources, total = await _united(runtime.context, narrowed, limit)
    return ListFindings(
        filters=filters,
        place=team_or_domain,
        place_known=bool(narrowed),
        sources=sources,
        total=total,
    )


@typed_tool(effect=Effect.READ)
async def list_recent_changes(
    runtime: ToolRuntime[Clients],
    since: Annotated[datetime | None, Field(description="RFC 3339 with offset")] = None,
    kind: SourceChangeKind | None = None,
    name: Annotated[str | None, Field(description="one topic; leave out for all")] = None,
) -> ChangeFindings:
    """List what scans found new, changed (with the fields' difference), vanished or returned."""
    sources, cluster = runtime.context.sources, runtime.context.cluster
    found: list[SourceChange] = []
    cursor: str | None = None
    for _ in range(MAX_PAGES):
        page = await sources.changes(name, cluster, kind=kind, limit=PAGE, cursor=cursor)
        fresh = [change for change in page.items if since is None or change.at >= since]
        found += fresh
        cursor = page.next_cursor if len(fresh) == len(page.items) else None
        if cursor is None or since is None:
            break
    return ChangeFindings(
        name=name, kind=kind, since=since, changes=tuple(found), more=cursor is not None
    )


async def _sheet(clients: Clients, source: SourceDetail) -> SourceSheet:
    """With what it costs, where whoever asks may see that."""
    sheet, owner = sheet_of(source), source.summary.owner
    if clients.costs is None or not clients.may_see(None if owner is None else owner.ref):
        return sheet
    period, topic = period_of(None, None), source.summary.name
    cost = await clients.costs.measured(clients.cluster, period, topic)
    return sheet.model_copy(update={"cost": cost})


async def _product(clients: Clients, name: str, near: Sequence[str]) -> SourceFindings:
    """The topics of the product that is called so; near names where there is none."""
    topics = await clients.sources.topics_of_product(name, clients.cluster, MAX_TOPICS)
    sheets = [
        await _sheet(clients, await clients.sources.get(topic, clients.cluster)) for topic in topics
    ]
    if not sheets:
        return SourceFindings(name=name, source=None, near=tuple(near))
    return SourceFindings(name=name, source=sheets[0], others=tuple(sheets[1:]))


async def _places(clients: Clients, words: str, filters: SearchFilters) -> list[SearchFilters]:
    """The filters that a team's or domain's name means: by domain, by owner, or both."""
    known = await clients.facets.vocabulary(clients.cluster)
    wanted = _bare(words)
    domains = [{"domain": domain} for domain in known.domains if _bare(domain) == wanted]
    owners = [{"owner": owner} for owner in known.owners if _bare(owner) == wanted]
    return [filters.model_copy(update=place) for place in domains[:1] + owners[:1]]


async def _united(
    clients: Clients, narrowed: Sequence[SearchFilters], limit: int
) -> tuple[tuple[SourceSummary, ...], int]:
    """The sources that pass any of the filters, by name, and how many there are."""
    found: dict[str, SourceSummary] = {}
    total = 0
    for filters in narrowed:
        page = await clients.sources.list(filters, cluster=clients.cluster, limit=limit)
        found |= {source.name: source for source in page.items}
        total += await clients.facets.count(filters, clients.cluster)
    if len(narrowed) > 1:
        both = {name: value for each in narrowed for name, value in each if value is not None}
        total -= await clients.facets.count(SearchFilters(**both), clients.cluster)
    return tuple(found[name] for name in sorted(found))[:limit], total


def _bare(name: str) -> str:
    """`group:default/Fraud-Team` and `the fraud team` are one: `fraud`."""
    last = name.lower().rsplit("/", 1)[-1].replace("-", " ").replace("_", " ").split()
    return " ".join(word for word in last if word not in {"the", "team", "domain", "department"})


DISCOVERY_TOOLS = (search_sources, describe_source, list_sources, list_recent_changes)
