"""The products' and the catalog's APIs over a guarded Kafka, each test with its own product."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.product import DataProduct, Lifecycle, OutputPort
from server.api import APIS, ApiName
from server.app import app_of
from server.embedded.stack import EmbeddedStack
from server.principal import Role
from server.scratch_database import scratch_database
from server.services import Services, open_services
from tests.integration.access.callers import bearer, entry
from tests.integration.catalog.conftest import settings_of
from tests.integration.grants.broker import Broker, broker_in
from tests.integration.notifications.receivers import Hook, web_server

OWNERS, PAYMENTS = "group:default/fraud-team", "group:default/payments"


PRINCIPALS = (
    entry("ann", Role.VIEWER, OWNERS),
    entry("joe", Role.VIEWER, PAYMENTS),
    entry("pam", Role.VIEWER, PAYMENTS),
    entry("eve", Role.OWNER, "group:default/other"),
    entry("sam", Role.STEWARD),
)
"""ann owns the product, joe and pam want it, eve has nothing to do with it, sam is a steward."""


@dataclass
class Server:
    """One that runs for all of these tests, with its worker."""

    services: Services
    client: httpx.AsyncClient
    catalog: httpx.AsyncClient
    worker: asyncio.Task[None] | None = None

    def work(self) -> None:
        """Carry out, from now on, what is decided."""
        run = self.services.provisioning.run(self.services.desk.gate.expire)
        self.worker = asyncio.create_task(run)

    async def rest(self) -> None:
        assert self.worker is not None
        self.worker.cancel()
        with suppress(asyncio.CancelledError):
            await self.worker

    @asynccontextmanager
    async def idle(self) -> AsyncIterator[None]:
        """Nobody is at work within."""
        await self.rest()
        yield
        self.work()


@dataclass(frozen=True)
class Ground:
    """A product of a test's own, and what people do with it."""

    server: Server
    broker: Broker
    topic: str
    product_id: str
    group: str

    @property
    def services(self) -> Services:
        return self.server.services

    async def send(
        self, who: str, method: str, path: str, body: Any = None, **headers: str
    ) -> httpx.Response:
        on_catalog = path.startswith("/approvals")
        client = self.server.catalog if on_catalog else self.server.client
        asked = {**bearer(who), **headers}
        return await client.request(method, path, json=body, headers=asked)

    async def page(self, who: str, path: str) -> str:
        """A page of the console as text."""
        answer = await self.server.catalog.get(path, headers=bearer(who))
        assert answer.status_code == 200, answer.text
        return answer.text

    async def post(self, who: str, path: str, form: Mapping[str, str]) -> httpx.Response:
        """A form of the console, sent by its own page."""
        headers = {**bearer(who), "Cookie": "headwater_csrf=t"}
        body = {"csrf": "t", **form}
        answer = await self.server.catalog.post(path, data=body, headers=headers)
        assert answer.status_code == 303, answer.text
        return answer

    async def asked(
        self, who: str = "joe", headers: Mapping[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        until = datetime.now(UTC) + timedelta(days=30)
        body = {
            "team": "payments",
            "purpose": "Hold back payments that are likely fraud.",
            "group": self.group,
            "until": until.isoformat(),
            **more,
        }
        path = f"/products/{self.product_id}/access-requests"
        return await self.send(who, "POST", path, body, **(headers or {}))

    async def decided(self, who: str, request_id: str, **said: Any) -> httpx.Response:
        body = {"decision": "approve", **said}
        return await self.send(who, "POST", f"/approvals/{request_id}/decision", body)

    async def granted(self, **more: Any) -> dict[str, Any]:
        """A grant that joe asked for and ann approved, as the API shows it."""
        asked = await self.asked(**more)
        assert asked.status_code == 202, asked.text
        decided = await self.decided("ann", asked.json()["id"])
        assert decided.status_code == 200, decided.text
        ended = await self.ended(asked.json()["id"])
        assert ended["state"] == "granted", ended
        return await self.grant(ended["grant_id"])

    async def ended(self, request_id: str) -> dict[str, Any]:
        """The request once its plan is carried out."""
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            shown: dict[str, Any] = (
                await self.send("", "GET", f"/access-requests/{request_id}")
            ).json()
            if shown["state"] not in ("pending", "granting"):
                return shown
            await asyncio.sleep(0.05)
        raise AssertionError(f"it did not end: {shown}")

    async def grant(self, grant_id: str) -> dict[str, Any]:
        shown: dict[str, Any] = (await self.send("", "GET", f"/grants/{grant_id}")).json()
        return shown

    async def time_is_over(self, grant_id: str) -> None:
        """As if its end had come."""
        ended = datetime.now(UTC) - timedelta(seconds=1)
        over = (
            "update grants set until = %(at)s, plan = plan || jsonb_build_object('until', %(at)s) "
            "where id = %(id)s"
        )
        await self.services.pool.rows(over, {"id": grant_id, "at": ended})

    async def read(self, group: str | None = None) -> str:
        read = self.broker.read
        return await asyncio.to_thread(read, "payments", self.topic, group or self.group)

    async def fetch(self, user: str = "payments") -> str:
        return await asyncio.to_thread(self.broker.fetch, user, self.topic)


@pytest.fixture(scope="package")
async def broker(new_data_dir: Callable[[], Path]) -> AsyncIterator[Broker]:
    async with broker_in(new_data_dir()) as running:
        yield running


@pytest.fixture(scope="package")
async def hook() -> AsyncIterator[Hook]:
    """Where the owners of the products hear of things."""
    async with web_server() as receiving:
        yield receiving


@pytest.fixture(scope="package")
async def server(broker: Broker, stack: EmbeddedStack, hook: Hook) -> AsyncIterator[Server]:
    async with scratch_database(stack.database_url) as database_url:
        settings = settings_of(
            stack,
            database_url,
            bootstrap_servers=broker.address,
            principals=PRINCIPALS,
            acl_principal="User:{team}",
            notifications={
                "per_hour": 1_000,
                "channels": {OWNERS: [{"kind": "webhook", "url": hook.url}]},
            },
        )
        async with (
            open_services(settings) as services,
            _client(services, ApiName.PRODUCTS) as client,
            _client(services, ApiName.CATALOG) as catalog,
        ):
            server = Server(services, client, catalog)
            server.work()
            yield server
            await server.rest()


@pytest.fixture
async def ground(server: Server, broker: Broker) -> Ground:
    name = secrets.token_hex(4)
    ground = Ground(server, broker, f"fraud.{name}", f"fraud-{name}", f"payments.{name}")
    await server.services.kafka.create_topic(ground.topic, partitions=1, replication=1)
    await server.services.products.put(product_with(ground.product_id, ground.topic))
    return ground


def product_with(product_id: str, topic: str) -> DataProduct:
    return DataProduct(
        id=product_id,
        name="Fraud scores",
        description="A score for each card payment.",
        owner=OWNERS,
        domain="risk",
        lifecycle=Lifecycle.ACTIVE,
        ports=(OutputPort(cluster="default", topic=topic),),
    )


def _client(services: Services, name: ApiName) -> httpx.AsyncClient:
    app = app_of(APIS[name], services.settings, services)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")
