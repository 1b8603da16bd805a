"""The catalog over the small fleet, of which some was counted."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest
from psycopg import AsyncConnection, sql

from server.app import catalog_app
from server.embedded.stack import EmbeddedStack
from tests.integration.catalog.conftest import client_of, embeddings, settings_of
from tests.integration.catalog.fleet import write_fleet
from tests.integration.quality.counted import write_alert, write_quality
from tools.db.pool import open_pool
from tools.embeddings.model import EmbeddingModel

__all__ = ["embeddings"]


@pytest.fixture(scope="package")
async def counted_url(
    stack: EmbeddedStack, template_database: str, embeddings: EmbeddingModel
) -> AsyncIterator[str]:
    """A database with the fleet and its counts, shared by the tests that add no more than their
    own."""
    database = f"test_counted_fleet_{secrets.token_hex(4)}"
    name, template = sql.Identifier(database), sql.Identifier(template_database)
    async with await AsyncConnection.connect(stack.database_url, autocommit=True) as server:
        await server.execute(sql.SQL("create database {} template {}").format(name, template))
        url = urlsplit(stack.database_url)._replace(path=f"/{database}").geturl()
        async with await open_pool(url) as pool:
            await write_fleet(pool, embeddings)
            write_quality(url)
            assert await write_alert(pool) == 1
        yield url
        await server.execute(sql.SQL("drop database {} with (force)").format(name))


@pytest.fixture(scope="package")
async def client(stack: EmbeddedStack, counted_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(catalog_app(settings_of(stack, counted_url))) as running:
        yield running
