"""The products' API over real servers, each test with a database and topics of its own."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

import httpx
import pytest

from server.app import products_app
from server.embedded.stack import EmbeddedStack
from tests.integration.catalog.conftest import client_of, settings_of
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection


@pytest.fixture
async def client(stack: EmbeddedStack, database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(products_app(settings_of(stack, database_url))) as running:
        yield running


@pytest.fixture(scope="session")
def admin(bootstrap_servers: str) -> KafkaAdmin:
    return KafkaAdmin(KafkaConnection(bootstrap_servers))


@pytest.fixture
async def topic(admin: KafkaAdmin) -> AsyncIterator[str]:
    """A topic that exists on Kafka, gone after the test."""
    name = f"test.products.{secrets.token_hex(4)}"
    await admin.create_topic(name, partitions=2, replication=1)
    yield name
    await admin.delete_topic(name)
