"""The discovery agent's tools for lineage: where data comes from, and who breaks if it changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from langchain.tools import ToolRuntime
from pydantic import BaseModel, ConfigDict, Field

from core.lineage.picture import Lineage, SourceImpact
from core.lineage.walk import Direction
from core.source import SourceDetail
from tools.clients import Clients
from tools.db.sources import SourceNotFoundError
from tools.provenance.reader import BOTH, FieldNotFoundError
from tools.typed import Effect, typed_tool

_MOST_TOPICS = 5
_MOST_NODES = 60
_DEPTH = 4


class LineageFindings(BaseModel):
    """What lies upstream and downstream of a topic; None with near names where there is none of
    that name. `direction` None is both."""

    model_config = ConfigDict(frozen=True)
    type: Literal["lineage"] = "lineage"
    name: str
    direction: Direction | None
    picture: Lineage | None
    near: tuple[str, ...] = ()


class ImpactFindings(BaseModel):
    """Who breaks if a topic changes, or one of its fields; none where there is no such topic or
    field, with names near it. Of a data product, one for each of its topics."""

    model_config = ConfigDict(frozen=True)
    type: Literal["impact"] = "impact"
    name: str
    field: str | None
    impacts: tuple[SourceImpact, ...]
    near: tuple[str, ...] = ()
    field_unknown: bool = False


@typed_tool(effect=Effect.READ)
async def get_lineage(
    name: str,
    runtime: ToolRuntime[Clients],
    direction: Annotated[
        Direction | None, Field(description="upstream: where it comes from; leave out for both")
    ] = None,
    depth: Annotated[int, Field(ge=1, le=10)] = _DEPTH,
) -> LineageFindings:
    """Tell where one topic's data comes from (upstream) and where it goes (downstream), by its
    exact name or that of a data product: jobs, consumer groups and topics, each with how it is
    known: measured, declared or a guess.

    Returns near names when nothing is called so; then search instead.
    """
    clients = runtime.context
    sources, near = await _called(clients, name)
    if not sources:
        return LineageFindings(name=name, direction=direction, picture=None, near=near)
    found = sources[0].summary.name
    picture = await clients.lineage.around(
        clients.lineage.topic(found),
        depth=depth,
        directions=BOTH if direction is None else (direction,),
        limit=_MOST_NODES,
    )
    return LineageFindings(name=found, direction=direction, picture=picture)


@typed_tool(effect=Effect.READ)
async def get_impact(
    name: str,
    runtime: ToolRuntime[Clients],
    field: Annotated[
        str | None, Field(description="path of one field; leave out for the whole topic")
    ] = None,
) -> ImpactFindings:
    """Tell who breaks if one topic, or one field of it, changes or goes away: consumer groups with
    their teams, topics and data products that are made from it, and jobs.

    Takes the exact name of a topic or of a data product. Returns near names when nothing is called
    so; then search instead.
    """
    clients = runtime.context
    sources, near = await _called(clients, name)
    try:
        impacts = [await clients.lineage.impact(source, field) for source in sources]
    except FieldNotFoundError as unknown:
        return ImpactFindings(
            name=name, field=field, impacts=(), near=unknown.near, field_unknown=True
        )
    return ImpactFindings(name=name, field=field, impacts=tuple(impacts), near=near)


async def _called(clients: Clients, name: str) -> tuple[Sequence[SourceDetail], tuple[str, ...]]:
    """The topic of this name, or the topics of the product that is called so; else near names."""
    try:
        return [await clients.sources.get(name, clients.cluster)], ()
    except SourceNotFoundError as missing:
        topics = await clients.sources.topics_of_product(name, clients.cluster, _MOST_TOPICS)
        found = [await clients.sources.get(topic, clients.cluster) for topic in topics]
        return found, () if found else tuple(missing.near)


LINEAGE_TOOLS = (get_lineage, get_impact)
