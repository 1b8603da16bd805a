"""The catalog's API over a real Postgres that holds a small fleet."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI
from psycopg import AsyncConnection, sql

from server.app import catalog_app
from server.embedded.stack import EmbeddedStack
from server.settings import Settings
from tests.integration.catalog.fleet import write_fleet
from tools.db.pool import open_pool
from tools.embeddings.choice import embeddings_of
from tools.embeddings.model import EmbeddingModel

FLEET = f"test_catalog_fleet_{secrets.token_hex(4)}"

NEVER = "0 0 29 2 *"
"""When a scan would find that the fleet of these tests is not on the cluster."""


@asynccontextmanager
async def client_of(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a running app: its lifespan is entered."""
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            yield client


def settings_of(stack: EmbeddedStack, database_url: str, **more: object) -> Settings:
    given: dict[str, Any] = {
        "bootstrap_servers": stack.bootstrap_servers,
        "schema_registry": stack.schema_registry,
        "database_url": database_url,
        "scan_cron": NEVER,
        "watchers": 0,
    }
    return Settings(**{**given, **more})


@pytest.fixture(scope="session")
def embeddings() -> EmbeddingModel:
    return embeddings_of()


@pytest.fixture(scope="package")
async def fleet_url(
    stack: EmbeddedStack, template_database: str, embeddings: EmbeddingModel
) -> AsyncIterator[str]:
    """A database with the fleet in it, shared by the tests that leave the catalog as it is."""
    async with fleet_of(stack, template_database, embeddings, FLEET) as shared:
        yield shared


@asynccontextmanager
async def fleet_of(
    stack: EmbeddedStack, template: str, embeddings: EmbeddingModel, name: str
) -> AsyncIterator[str]:
    """A database of this name with the fleet in it, gone at the end."""
    async with database_of(stack, template, name) as url:
        async with await open_pool(url) as pool:
            await write_fleet(pool, embeddings)
        yield url


@asynccontextmanager
async def database_of(stack: EmbeddedStack, template: str, name: str) -> AsyncIterator[str]:
    """A migrated database of this name, gone at the end."""
    create = sql.SQL("create database {} template {}").format(
        sql.Identifier(name), sql.Identifier(template)
    )
    drop = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
    await _execute(stack.database_url, drop, create)
    yield urlsplit(stack.database_url)._replace(path=f"/{name}").geturl()
    await _execute(stack.database_url, drop)


@pytest.fixture(scope="package")
async def client(stack: EmbeddedStack, fleet_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """The catalog over the fleet."""
    async with client_of(catalog_app(settings_of(stack, fleet_url))) as running:
        yield running


async def _execute(server: str, *statements: sql.Composed) -> None:
    async with await AsyncConnection.connect(server, autocommit=True) as connection:
        for statement in statements:
            await connection.execute(statement)
