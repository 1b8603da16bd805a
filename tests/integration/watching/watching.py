"""A watcher in a process of its own, to be killed; and what the ledger says it counted."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import orjson
import psycopg
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic
from psycopg.rows import dict_row

from core.quality.rule import QualityRule
from core.quality.window import Window, total
from core.schema.document import to_document
from core.schema.model import Schema
from tools.kafka.connection import KafkaConnection
from tools.watching.ledger import Ledger
from tools.watching.watcher import Watcher, WatchProgress


def create(servers: str, topic: str, partitions: int = 3) -> None:
    admin = AdminClient({"bootstrap.servers": servers})
    for future in admin.create_topics([NewTopic(topic, partitions, 1)]).values():
        future.result()


def produce(servers: str, topic: str, values: Iterable[tuple[int, bytes | None]]) -> None:
    """Values with their partitions, at the broker's present time."""
    producer = Producer({"bootstrap.servers": servers, "linger.ms": 5})
    for partition, value in values:
        while True:
            try:
                producer.produce(topic, value, partition=partition)
                break
            except BufferError:
                producer.poll(0.1)
    producer.flush()


def store(
    url: str,
    topic: str,
    rules: Iterable[QualityRule],
    schema: Schema | None = None,
    kind: str = "discovered",
) -> None:
    """A source with rules, as scans and products write them."""
    document = None if schema is None else orjson.dumps(to_document(schema)).decode()
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into sources (cluster, name, kind, status, schema) "
            "values ('default', %s, %s, 'present', %s::jsonb) on conflict do nothing",
            (topic, kind, document),
        )
        for rule in rules:
            connection.execute(
                "insert into quality_rules (cluster, topic, rule_id, rule) "
                "values ('default', %s, %s, %s::jsonb) on conflict (cluster, topic, rule_id) "
                "do update set rule = excluded.rule, since = now()",
                (topic, rule.id, rule.model_dump_json(exclude_defaults=True)),
            )


def counted(url: str, topic: str) -> Window:
    with psycopg.connect(url, row_factory=dict_row) as connection:
        rows = connection.execute(
            "select records, bad, state from quality_windows where topic = %s", (topic,)
        ).fetchall()
    windows = [Window.from_bytes(bytes(row["state"])) for row in rows]
    assert [(w.records, w.bad) for w in windows] == [(r["records"], r["bad"]) for r in rows]
    return total(windows)


def offsets(url: str, topic: str) -> dict[int, int]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "select partition, next_offset from quality_offsets where topic = %s", (topic,)
        ).fetchall()
    return dict(rows)


def until_read(url: str, topic: str, ends: dict[int, int], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while offsets(url, topic) != ends:
        assert time.monotonic() < deadline, (offsets(url, topic), ends)
        time.sleep(0.2)


def watcher(servers: str, url: str, group: str, **more: Any) -> Watcher:
    return Watcher(
        KafkaConnection(servers), Ledger(url, "default"), dict.fromkeys, group=group, **more
    )


def main(servers: str, url: str, group: str, instance: str) -> None:
    def tell(progress: WatchProgress) -> None:
        print(progress, datetime.now(UTC).time(), flush=True)

    # Small bites, so that a kill finds something half done.
    watcher(servers, url, group, instance=instance or None, at_once=200).run(tell, lambda: False)


if __name__ == "__main__":
    main(*sys.argv[1:])
