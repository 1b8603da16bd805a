"""How many messages a second one watcher counts, against consuming and parsing them alone.

    python -m benchmarks.watching [--messages 1500000] [--rounds 3] [--workers 1]

JSON of 225 bytes and Avro of nine fields, put to ten rules each (a unique id, timeliness, ranges,
lists, patterns ...) and the habits that every source is put to; offsets and windows go to Postgres.
The floor of JSON is a loop of confluent-kafka's consume and orjson.loads, the peer of Avro one of
consume and fastavro, in the same run. Starts the embedded servers in a temporary folder unless the
addresses are configured; deletes the topics and the database that it made.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import random
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import fastavro
import orjson
import psycopg
from confluent_kafka import Consumer, Producer, TopicPartition

from benchmarks.producing import put
from benchmarks.watcher import AVRO, SCHEMA_ID, counted, store, topics, watch, working
from core.quality.rule import Metric, QualityRule
from core.schema import avro as avro_reader
from core.schema.model import Field, Kind, Logical, Schema
from server.scratch_servers import scratch_servers
from server.settings import Settings

PARTITIONS = 4


def _rule(number: int, metric: Metric, field: str, **more: Any) -> QualityRule:
    return QualityRule(
        id=f"rule-{number}", metric=metric, field=field, reason="of the benchmark", **more
    )


RULES = (
    _rule(1, Metric.REQUIRED, "id"),
    _rule(2, Metric.UNIQUE, "id"),
    _rule(3, Metric.PATTERN, "customer", pattern=r"C-[0-9]{6}"),
    _rule(4, Metric.FORMAT, "country", format=Logical.COUNTRY),
    _rule(5, Metric.RANGE, "amount", minimum=0, maximum=10_000),
    _rule(6, Metric.RANGE, "quantity", minimum=1, maximum=99),
    _rule(7, Metric.ENUM, "state", values=("new", "paid")),
    _rule(8, Metric.FORMAT, "email", format=Logical.EMAIL),
    _rule(9, Metric.REQUIRED, "express"),
    _rule(10, Metric.TIMELINESS, "at", max_delay_ms=3_600_000, max_ahead_ms=60_000),
)


def _plain(name: str, *kinds: Kind, logical: Logical | None = None) -> Field:
    return Field(name, frozenset(kinds), logical=logical)


JSON_SCHEMA = Schema(
    Field(
        "",
        frozenset({Kind.OBJECT}),
        children=(
            _plain("id", Kind.STRING),
            _plain("customer", Kind.STRING),
            _plain("country", Kind.STRING),
            _plain("amount", Kind.NUMBER),
            _plain("quantity", Kind.INTEGER),
            _plain("state", Kind.STRING),
            _plain("email", Kind.STRING, Kind.NULL),
            _plain("express", Kind.BOOLEAN),
            _plain("at", Kind.STRING, logical=Logical.DATE_TIME),
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Written:
    """A way of writing, its schema in the catalog, and how a plain loop parses a value."""

    name: str
    schema: Schema
    value: Callable[[dict[str, Any]], bytes]
    parse: Callable[[bytes], object]


def _ways() -> tuple[Written, Written]:
    parsed = fastavro.parse_schema(orjson.loads(orjson.dumps(AVRO)))

    def datum(row: dict[str, Any]) -> bytes:
        out = io.BytesIO()
        fastavro.schemaless_writer(out, parsed, row)
        return b"\0" + SCHEMA_ID.to_bytes(4, "big") + out.getvalue()

    def text(row: dict[str, Any]) -> bytes:
        return orjson.dumps(row | {"at": row["at"].isoformat()})

    return (
        Written("JSON", JSON_SCHEMA, text, orjson.loads),
        Written(
            "Avro",
            avro_reader.read(AVRO),
            datum,
            lambda data: fastavro.schemaless_reader(io.BytesIO(data[5:]), parsed, None),
        ),
    )


def rows(count: int) -> Iterator[dict[str, Any]]:
    """Orders of now; one in two hundred breaks a rule."""
    rng = random.Random(3)
    for number in range(count):
        row: dict[str, Any] = {
            "id": f"{number:08x}-{rng.getrandbits(64):016x}",
            "customer": f"C-{rng.randrange(10**6):06d}",
            "country": rng.choice(("DE", "FR", "US", "CN", "BR")),
            "amount": round(rng.uniform(1, 900), 2),
            "quantity": rng.randint(1, 9),
            "state": rng.choice(("new", "paid")),
            "email": None if rng.random() < 0.1 else f"user{rng.randrange(9_999)}@shop.example",
            "express": rng.random() < 0.2,
            "at": datetime.now(UTC) - timedelta(milliseconds=rng.randrange(3_000)),
        }
        if rng.random() < 0.005:
            row["amount"] = -1.0
        yield row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_500_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=1, choices=(1, 2))
    given = parser.parse_args()
    asyncio.run(measure(Settings(), given.messages, given.rounds, given.workers))


async def measure(settings: Settings, count: int, rounds: int, workers: int) -> None:
    async with scratch_servers(settings) as serving:
        servers, url = str(serving.bootstrap_servers), str(serving.database_url)
        for way in _ways():
            topic = f"watched-{secrets.token_hex(4)}"
            async with topics(servers, [topic], PARTITIONS):
                await asyncio.to_thread(_compare, way, topic, servers, url, count, rounds, workers)


def _compare(
    way: Written, topic: str, servers: str, url: str, count: int, rounds: int, workers: int
) -> None:
    size = _produce(way, topic, servers, count)
    print(f"{way.name}: {count:,} messages of {size:.0f} bytes, {len(RULES)} rules")
    for number in range(rounds):
        floor = count / _consumed(way, topic, servers, count)
        rate = _watched(way, topic, servers, url, count, f"{topic}-{number}", workers)
        print(
            f"  consumed and parsed alone {floor:,.0f}/s; watched by {workers} "
            f"{rate:,.0f}/s ({rate / floor:.2f} of it)",
            flush=True,
        )


def _produce(way: Written, topic: str, servers: str, count: int) -> float:
    producer = Producer({"bootstrap.servers": servers, "linger.ms": 50, "compression.type": "lz4"})
    size = 0
    for number, row in enumerate(rows(count)):
        value = way.value(row)
        size += len(value)
        put(producer, topic, value, partition=number % PARTITIONS)
    producer.flush()
    return size / count


def _consumed(way: Written, topic: str, servers: str, count: int) -> float:
    consumer = Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": f"floor-{secrets.token_hex(4)}",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            # As the watcher's: with the second that it is by itself, waiting is measured.
            "fetch.queue.backoff.ms": 10,
        }
    )
    consumer.assign([TopicPartition(topic, number, 0) for number in range(PARTITIONS)])
    parse, seen, started = way.parse, 0, 0.0
    while seen < count:
        records = consumer.consume(10_000, 1.0)
        started = started or time.perf_counter()
        for record in records:
            parse(record.value())
        seen += len(records)
    took = time.perf_counter() - started
    consumer.close()
    return took


def _watched(
    way: Written, topic: str, servers: str, url: str, count: int, cluster: str, workers: int
) -> float:
    store(url, cluster, [topic], way.schema, RULES)
    with working(watch, (servers, url, cluster), workers):
        return _rate(url, cluster, count)


def _rate(url: str, cluster: str, count: int) -> float:
    """Records a second between the first flush and the last but one.

    Before the first the workers join their group, and the last waits for its second to be over
    though there is nothing left to read.
    """
    told: list[tuple[float, int]] = []
    with psycopg.connect(url, autocommit=True) as connection:
        while (done := counted(connection, cluster)) < count:
            if done and (not told or done > told[-1][1]):
                told.append((time.perf_counter(), done))
            time.sleep(0.02)
    (began, first), (ended, last) = told[0], told[-1]
    if last <= first:
        raise SystemExit("Too few messages to see a rate: ask for more with --messages.")
    return (last - first) / (ended - began)


if __name__ == "__main__":
    main()
