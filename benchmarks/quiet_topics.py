"""What it costs one watcher to have thousands of quiet topics: processor time and memory.

    python -m benchmarks.quiet_topics [--topics 5000] [--seconds 60] [--every 600]

Topics of one partition, each of which gets a message of JSON every so many seconds, and each put
to two rules and the habits that every source is put to. It is looked at once the watcher has
counted a message of every topic. The floor, in the same run, is a bare consumer that takes the
same partitions. Starts the embedded servers in a temporary folder unless the addresses are
configured; deletes the topics and the database that it made.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
import psutil
import psycopg
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from benchmarks.watching import JSON_SCHEMA, watch
from core.quality.rule import Metric, QualityRule
from core.schema.document import to_document
from server.scratch_servers import scratch_servers
from server.settings import Settings

AIM_SHARE, AIM_MIB = 0.10, 1_024
"""Of a core, and of memory."""
_BATCH = 500
_PATIENCE = 600.0
RULES = (
    QualityRule(id="id", metric=Metric.REQUIRED, field="id", reason="of the benchmark"),
    QualityRule(
        id="amount", metric=Metric.RANGE, field="amount", minimum=0, reason="of the benchmark"
    ),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--topics", type=int, default=5_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--every", type=float, default=600.0)
    given = parser.parse_args()
    asyncio.run(measure(Settings(), given.topics, given.seconds, given.every))


async def measure(settings: Settings, count: int, seconds: float, every: float) -> None:
    async with scratch_servers(settings) as serving:
        servers, url = str(serving.bootstrap_servers), str(serving.database_url)
        await asyncio.to_thread(_compare, servers, url, count, seconds, every)


def _compare(servers: str, url: str, count: int, seconds: float, every: float) -> None:
    mark = secrets.token_hex(3)
    topics = [f"quiet-{mark}-{number}" for number in range(count)]
    admin = AdminClient({"bootstrap.servers": servers})
    _create(admin, topics)
    try:
        _store(url, mark, topics)
        with _trickle(servers, topics, every):
            for name, target, given in (
                ("a bare consumer", consume, (servers, topics)),
                ("the watcher", watch, (servers, url, mark)),
            ):
                share, mib = _cost(name, target, given, url, mark, count, seconds)
                print(
                    f"{count:,} topics, a message every {every:.0f} s each: {name} takes "
                    f"{share:.1%} of a core and {mib:,.0f} MiB",
                    flush=True,
                )
        print(f"aim: under {AIM_SHARE:.0%} of a core and {AIM_MIB:,} MiB")
    finally:
        for start in range(0, count, _BATCH):
            for gone in admin.delete_topics(topics[start : start + _BATCH]).values():
                gone.exception()


def _cost(
    name: str,
    target: Any,
    given: tuple[Any, ...],
    url: str,
    cluster: str,
    count: int,
    seconds: float,
) -> tuple[float, float]:
    """The share of a core, and the resident memory in MiB at the end."""
    context = multiprocessing.get_context("spawn")
    ready, begin = context.Barrier(2), context.Event()
    process = context.Process(target=target, args=(*given, ready, begin))
    process.start()
    ready.wait()
    begin.set()
    if target is watch:
        _await_all(url, cluster, count)
    else:
        time.sleep(seconds)
    seen = psutil.Process(process.pid)
    before, began = sum(seen.cpu_times()[:2]), time.perf_counter()
    time.sleep(seconds)
    used = sum(seen.cpu_times()[:2]) - before
    share = used / (time.perf_counter() - began)
    mib = seen.memory_info().rss / 2**20
    process.terminate()
    process.join()
    return share, mib


def _await_all(url: str, cluster: str, count: int) -> None:
    until = time.monotonic() + _PATIENCE
    with psycopg.connect(url, autocommit=True) as connection:
        while time.monotonic() < until:
            row = connection.execute(
                "select count(distinct topic) from quality_windows where cluster = %s", (cluster,)
            ).fetchone()
            if row and row[0] == count:
                return
            time.sleep(1.0)
    raise SystemExit(f"After {_PATIENCE:.0f} s not all topics were counted.")


def consume(servers: str, topics: Sequence[str], ready: Any, begin: Any) -> None:
    """The floor, in a process of its own."""
    consumer = Consumer({"bootstrap.servers": servers, "group.id": f"floor-{secrets.token_hex(4)}"})
    consumer.assign([TopicPartition(topic, 0) for topic in topics])
    ready.wait()
    begin.wait()
    while True:
        consumer.consume(10_000, 0.2)


@contextmanager
def _trickle(servers: str, topics: Sequence[str], every: float) -> Iterator[None]:
    stopped = threading.Event()
    thread = threading.Thread(target=_send, args=(servers, topics, every, stopped))
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _send(servers: str, topics: Sequence[str], every: float, stopped: threading.Event) -> None:
    """One to each at once, then a sixtieth of them at a time."""
    producer = Producer({"bootstrap.servers": servers, "linger.ms": 5})
    part, turn = -(-len(topics) // 60), 0
    due: Sequence[str] = topics
    while True:
        for topic in due:
            now = datetime.now(UTC).isoformat()
            told = {"id": secrets.token_hex(8), "amount": 1.5, "at": now}
            producer.produce(topic, orjson.dumps(told))
            producer.poll(0)
        if stopped.wait(every / 60):
            break
        due = topics[turn * part : (turn + 1) * part]
        turn = (turn + 1) % 60
    producer.flush(10)


def _create(admin: AdminClient, topics: Sequence[str]) -> None:
    for start in range(0, len(topics), _BATCH):
        made = admin.create_topics(
            [NewTopic(topic, 1, 1) for topic in topics[start : start + _BATCH]]
        )
        for future in made.values():
            future.result()


def _store(url: str, cluster: str, topics: Sequence[str]) -> None:
    document = orjson.dumps(to_document(JSON_SCHEMA)).decode()
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "insert into sources (cluster, name, kind, status, schema) "
            "values (%s, %s, 'discovered', 'present', %s::jsonb)",
            [(cluster, topic, document) for topic in topics],
        )
        cursor.executemany(
            "insert into quality_rules (cluster, topic, rule_id, rule) "
            "values (%s, %s, %s, %s::jsonb)",
            [
                (cluster, topic, rule.id, rule.model_dump_json(exclude_defaults=True))
                for topic in topics
                for rule in RULES
            ],
        )


if __name__ == "__main__":
    main()
