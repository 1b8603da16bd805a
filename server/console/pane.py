"""The panes (tabs) of the source page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import Request

from core.source import SourceDetail
from server.console import panes
from server.console.entry import modules
from server.principal import Principal
from server.services import Services


@dataclass(frozen=True)
class Seen:
    """What a pane is asked about. `request.query_params` has its own filters."""

    source: SourceDetail
    services: Services
    asker: Principal
    request: Request

    @property
    def name(self) -> str:
        return self.source.summary.name

    @property
    def cluster(self) -> str:
        return self.source.summary.cluster


@dataclass(frozen=True)
class Pane:
    """`name` is its address and that of its template; panes stand by `order`: Overview 0,
    Schema 10, Quality 20, Rules 30, Contract 40, Changes 50, Lineage 60, Usage 70, Cost 80,
    Similar 90. What `load` returns is the template's `found`."""

    name: str
    label: str
    order: int
    load: Callable[[Seen], Awaitable[Any]]
    applies: Callable[[SourceDetail], bool] = lambda source: True

    @property
    def template(self) -> str:
        return f"panes/{self.name}.html"


@cache
def all_panes() -> tuple[Pane, ...]:
    found = [module.PANE for module in modules(panes)]
    return tuple(sorted(found, key=lambda pane: pane.order))


def panes_of(source: SourceDetail) -> tuple[Pane, ...]:
    return tuple(pane for pane in all_panes() if pane.applies(source))
