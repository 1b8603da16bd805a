"""One source: what it is, and its panes, each loaded when it is looked at."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse

from server.catalog.scored import scored
from server.catalog.sources import Name
from server.console.address import at
from server.console.pane import Pane, Seen, panes_of
from server.console.rendering import page
from server.principal import Asker
from server.problems import ProblemError
from server.services import Running

router = APIRouter()

Cluster = Annotated[str | None, Query(max_length=200)]


@router.get("/sources/{name}")
async def source(
    request: Request, name: Name, services: Running, asker: Asker, cluster: Cluster = None
) -> HTMLResponse:
    return await _shown(request, name, services, asker, cluster, None)


@router.get("/sources/{name}/{pane}")
async def source_pane(
    request: Request,
    name: Name,
    pane: Annotated[str, Path(max_length=40)],
    services: Running,
    asker: Asker,
    cluster: Cluster = None,
) -> HTMLResponse:
    return await _shown(request, name, services, asker, cluster, pane)


async def _shown(
    request: Request,
    name: str,
    services: Running,
    asker: Asker,
    cluster: str | None,
    wanted: str | None,
) -> HTMLResponse:
    found = await services.sources.get(name, cluster or services.cluster)
    (summary,) = await scored(services.quality, [found.summary])
    seen = Seen(replace(found, summary=summary), services, asker, request)
    there = panes_of(seen.source)
    pane = _chosen(there, wanted)
    return page(
        request,
        pane.template,
        title=name if pane is there[0] else f"{pane.label} of {name}",
        source=seen.source,
        summary=summary,
        tabs=[(each.label, _href(name, each, there[0], cluster), each is pane) for each in there],
        found=await pane.load(seen),
    )


def _chosen(there: tuple[Pane, ...], wanted: str | None) -> Pane:
    if wanted is None:
        return there[0]
    for pane in there:
        if pane.name == wanted:
            return pane
    names = ", ".join(pane.name for pane in there)
    raise ProblemError(
        HTTPStatus.NOT_FOUND,
        "pane-not-found",
        f"This source has nothing called {wanted!r}. It has {names}.",
    )


def _href(name: str, pane: Pane, first: Pane, cluster: str | None) -> str:
    parts = ("sources", name) if pane is first else ("sources", name, pane.name)
    return at(*parts, cluster=cluster)
