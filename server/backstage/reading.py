"""What the routes for Backstage read with, as one part of the services."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from server.backstage.feed import Feed
from server.home import home_of
from server.products.shelf import AtShelf
from server.services import Running
from tools.db.backstage import BackstageRepository


async def feed_of(request: Request, services: Running, shelf: AtShelf) -> Feed:
    repository = BackstageRepository(services.pool, services.cluster, services.owner_rules)
    return Feed(repository, shelf.endpoint, home_of(request))


AtFeed = Annotated[Feed, Depends(feed_of)]
