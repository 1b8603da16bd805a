"""Topics that nobody stated rules for are taught their own."""

from __future__ import annotations

import random
import secrets
import time

import orjson
from confluent_kafka import Producer

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


async def test_what_runs_on_is_seen_to_over_all_partitions(
    bootstrap_servers: str, database_url: str
) -> None:
    topic = f"readings-{secrets.token_hex(4)}"
    create(bootstrap_servers, topic, 3)
    store(database_url, topic, ())
    producer, rng = Producer({"bootstrap.servers": bootstrap_servers}), random.Random(3)
    begin = round(time.time() * 1_000) - 600_000
    for turn in range(600):
        value = {"turn": turn, "amount": rng.gauss(100, 5)}
        partition, at = rng.randrange(3), begin + 1_000 * turn
        producer.produce(topic, orjson.dumps(value), partition=partition, timestamp=at)
    producer.flush()
    connection = KafkaConnection(bootstrap_servers)
    sampler = Sampler(connection, KafkaAdmin(connection))
    async with await open_pool(database_url) as pool:
        async with pool.connection() as connection:
            scanned = "update sources set messages = 600 where name = %s"
            await connection.execute(scanned, (topic,))
        await Teacher(pool, sampler, None, "default", "quality-alerts").teach_due()
        told = "select rule from quality_rules where topic = %(topic)s"
        rows = await pool.rows(told, {"topic": topic})

    ranges = [row["rule"]["field"] for row in rows if row["rule"]["metric"] == Metric.RANGE.value]
    assert ranges == ["amount"]
