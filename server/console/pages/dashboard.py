"""The dashboard: where the cluster stands, and what happened lately."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import parse_qs, unquote, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from core.activity import ActivityKind
from core.dashboard import DayCounts
from server.catalog.sources import Page
from server.console.address import at
from server.console.entry import Entry
from server.console.rendering import page
from server.console.sparkline import Sparkline, sparkline_of
from server.dashboard.routes import Days, get_dashboard, list_activity
from server.dashboard.views import ActivityView, RecommendationCounts
from server.services import Running

router = APIRouter()

ENTRY = Entry("Dashboard", "/dashboard", "gauge", 60)

_LATEST = 200
_LINES = 14
_OF_A_RUN = 2
_PERIODS = ((1, "Today"), (7, "7 days"), (30, "30 days"))
_TRENDS = (
    ("sources", "Sources"),
    ("managed", "Managed"),
    ("needs_governance", "Need governance"),
    ("recommendations", "Recommendations"),
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
        latest=list(_runs(latest)),
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


@dataclass(frozen=True, slots=True)
class Run:
    """What happened one after the other and is of one kind: the newest of it, and how many `more`
    there are; not `whole` where it may go on beyond what was looked at."""

    kind: ActivityKind
    shown: tuple[ActivityView, ...]
    more: int
    whole: bool


def _runs(found: Page[ActivityView]) -> Iterator[Run]:
    """The newest, in about so many lines."""
    lines, looked_at = 0, 0
    for kind, run in groupby(found.items, key=lambda each: each.kind):
        items = tuple(run)
        looked_at += len(items)
        # A line that says "one more" is as long as that one.
        shown = items if len(items) == _OF_A_RUN + 1 else items[:_OF_A_RUN]
        ended = looked_at < len(found.items) or found.next_cursor is None
        yield Run(kind, shown, len(items) - len(shown), ended)
        lines += len(shown) + (len(items) > len(shown))
        if lines >= _LINES:
            return


def _most(found: RecommendationCounts) -> int:
    """What the longest bar stands for."""
    return max(1, *(count.value for count in found.by_kind.values()))


def _trends(days: tuple[DayCounts, ...]) -> Iterator[Sparkline]:
    for name, label in _TRENDS:
        made = sparkline_of(label, ((each.day, getattr(each, name)) for each in days))
        if made is not None:
            yield made
