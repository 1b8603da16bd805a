"""Watchers in processes of their own, and what they are put to."""

from __future__ import annotations

import multiprocessing
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from multiprocessing.process import BaseProcess
from typing import Any

import orjson
import psycopg

from core.decoding.decoded import SchemaRef
from core.decoding.registered import RegisteredSchema, SchemaKind
from core.quality.rule import QualityRule
from core.schema.document import to_document
from core.schema.model import Schema
from tools.kafka.admin import KafkaAdmin, NewTopic
from tools.kafka.connection import KafkaConnection
from tools.one_thread import columns_by_one_thread
from tools.watching.ledger import Ledger
from tools.watching.watcher import Watcher, WatchProgress

SCHEMA_ID = 7
AVRO: dict[str, Any] = {
    "type": "record",
    "name": "Order",
    "fields": [
        {"name": "id", "type": "string"},
        {"name": "customer", "type": "string"},
        {"name": "country", "type": "string"},
        {"name": "amount", "type": "double"},
        {"name": "quantity", "type": "int"},
        {"name": "state", "type": {"type": "enum", "name": "S", "symbols": ["new", "paid"]}},
        {"name": "email", "type": ["null", "string"]},
        {"name": "express", "type": "boolean"},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
    ],
}
"""All that a watcher finds registered, under `SCHEMA_ID`."""

_AT_ONCE = 500
"""Topics that a broker is asked to create or delete in one request."""


@asynccontextmanager
async def topics(
    servers: str, names: Sequence[str], partitions: int, configs: Mapping[str, str] | None = None
) -> AsyncIterator[None]:
    """Made for a run and deleted after it."""
    admin = KafkaAdmin(KafkaConnection(servers))
    parts = [names[start : start + _AT_ONCE] for start in range(0, len(names), _AT_ONCE)]
    for part in parts:
        await admin.create_topics([NewTopic(name, partitions, 1, configs or {}) for name in part])
    try:
        yield
    finally:
        for part in parts:
            await admin.delete_topics(part)


def store(
    url: str, cluster: str, names: Sequence[str], schema: Schema, rules: Sequence[QualityRule]
) -> None:
    """Topics as a scan leaves them, each put to the rules."""
    document = orjson.dumps(to_document(schema)).decode()
    stated = [(rule.id, rule.model_dump_json(exclude_defaults=True)) for rule in rules]
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "insert into sources (cluster, name, kind, status, schema) "
            "values (%s, %s, 'discovered', 'present', %s::jsonb)",
            [(cluster, name, document) for name in names],
        )
        cursor.executemany(
            "insert into quality_rules (cluster, topic, rule_id, rule) "
            "values (%s, %s, %s, %s::jsonb)",
            [(cluster, name, *rule) for name in names for rule in stated],
        )


@contextmanager
def working(
    target: Callable[..., None], given: Sequence[Any], workers: int = 1
) -> Iterator[Sequence[BaseProcess]]:
    """Processes that begin together, ended afterwards. `target` takes what is `given`, and the
    barrier to wait at once it is ready."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(workers + 1)
    processes = [context.Process(target=target, args=(*given, ready)) for _ in range(workers)]
    for process in processes:
        process.start()
    try:
        ready.wait()
        yield processes
    finally:
        for process in processes:
            process.terminate()
            process.join()


def watch(servers: str, url: str, cluster: str, ready: Any) -> None:
    """One watcher, for `working`."""
    columns_by_one_thread()
    schema = RegisteredSchema(SchemaRef(id=SCHEMA_ID), SchemaKind.AVRO, orjson.dumps(AVRO).decode())

    def schemas_of(refs: frozenset[SchemaRef]) -> dict[SchemaRef, RegisteredSchema | None]:
        return {ref: schema if ref.id == SCHEMA_ID else None for ref in refs}

    def tell(progress: WatchProgress) -> None:
        pass

    watcher = Watcher(
        KafkaConnection(servers), Ledger(url, cluster), schemas_of, group=f"bench-{cluster}"
    )
    ready.wait()
    watcher.run(tell, lambda: False)


def counted(connection: psycopg.Connection, cluster: str) -> int:
    """Records in the windows that are written."""
    row = connection.execute(
        "select coalesce(sum(records), 0) from quality_windows where cluster = %s", (cluster,)
    ).fetchone()
    return int(row[0]) if row else 0
