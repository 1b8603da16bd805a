"""/usage: who reads what and how much, what nobody uses, and what was searched for in vain."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import ConfigDict

from core.usage.period import Period
from core.usage.unused import SearchCount, Unused, UnusedKind
from core.usage.usage import SourceUsage
from server.catalog.sources import Cluster, Cursor, Page
from server.openapi import answers
from server.services import Running
from server.usage import examples
from server.usage.scope import Days, Mine, OfSource, Overseer, Product, Team, not_mine
from tools.db.usage_reading import UsageFilter

router = APIRouter(tags=["usage"])

Limit = Annotated[int, Query(ge=1, le=100)]

_PERIOD = {"since": "2026-10-30", "until": "2026-11-28"}


class UsagePage(Page[SourceUsage]):
    """With the days that the figures are of."""

    model_config = ConfigDict(frozen=True)
    period: Period


class UnusedPage(Page[Unused]):
    model_config = ConfigDict(frozen=True)
    period: Period


class SearchPage(Page[SearchCount]):
    """`counted` is false where the operator has switched the counting of searches off."""

    model_config = ConfigDict(frozen=True)
    period: Period
    counted: bool


@router.get(
    "/usage",
    operation_id="listUsage",
    summary="Who reads what, and how much",
    responses=answers(
        {"items": [examples.USAGE], "next_cursor": None, "period": _PERIOD},
        *(400, 401, 403, 404, 503),
    ),
)
async def list_usage(
    services: Running,
    period: Days,
    mine: Mine,
    source: OfSource = None,
    product: Product = None,
    team: Team = None,
    cluster: Cluster = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> UsagePage:
    """Sources by name: messages written and read by day, differences of offsets; lag of each group
    and team; views. Owners see what is theirs, and their own groups on what is not; stewards see
    all."""
    at = cluster or services.cluster
    # No figures are not zero: what is not there is said so.
    about = None if source is None else await services.sources.get(source, at)
    if product is not None:
        await services.products.get(product)
    asked = UsageFilter(source=source, product=product, team=team, mine=mine)
    page = await services.uses.list(at, period, asked, limit=limit, cursor=cursor)
    if about is not None and mine is not None and team is None and not page.items:
        owner = about.summary.owner
        raise not_mine(None if owner is None else owner.ref, f"How {source} is used")
    return UsagePage(items=page.items, next_cursor=page.next_cursor, period=period)


@router.get(
    "/usage/unused",
    operation_id="listUnused",
    summary="What nobody uses",
    responses=answers(
        {"items": [examples.UNUSED], "next_cursor": None, "period": _PERIOD}, 400, 401, 503
    ),
)
async def list_unused(
    services: Running,
    period: Days,
    mine: Mine,
    kind: Annotated[UnusedKind | None, Query(description="default: all")] = None,
    team: Team = None,
    cluster: Cluster = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> UnusedPage:
    """Products that no group read, topics that none read, and topics that nothing was written to,
    over the whole period. What is not looked at since its first day is not told of."""
    page = await services.uses.unused(
        cluster or services.cluster,
        period,
        UsageFilter(team=team, mine=mine),
        kind=kind,
        limit=limit,
        cursor=cursor,
    )
    return UnusedPage(items=page.items, next_cursor=page.next_cursor, period=period)


@router.get(
    "/usage/searches",
    operation_id="listSearches",
    summary="What was searched for",
    responses=answers(
        {
            "items": [examples.SEARCH],
            "next_cursor": None,
            "period": _PERIOD,
            "counted": True,
        },
        *(400, 401, 403, 503),
    ),
)
async def list_searches(
    services: Running,
    period: Days,
    overseer: Overseer,
    nothing_found: Annotated[
        bool, Query(description="only what was searched for in vain, the most often first")
    ] = False,
    cluster: Cluster = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> SearchPage:
    """For stewards. Counts of texts, normalised and without links, e-mail addresses, numbers and
    what else may tell of a person; never who searched."""
    page = await services.uses.searches(
        cluster or services.cluster,
        period,
        only_nothing=nothing_found,
        limit=limit,
        cursor=cursor,
    )
    return SearchPage(
        items=page.items,
        next_cursor=page.next_cursor,
        period=period,
        counted=services.settings.usage_searches,
    )
