from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.integration.kafka.topics import Topics
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection


@pytest.fixture
async def topics(bootstrap_servers: str) -> AsyncIterator[Topics]:
    """Topics of this test alone, deleted after it."""
    topics = Topics(bootstrap_servers, KafkaAdmin(KafkaConnection(bootstrap_servers)))
    yield topics
    await topics.close()
