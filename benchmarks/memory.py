"""Whether a watcher's memory stays as it is, however many messages it has counted.

    python -m benchmarks.memory [--messages 20000000]

Messages of JSON, each with an identifier of its own, put to the ten rules of `benchmarks.watching`
while they are written: uniqueness has to remember them. Tells the resident memory of the process
after each tenth, and by how much the later ones are off the second. Starts the embedded servers in
a temporary folder unless the addresses are configured; the topic keeps the last GiB of itself.
Deletes the topic and the database that it made.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import psutil
import psycopg
from confluent_kafka import Producer

from benchmarks.producing import put
from benchmarks.watcher import counted, store, topics, watch, working
from benchmarks.watching import JSON_SCHEMA, PARTITIONS, RULES
from server.scratch_servers import scratch_servers
from server.settings import Settings

AIM = 0.10
_TENTHS = 10
_AHEAD = 2_000_000
"""Messages that are written and not counted yet, at most."""
_VALUE = (
    b'{"id":"%08x-%s","customer":"C-%06d","country":"DE","amount":%d.5,"quantity":%d,'
    b'"state":"paid","email":"user%d@shop.example","express":true,"at":"%s"}'
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000_000)
    given = parser.parse_args()
    asyncio.run(measure(Settings(), given.messages))


async def measure(settings: Settings, count: int) -> None:
    topic = f"watched-{secrets.token_hex(4)}"
    kept = {"retention.bytes": str(2**30 // PARTITIONS), "segment.bytes": str(2**26)}
    async with scratch_servers(settings) as serving:
        servers, url = str(serving.bootstrap_servers), str(serving.database_url)
        async with topics(servers, [topic], PARTITIONS, kept):
            await asyncio.to_thread(_watched, servers, url, topic, count)


def _watched(servers: str, url: str, topic: str, count: int) -> None:
    cluster = secrets.token_hex(4)
    store(url, cluster, [topic], JSON_SCHEMA, RULES)
    done, stopped = [0], threading.Event()
    writer = threading.Thread(target=_write, args=(servers, topic, count, done, stopped))
    with working(watch, (servers, url, cluster)) as (process,):
        writer.start()
        try:
            _tell(list(_sizes(process.pid or 0, url, cluster, count, done)))
        finally:
            stopped.set()
            writer.join()


def _sizes(pid: int, url: str, cluster: str, count: int, done: list[int]) -> Iterator[float]:
    """Resident MiB after each tenth; `done` learns what was counted."""
    seen = psutil.Process(pid)
    with psycopg.connect(url, autocommit=True) as connection:
        for tenth in range(1, _TENTHS + 1):
            while done[0] < count * tenth // _TENTHS:
                time.sleep(0.25)
                done[0] = counted(connection, cluster)
            size = seen.memory_info().rss / 2**20
            print(f"{done[0]:,} messages: {size:,.0f} MiB", flush=True)
            yield size


def _tell(sizes: list[float]) -> None:
    base, later = sizes[1], sizes[2:]
    off = max(later, key=lambda size: abs(size - base)) / base - 1
    print(f"the furthest from the second tenth: {off:+.1%} (aim: within {AIM:.0%})")


def _write(servers: str, topic: str, count: int, done: list[int], stopped: threading.Event) -> None:
    producer = Producer({"bootstrap.servers": servers, "linger.ms": 50, "compression.type": "lz4"})
    mark = secrets.token_hex(8).encode()
    for number in range(count):
        if number % 1_000 == 0:
            now = datetime.now(UTC).isoformat().encode()
            producer.poll(0)
            while number - done[0] > _AHEAD:
                if stopped.wait(0.05):
                    return
        value = _VALUE % (number, mark, number % 10**6, number % 900, number % 9 + 1, number, now)
        put(producer, topic, value, partition=number % PARTITIONS)
    producer.flush()


if __name__ == "__main__":
    main()
