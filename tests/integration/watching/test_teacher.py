"""Topics that nobody stated rules for are taught their own."""

from __future__ import annotations

import secrets

from core.quality.rule import Metric
from tests.integration.watching.watching import create, store
from tools.db.pool import open_pool
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection
from tools.kafka.sampler import Sampler
from tools.teaching.teacher import Teacher


async def test_dead_letters_are_waited_for_before_there_are_any(
    bootstrap_servers: str, database_url: str
) -> None:
    orders = f"orders-{secrets.token_hex(4)}"
    letters = f"{orders}.dlq"
    for topic in (orders, letters):
        create(bootstrap_servers, topic, 1)
        store(database_url, topic, ())
    connection = KafkaConnection(bootstrap_servers)
    sampler = Sampler(connection, KafkaAdmin(connection))
    async with await open_pool(database_url) as pool:
        teacher = Teacher(pool, sampler, None, "default", "quality-alerts")
        taught = [await teacher.teach_due(), await teacher.teach_due()]
        rows = await pool.rows("select topic, rule from quality_rules", {})

    assert taught == [1, 0]
    assert [(row["topic"], row["rule"]["metric"]) for row in rows] == [
        (letters, Metric.DEAD_LETTERS.value)
    ]
