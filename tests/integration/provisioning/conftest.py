from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

import pytest

from tests.integration.provisioning.ground import Ground
from tools.db.pool import Pool, open_pool
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection
from tools.registry.client import Registry


@pytest.fixture
async def ground(
    database_url: str, bootstrap_servers: str, registry_url: str
) -> AsyncIterator[Ground]:
    """A database of its own; topics and subjects carry a prefix and are deleted afterwards."""
    pool = await open_pool(database_url)
    registry = Registry(registry_url)
    admin = KafkaAdmin(KafkaConnection(bootstrap_servers))
    prefix = f"p{secrets.token_hex(4)}"
    ground = Ground(database_url, pool, admin, registry, prefix, bootstrap_servers)
    yield await ground.open()
    await ground.clean()
    await registry.close()
    await pool.close()


@pytest.fixture
def pool(ground: Ground) -> Pool:
    return ground.pool
