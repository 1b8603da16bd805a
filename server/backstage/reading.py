"""What the routes for Backstage read with, as one part of the services."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from server.backstage.feed import Feed
from server.products.shelf import AtShelf
from server.services import Running
from server.settings import Settings
from tools.db.backstage import BackstageRepository


def home_of(request: Request) -> str:
    """The URL under which the catalog is reached, without a slash at its end."""
    settings: Settings = request.app.state.services.settings
    return (settings.public_url or str(request.base_url)).rstrip("/")


async def feed_of(request: Request, services: Running, shelf: AtShelf) -> Feed:
    repository = BackstageRepository(services.pool, services.cluster, services.owner_rules)
    return Feed(repository, shelf.endpoint, home_of(request))


AtFeed = Annotated[Feed, Depends(feed_of)]
