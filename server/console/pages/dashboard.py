"""The dashboard: where the cluster stands, and what happened lately."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from core.dashboard import DayCounts
from server.console.address import at
from server.console.entry import Entry
from server.console.rendering import page
from server.console.trend import Trend, trend_of
from server.dashboard.routes import Days, get_dashboard, list_activity
from server.dashboard.views import ActivityView, RecommendationCounts
from server.services import Running

router = APIRouter()

ENTRY = Entry("Dashboard", "/dashboard", "gauge", 60)

_LATEST = 12
_PERIODS = ((1, "Today"), (7, "7 days"), (30, "30 days"))
_TRENDS = (
    ("sources", "Sources"),
    ("managed", "Managed"),
    ("needs_governance", "Need governance"),
    ("recommendations", "Open recommendations"),
    ("errors", "Alerts: errors"),
    ("average_score", "Average score"),
)


@router.get("/dashboard")
async def dashboard(request: Request, services: Running, days: Days = 1) -> HTMLResponse:
    found, latest = await asyncio.gather(
        get_dashboard(services, days), list_activity(services, limit=_LATEST)
    )
    return page(
        request,
        "pages/dashboard.html",
        title="Dashboard",
        found=found,
        latest=latest.items,
        days=days,
        periods=[(label, at("dashboard", days=each), each == days) for each, label in _PERIODS],
        most=_most(found.recommendations),
        trends=list(_trends(found.trends)),
        listed=listed,
        about=about,
    )


def listed(href: str) -> str:
    """The console's page of a list of the API: it is called the same and takes the same filters."""
    address = urlsplit(href)
    query = {name: values[-1] for name, values in parse_qs(address.query).items()}
    return at(*map(unquote, address.path.strip("/").split("/")), **query)


def about(happened: ActivityView) -> str | None:
    """The page of what it is about; scans have none."""
    return None if happened.kind.about == "scan" else listed(happened.href)


def _most(found: RecommendationCounts) -> int:
    """What the longest bar stands for."""
    return max(1, *(count.value for count in found.by_kind.values()))


def _trends(days: tuple[DayCounts, ...]) -> Iterator[Trend]:
    for name, label in _TRENDS:
        made = trend_of(label, ((each.day, getattr(each, name)) for each in days))
        if made is not None:
            yield made
