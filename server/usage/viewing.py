"""Counts what is looked up: by day, by API or console, and by kind of principal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from server.console.address import BASE
from server.principal import ANONYMOUS, principal_of
from server.problems import ProblemError
from server.services import Running
from tools.usage.tally import Kind, Tally, Via


@dataclass(frozen=True, slots=True)
class Viewing:
    """Of one request. Call it when there is something to show: what is not there has no views."""

    tally: Tally
    via: Via
    principal: str

    def source(self, cluster: str, name: str) -> None:
        self.tally.viewed(cluster, Kind.SOURCE, name, self.via, self.principal)

    def product(self, cluster: str, product_id: str) -> None:
        self.tally.viewed(cluster, Kind.PRODUCT, product_id, self.via, self.principal)


async def viewing_of(request: Request, services: Running) -> Viewing:
    via = Via.CONSOLE if request.url.path.startswith(BASE) else Via.API
    return Viewing(services.usage.tally, via, await _kind(request))


Views = Annotated[Viewing, Depends(viewing_of)]


async def _kind(request: Request) -> str:
    """`user`, `group` or `anonymous`: who it is is not looked at any further."""
    try:
        ref = (await principal_of(request)).ref
    except ProblemError:
        # Whether it may look at all is for the route to say.
        ref = ANONYMOUS
    return "anonymous" if ref == ANONYMOUS else ref.partition(":")[0]
