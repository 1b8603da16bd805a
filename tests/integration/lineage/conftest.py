"""The catalog's API over a fleet of its own, whose lineage these tests write."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from server.app import catalog_app
from server.embedded.stack import EmbeddedStack
from tests.integration.catalog.conftest import client_of, settings_of
from tests.integration.catalog.fleet import write_fleet
from tools.db.pool import Pool, open_pool
from tools.embeddings.choice import embeddings_of


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    pool = await open_pool(database_url)
    await write_fleet(pool, embeddings_of())
    yield pool
    await pool.close()


@pytest.fixture
async def client(
    stack: EmbeddedStack, pool: Pool, database_url: str
) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(catalog_app(settings_of(stack, database_url))) as running:
        yield running
