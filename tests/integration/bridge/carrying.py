"""A bridge in a process of its own, to be killed; and what lies on a topic for its readers."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, TopicPartition

from core.schema import avro_writer
from core.schema.document import from_document, to_document
from core.schema.model import Field, Kind, Logical, Schema
from core.unify.mapping import FieldMapping, Mapping, Op, Step
from tools.bridge.bridge import Bridge
from tools.bridge.job import BridgeJob
from tools.kafka.connection import KafkaConnection

TEXT, NUMBER = frozenset({Kind.STRING}), frozenset({Kind.NUMBER})

UNIFIED = Schema(
    Field(
        "",
        frozenset({Kind.OBJECT}),
        children=(
            Field("supplier_id", TEXT),
            Field("spend", NUMBER),
            Field("changed_at", frozenset({Kind.INTEGER}), logical=Logical.EPOCH_MILLIS),
            Field("city", TEXT, optional=True),
        ),
    ),
    name="Supplier",
)


def mappings(events: str, raw: str) -> tuple[Mapping, Mapping]:
    """Two topics that say the same in other words and forms."""
    number, moment = (Step(op=Op.NUMBER),), (Step(op=Op.MOMENT),)
    return (
        Mapping(
            source=events,
            fields=(
                FieldMapping(to="supplier_id", path="supplier_id"),
                FieldMapping(to="spend", path="spend", steps=number),
                FieldMapping(to="changed_at", path="at", steps=moment),
                FieldMapping(to="city", path="address.city"),
            ),
        ),
        Mapping(
            source=raw,
            fields=(
                FieldMapping(to="supplier_id", path="vendorNo"),
                FieldMapping(to="spend", path="yearlySpend", steps=number),
                FieldMapping(to="changed_at", path="lastChange", steps=moment),
            ),
        ),
    )


def job(name: str, target: str, *parts: Mapping) -> BridgeJob:
    return BridgeJob(
        id=name,
        mappings={part.source: part for part in parts},
        target=target,
        tree=UNIFIED,
        avro=avro_writer.write(UNIFIED),
        schema_id=7,
        key="supplier_id",
    )


def written(job: BridgeJob, path: Path) -> Path:
    """The job as a file for another process."""
    told = {
        "id": job.id,
        "target": job.target,
        "tree": to_document(job.tree),
        "mappings": [part.model_dump(mode="json") for part in job.mappings.values()],
    }
    path.write_text(json.dumps(told))
    return path


def main(bootstrap_servers: str, path: str) -> None:
    """Carry until killed, or until nothing is left; small transactions, so that many are cut."""
    told: dict[str, Any] = json.loads(Path(path).read_text())
    parts = [Mapping.model_validate(part) for part in told["mappings"]]
    given = BridgeJob(
        id=told["id"],
        mappings={part.source: part for part in parts},
        target=told["target"],
        tree=from_document(told["tree"]),
        avro=avro_writer.write(from_document(told["tree"])),
        schema_id=7,
        key="supplier_id",
    )
    bridge = Bridge(KafkaConnection(bootstrap_servers), given, lambda refs: {}, at_once=50)

    def tell(progress: object) -> None:
        sys.stdout.write("going\n")
        sys.stdout.flush()

    bridge.run(tell, lambda: False, until_caught_up=True)


def committed(bootstrap_servers: str, topic: str) -> list[Any]:
    """All records that a reader of committed ones gets."""
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap_servers,
            "group.id": "reads-once",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "isolation.level": "read_committed",
        }
    )
    partitions = consumer.list_topics(topic, 10).topics[topic].partitions
    consumer.assign([TopicPartition(topic, partition, 0) for partition in partitions])
    found, ended = [], set()
    while len(ended) < len(partitions):
        for record in consumer.consume(1_000, 0.2):
            if record.error() is None:
                found.append(record)
            else:
                ended.add(record.partition())
    consumer.close()
    return found


def origins(records: list[Any]) -> Counter[str]:
    """Of carried ones, and of dead letters by Connect's headers: where each came from."""
    told: Counter[str] = Counter()
    for record in records:
        headers = dict(record.headers() or ())
        if "headwater.origin" in headers:
            told[headers["headwater.origin"].decode()] += 1
        else:
            place = [
                headers[f"__connect.errors.{part}"] for part in ("topic", "partition", "offset")
            ]
            told[b":".join(place).decode()] += 1
    return told


if __name__ == "__main__":
    main(*sys.argv[1:])
