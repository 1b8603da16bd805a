from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.integration.alerts.ground import AlertTopic, Ground
from tools.db.pool import Pool
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection


@pytest.fixture
async def ground(pool: Pool) -> Ground:
    ground = Ground(pool)
    await ground.owned()
    return ground


@pytest.fixture
async def topic(bootstrap_servers: str) -> AsyncIterator[AlertTopic]:
    """Of this test alone; it does not exist yet."""
    topic = AlertTopic(bootstrap_servers)
    yield topic
    admin = KafkaAdmin(KafkaConnection(bootstrap_servers))
    if await admin.topics([topic.name], settings=False):
        await admin.delete_topic(topic.name)
