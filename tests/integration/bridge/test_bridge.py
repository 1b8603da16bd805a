"""The bridge on a real Kafka: everything comes over once, in its new form, or to dead letters."""

from __future__ import annotations

import asyncio
import io
import json
import random
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import fastavro
import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from tests.integration.bridge.carrying import committed, job, mappings, origins, written
from tools.bridge.bridge import Bridge, BridgeFailedError
from tools.bridge.job import BridgeJob, BridgeProgress
from tools.kafka.connection import KafkaConnection

KILLS = 20


@dataclass(frozen=True, slots=True)
class Topics:
    servers: str
    events: str
    raw: str
    target: str

    @property
    def job(self) -> BridgeJob:
        return job(self.target, self.target, *mappings(self.events, self.raw))


@pytest.fixture
async def topics(bootstrap_servers: str) -> AsyncIterator[Topics]:
    mark = secrets.token_hex(4)
    made = Topics(bootstrap_servers, f"events-{mark}", f"raw-{mark}", f"unified-{mark}")
    admin = AdminClient({"bootstrap.servers": bootstrap_servers})
    names = (made.events, made.raw, made.target)
    for future in admin.create_topics([NewTopic(name, 3, 1) for name in names]).values():
        await asyncio.to_thread(future.result)
    yield made
    for future in admin.delete_topics([*names, f"{made.target}.dlq"]).values():
        await asyncio.to_thread(future.exception)


def event(number: int) -> bytes:
    at = f"2026-01-02T03:04:{number % 60:02d}Z"
    place = {"city": f"City {number}"} if number % 2 else None
    told = {"supplier_id": f"S-{number}", "spend": number / 2, "at": at, "address": place}
    return json.dumps(told).encode()


def row(number: int) -> bytes:
    told = {
        "vendorNo": f"S-{number}",
        "yearlySpend": f"1.{number % 1_000:03d},50",
        "lastChange": 1767323045,
    }
    return json.dumps(told).encode()


def produce(topics: Topics, count: int, broken: int = 0) -> None:
    producer = Producer({"bootstrap.servers": topics.servers})
    for number in range(count):
        producer.produce(topics.events, event(number), f"S-{number}", headers=[("team", b"a")])
        producer.produce(topics.raw, row(number))
        producer.poll(0)
    for _ in range(broken):
        producer.produce(topics.raw, b'{"vendorNo": "S-1", "yearlySpend": "many"', b"k")
    assert producer.flush(30) == 0


def run(topics: Topics, **more: int) -> BridgeProgress:
    bridge = Bridge(KafkaConnection(topics.servers), topics.job, lambda refs: {}, **more)
    return bridge.run(lambda progress: None, lambda: False, until_caught_up=True)


async def test_both_topics_come_over_in_one_form(topics: Topics) -> None:
    produce(topics, 50, broken=2)
    Producer({"bootstrap.servers": topics.servers}).flush()

    done = await asyncio.to_thread(run, topics)

    assert (done.carried, done.rejected, done.lag) == (100, 2, 0)
    records = await asyncio.to_thread(committed, topics.servers, topics.target)
    assert len(records) == 100
    by_origin = {dict(record.headers())["headwater.origin"]: record for record in records}
    seventh = next(
        record
        for origin, record in by_origin.items()
        if origin.decode().startswith(topics.events) and record.key() == b"S-7"
    )
    assert seventh.value()[:5] == b"\0\0\0\0\x07"
    told = fastavro.schemaless_reader(
        io.BytesIO(seventh.value()[5:]), fastavro.parse_schema(dict(topics.job.avro)), None
    )
    assert (told["supplier_id"], told["spend"], told["city"]) == ("S-7", 3.5, "City 7")
    assert told["changed_at"].isoformat() == "2026-01-02T03:04:07+00:00"


