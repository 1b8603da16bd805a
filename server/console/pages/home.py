"""The home: search first, then what deserves a look."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from core.recommendations.recommendation import RecommendationStatus
from core.search import SearchFilters
from core.source import SourceKind
from server.catalog.recommendations import list_recommendations
from server.catalog.sources import list_changes
from server.console.entry import Entry
from server.console.rendering import page
from server.services import Running, Services

router = APIRouter()

ENTRY = Entry("Home", "/", "home", 0)

_FEW = 5
_DOMAINS = 24


@dataclass(frozen=True)
class Counts:
    """Present sources."""

    total: int
    managed: int
    discovered: int
    ownerless: int


@router.get("/")
async def home(request: Request, services: Running) -> HTMLResponse:
    counts, lowest, standing, open_ones, changes, words = await asyncio.gather(
        _counts(services),
        services.dashboard.lowest(services.cluster, _FEW),
        services.alerts.standing_counts(services.cluster),
        list_recommendations(services, status=RecommendationStatus.OPEN, limit=_FEW),
        list_changes(services, limit=_FEW),
        services.facets.vocabulary(services.cluster),
    )
    return page(
        request,
        "pages/home.html",
        title="Home",
        counts=counts,
        lowest=lowest,
        standing=sum(standing.values()),
        recommendations=open_ones.items,
        changes=changes.items,
        domains=list(words.domains.items())[:_DOMAINS],
    )


async def _counts(services: Services) -> Counts:
    total, managed, owned = await asyncio.gather(
        *(
            services.facets.count(filters, services.cluster)
            for filters in (
                SearchFilters(),
                SearchFilters(kind=SourceKind.MANAGED),
                SearchFilters(has_owner=True),
            )
        )
    )
    return Counts(total, managed, total - managed, total - owned)
