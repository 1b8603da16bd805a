"""The whole server over real Kafka, registry and Postgres, with its workers, in this process."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI
from psycopg import AsyncConnection, sql

from server.api import APIS, ApiName
from server.app import app_of
from server.embedded.stack import EmbeddedStack
from server.services import Services, open_services
from server.settings import Settings
from tests.integration.catalog.conftest import settings_of
from tests.integration.catalog.fleet import write_fleet
from tools.db.pool import open_pool
from tools.embeddings.choice import embeddings_of
from tools.kafka.errors import KafkaFailedError
from tools.registry.errors import RegistryFailedError

JANE = {"X-Headwater-Principal": "user:default/jane"}

FRAUD = (
    "A fraud score between 0 and 1 for each card payment, available within 100 ms. Keep it 7 "
    "years. We expect 10k per day. The decision is one of allow, review or block."
)


@dataclass
class Rig:
    """Clients of the apps of one server; `clean` takes away what was made for it."""

    services: Services
    catalog: httpx.AsyncClient
    generator: httpx.AsyncClient
    prefix: str = field(default_factory=lambda: f"t{secrets.token_hex(3)}")
    approved: list[dict[str, Any]] = field(default_factory=list)

    def asked(self, name: str = "fraud scores", **more: Any) -> dict[str, Any]:
        """A request whose names nobody else uses."""
        given = {"owner": "fraud-team", "description": FRAUD}
        return {"product_name": f"{self.prefix} {name}", **given, **more}

    async def generate(self, **more: Any) -> dict[str, Any]:
        """The view of a generation that waits for a decision, or has ended."""
        response = await self.generator.post("/generate", json=self.asked(**more))
        assert response.status_code == 202, response.text
        return await self.until(response.headers["location"], _drafted)

    async def until(self, path: str, done: Any) -> dict[str, Any]:
        for _ in range(1_200):
            view: dict[str, Any] = (await self.generator.get(path)).json()
            if done(view):
                return view
            await asyncio.sleep(0.05)
        pytest.fail(f"it did not get there: {view['generation']}")

    async def decide(
        self, view: Mapping[str, Any], decision: str, who: Mapping[str, str] = JANE
    ) -> httpx.Response:
        if decision == "approve":
            self.approved.append(view["plan"])
        path = f"{view['approval']}/decision"
        return await self.generator.post(path, json={"decision": decision}, headers=who)

    async def clean(self) -> None:
        for plan in self.approved:
            with contextlib.suppress(KafkaFailedError):
                await self.services.kafka.delete_topic(plan["topic"]["name"])
            if self.services.registry is not None:
                with contextlib.suppress(RegistryFailedError):
                    await self.services.registry.delete_subject(plan["schema_plan"]["subject"])


def _drafted(view: Mapping[str, Any]) -> bool:
    return view["generation"]["status"] not in ("queued", "drafting")


@asynccontextmanager
async def opened(settings: Settings, *, working: bool = True) -> AsyncIterator[Rig]:
    """A server of these settings; without `working` nothing is drafted or carried out."""
    async with open_services(settings) as services:
        working_on = asyncio.create_task(services.work()) if working else None
        apps = {name: app_of(APIS[name], settings, services) for name in ApiName}
        async with (
            _client(apps[ApiName.CATALOG]) as catalog,
            _client(apps[ApiName.GENERATOR]) as generator,
        ):
            rig = Rig(services, catalog, generator)
            yield rig
            await rig.clean()
        if working_on is not None:
            working_on.cancel()
            await asyncio.gather(working_on, return_exceptions=True)


def _client(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=60)


@pytest.fixture(scope="package")
async def fleet_database(stack: EmbeddedStack, template_database: str) -> AsyncIterator[str]:
    """A database with the small fleet in it, for all tests of this folder."""
    name = f"test_generation_{secrets.token_hex(4)}"
    create = sql.SQL("create database {} template {}").format(
        sql.Identifier(name), sql.Identifier(template_database)
    )
    drop = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
    await _execute(stack.database_url, create)
    url = urlsplit(stack.database_url)._replace(path=f"/{name}").geturl()
    pool = await open_pool(url)
    await write_fleet(pool, embeddings_of())
    await pool.close()
    yield url
    await _execute(stack.database_url, drop)


@pytest.fixture(scope="package")
def settings(stack: EmbeddedStack, fleet_database: str) -> Settings:
    return settings_of(stack, fleet_database, scan_after_provisioning=False)


@pytest.fixture
async def own_settings(stack: EmbeddedStack, database_url: str) -> Settings:
    """Of a server that shares its database, and so its queue, with no other."""
    async with await open_pool(database_url) as pool:
        await write_fleet(pool, embeddings_of())
    return settings_of(stack, database_url, scan_after_provisioning=False)


@pytest.fixture(scope="package")
async def rig(settings: Settings) -> AsyncIterator[Rig]:
    """The server that most tests share."""
    async with opened(settings) as running:
        yield running


async def _execute(server: str, statement: sql.Composed) -> None:
    async with await AsyncConnection.connect(server, autocommit=True) as connection:
        await connection.execute(statement)