async def test_what_does_not_come_through_is_a_dead_letter_with_connect_s_headers(
    topics: Topics,
) -> None:
    produce(topics, 1, broken=1)

    await asyncio.to_thread(run, topics)

    (letter,) = await asyncio.to_thread(committed, topics.servers, topics.job.dead_letters)
    headers = dict(letter.headers())
    assert letter.value() == b'{"vendorNo": "S-1", "yearlySpend": "many"'
    assert letter.key() == b"k"
    assert headers["__connect.errors.topic"].decode() == topics.raw
    assert headers["__connect.errors.connector.name"].decode() == topics.job.group
    assert b"many" not in headers["__connect.errors.exception.message"]


async def test_messages_of_one_supplier_lie_in_one_partition_in_their_order(
    topics: Topics,
) -> None:
    produce(topics, 40)

    await asyncio.to_thread(run, topics)

    places: dict[bytes, set[int]] = {}
    for record in await asyncio.to_thread(committed, topics.servers, topics.target):
        places.setdefault(record.key(), set()).add(record.partition())
    assert all(len(found) == 1 for found in places.values())


async def test_it_goes_on_where_it_stopped(topics: Topics) -> None:
    produce(topics, 20)
    await asyncio.to_thread(run, topics)
    produce(topics, 5)

    again = await asyncio.to_thread(run, topics)

    assert again.carried == 10
    records = await asyncio.to_thread(committed, topics.servers, topics.target)
    assert set(origins(records).values()) == {1}
    assert len(records) == 50


async def test_a_worker_that_joins_takes_over_a_part_and_carries_nothing_twice(
    topics: Topics,
) -> None:
    carried: dict[int, int] = {}
    done = threading.Event()

    def work(worker: int) -> None:
        bridge = Bridge(
            KafkaConnection(topics.servers), topics.job, lambda refs: {}, worker=worker, at_once=100
        )
        bridge.run(lambda progress: carried.update({worker: progress.carried}), done.is_set)

    produce(topics, 500)
    workers = [asyncio.create_task(asyncio.to_thread(work, 0))]
    await asyncio.to_thread(_wait_until, lambda: carried.get(0, 0) > 0)
    workers.append(asyncio.create_task(asyncio.to_thread(work, 1)))
    sent = 500
    while not carried.get(1):
        await asyncio.to_thread(produce, topics, 50)
        sent += 50
    await asyncio.to_thread(_wait_until, lambda: sum(carried.values()) == 2 * sent)
    done.set()
    await asyncio.gather(*workers)

    records = await asyncio.to_thread(committed, topics.servers, topics.target)
    assert set(origins(records).values()) == {1}
    assert len(records) == 2 * sent


def _wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


async def test_a_topic_that_is_gone_is_named(topics: Topics) -> None:
    events, raw = mappings(f"{topics.events}-gone", topics.raw)
    gone = job(topics.target, topics.target, events, raw)
    bridge = Bridge(KafkaConnection(topics.servers), gone, lambda refs: {})

    with pytest.raises(BridgeFailedError, match=f"{topics.events}-gone no longer exists"):
        await asyncio.to_thread(bridge.run, lambda progress: None, lambda: False)


async def test_every_message_comes_over_once_however_often_it_is_killed(
    topics: Topics, tmp_path: Path
) -> None:
    produce(topics, 3_000, broken=30)
    path = written(topics.job, tmp_path / "job.json")

    killed = await asyncio.to_thread(_killed_often, topics, path)
    await asyncio.to_thread(run, topics)

    assert killed == KILLS
    records = await asyncio.to_thread(committed, topics.servers, topics.target)
    letters = await asyncio.to_thread(committed, topics.servers, topics.job.dead_letters)
    assert set(origins(records).values()) == {1}
    assert set(origins(letters).values()) == {1}
    assert (len(records), len(letters)) == (6_000, 30)


def _killed_often(topics: Topics, path: Path) -> int:
    """Ends the bridge by SIGKILL at moments that chance picks, while it is at work."""
    chance = random.Random(11)
    killed = 0
    while killed < KILLS:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.bridge.carrying", topics.servers, str(path)],
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.3))
        process.kill()
        process.wait()
        killed += 1
    return killed
