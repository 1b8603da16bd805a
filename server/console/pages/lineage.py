"""Lineage: where data comes from, where it goes, and who breaks if it changes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from core.lineage.node import Node
from server.catalog.sources import MAX_NAME
from server.console.address import at
from server.console.entry import Entry
from server.console.lineage import Asked, LineageView, view_of
from server.console.rendering import page
from server.lineage.routes import DEEPEST, DEPTH, Ways, list_runs
from server.services import Running, Services

router = APIRouter()

ENTRY = Entry("Lineage", "/lineage", "lineage", 70)

_RUNS = 15
_MOST_OPEN = 30


@router.get("/lineage")
async def lineage(
    request: Request,
    services: Running,
    source: Annotated[str | None, Query(max_length=MAX_NAME)] = None,
    node: Annotated[str | None, Query(max_length=8_000)] = None,
    depth: Annotated[int, Query(ge=1, le=DEEPEST)] = DEPTH,
    direction: Ways = Ways.BOTH,
    guesses: bool = True,
    field: Annotated[str | None, Query(max_length=1_000)] = None,
    open: Annotated[list[str] | None, Query(max_length=_MOST_OPEN)] = None,  # noqa: A002
) -> HTMLResponse:
    if not source and not node:
        return await _start(request, services)
    root = services.lineage.topic(source) if source else Node.of_id(str(node))
    asked = Asked(
        root.id, source or None, depth, direction, guesses, field or None, tuple(open or ())
    )
    view = await _view(services, asked)
    title = f"Lineage of {view.root.name}"
    return page(request, "pages/lineage.html", title=title, found=view)


async def _view(services: Services, asked: Asked) -> LineageView:
    detail = None
    if asked.source is not None:
        detail = await services.sources.get(asked.source, services.cluster)
    return await view_of(services, asked, detail)


async def _start(request: Request, services: Services) -> HTMLResponse:
    """Where to begin: what is read most, and what was told last."""
    runs = await list_runs(services, limit=_RUNS)
    return page(
        request,
        "pages/lineage_start.html",
        title="Lineage",
        read=await services.lineage.repository.most_read(12),
        runs=runs.items,
        address=at("lineage"),
    )
