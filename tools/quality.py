"""The quality monitor's tools: the score of a source, and those of all. They only read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from langchain.tools import ToolRuntime
from pydantic import BaseModel, ConfigDict, Field

from core.quality.summary import QualitySummary, worst_first
from core.source import SourceKind
from tools.clients import Clients
from tools.db.sources import SourceNotFoundError
from tools.incidents import alerts_of
from tools.quality_sheet import QualitySheet, quality_sheet
from tools.typed import Effect, typed_tool

SPAN = timedelta(hours=24)
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(days=30)
_MOST_TOPICS = 10


class QualityFindings(BaseModel):
    """The quality of one source; None with near names where there is none of that name. `others`
    are the further topics of the data product that was asked for by its name."""

    model_config = ConfigDict(frozen=True)
    type: Literal["quality"] = "quality"
    name: str
    sheet: QualitySheet | None
    others: tuple[QualitySheet, ...] = ()
    near: tuple[str, ...] = ()


class QualityListFindings(BaseModel):
    """Scores of the last 24 hours, the worst first. `watched` counts all that have rules or were
    counted, `scored` those with a score; `unknown` are names that were asked for and are not
    watched."""

    model_config = ConfigDict(frozen=True)
    type: Literal["quality_list"] = "quality_list"
    asked: tuple[str, ...] | None = None
    items: tuple[QualitySummary, ...]
    watched: int
    scored: int
    unknown: tuple[str, ...] = ()


@typed_tool(effect=Effect.READ)
async def get_quality(
    name: str,
    runtime: ToolRuntime[Clients],
    since: Annotated[
        datetime | None, Field(description="RFC 3339 with offset; default: 24 hours ago")
    ] = None,
) -> QualityFindings:
    """Tell how good one topic's records were, by its exact name: score, dimensions, broken rules
    with places of records, trend, freshness, alerts, owner and consumers.

    The name or id of a data product tells it of each of its topics. Returns near names when
    nothing is called so; then search instead.
    """
    clients = runtime.context
    try:
        sheet = await sheet_of(clients, name, since)
    except SourceNotFoundError as missing:
        return await _product(clients, name, since, missing.near)
    return QualityFindings(name=name, sheet=sheet)


@typed_tool(effect=Effect.READ)
async def list_quality(
    runtime: ToolRuntime[Clients],
    names: Annotated[
        list[str] | None, Field(description="exact topic names; leave out for all")
    ] = None,
    limit: Annotated[int, Field(ge=1, le=100)] = 10,
) -> QualityListFindings:
    """List the scores of all topics that are watched, or of some, the worst first."""
    clients = runtime.context
    found = await clients.quality.summaries(clients.cluster, names)
    return QualityListFindings(
        asked=None if names is None else tuple(names),
        items=tuple(sorted(found.values(), key=worst_first)[:limit]),
        watched=len(found),
        scored=sum(each.score is not None for each in found.values()),
        unknown=tuple(name for name in names or () if name not in found),
    )


async def sheet_of(clients: Clients, name: str, since: datetime | None) -> QualitySheet:
    """Raises SourceNotFoundError."""
    source = await clients.sources.get(name, clients.cluster)
    score = await clients.quality.score(
        source.summary.name,
        clients.cluster,
        schema=source.schema,
        managed=source.summary.kind is SourceKind.MANAGED,
        span=_span(since),
    )
    alerts = await alerts_of(clients, source.summary.name, score.since)
    return quality_sheet(source, score, alerts)


def _span(since: datetime | None) -> timedelta:
    if since is None:
        return SPAN
    begin = since if since.tzinfo else since.replace(tzinfo=UTC)
    return min(max(datetime.now(UTC) - begin, _SHORTEST), _LONGEST)


async def _product(
    clients: Clients, name: str, since: datetime | None, near: Sequence[str]
) -> QualityFindings:
    topics = await clients.sources.topics_of_product(name, clients.cluster, _MOST_TOPICS)
    sheets = [await sheet_of(clients, topic, since) for topic in topics]
    if not sheets:
        return QualityFindings(name=name, sheet=None, near=tuple(near))
    return QualityFindings(name=name, sheet=sheets[0], others=tuple(sheets[1:]))
