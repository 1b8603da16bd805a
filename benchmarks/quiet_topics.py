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
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
import psutil
import psycopg
from confluent_kafka import Consumer, Producer, TopicPartition

from benchmarks.watcher import store, topics, watch, working
from benchmarks.watching import JSON_SCHEMA
from core.quality.rule import Metric, QualityRule
from server.scratch_servers import scratch_servers
from server.settings import Settings

AIM_SHARE, AIM_MIB = 0.10, 1_024
"""Of a core, and of memory."""
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
    mark = secrets.token_hex(3)
    names = [f"quiet-{mark}-{number}" for number in range(count)]
    async with scratch_servers(settings) as serving:
        servers, url = str(serving.bootstrap_servers), str(serving.database_url)
        async with topics(servers, names, 1):
            await asyncio.to_thread(_compare, servers, url, mark, names, seconds, every)


def _compare(
    servers: str, url: str, mark: str, names: Sequence[str], seconds: float, every: float
) -> None:
    count = len(names)
    store(url, mark, names, JSON_SCHEMA, RULES)
    with _trickle(servers, names, every):
        for name, target, given in (
            ("a bare consumer", consume, (servers, names)),
            ("the watcher", watch, (servers, url, mark)),
        ):
            share, mib = _cost(target, given, url, mark, count, seconds)
            print(
                f"{count:,} topics, a message every {every:.0f} s each: {name} takes "
                f"{share:.1%} of a core and {mib:,.0f} MiB",
                flush=True,
            )
    print(f"aim: under {AIM_SHARE:.0%} of a core and {AIM_MIB:,} MiB")


def _cost(
    target: Callable[..., None],
    given: Sequence[Any],
    url: str,
    cluster: str,
    count: int,
    seconds: float,
) -> tuple[float, float]:
    """The share of a core, and the resident memory in MiB at the end."""
    with working(target, given) as (process,):
        if target is watch:
            _await_all(url, cluster, count)
        else:
            time.sleep(seconds)
        seen = psutil.Process(process.pid)
        before, began = sum(seen.cpu_times()[:2]), time.perf_counter()
        time.sleep(seconds)
        used = sum(seen.cpu_times()[:2]) - before
        share = used / (time.perf_counter() - began)
        return share, seen.memory_info().rss / 2**20


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


def consume(servers: str, names: Sequence[str], ready: Any) -> None:
    """The floor, in a process of its own."""
    consumer = Consumer({"bootstrap.servers": servers, "group.id": f"floor-{secrets.token_hex(4)}"})
    consumer.assign([TopicPartition(name, 0) for name in names])
    ready.wait()
    while True:
        consumer.consume(10_000, 0.2)


@contextmanager
def _trickle(servers: str, names: Sequence[str], every: float) -> Iterator[None]:
    stopped = threading.Event()
    thread = threading.Thread(target=_send, args=(servers, names, every, stopped))
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _send(servers: str, names: Sequence[str], every: float, stopped: threading.Event) -> None:
    """One to each at once, then a sixtieth of them at a time."""
    producer = Producer({"bootstrap.servers": servers, "linger.ms": 5})
    part, turn = -(-len(names) // 60), 0
    due: Sequence[str] = names
    while True:
        for topic in due:
            now = datetime.now(UTC).isoformat()
            told = {"id": secrets.token_hex(8), "amount": 1.5, "at": now}
            producer.produce(topic, orjson.dumps(told))
            producer.poll(0)
        if stopped.wait(every / 60):
            break
        due = names[turn * part : (turn + 1) * part]
        turn = (turn + 1) % 60
    producer.flush(10)


if __name__ == "__main__":
    main()
