"""How fast a bridge's worker carries the demo's two supplier topics into one, against the floor.

    python -m benchmarks.bridge [--messages 600000] [--rounds 3]

The mappings are those that a consolidation of the two topics comes to after a scan, and the
messages are the demo's, defects and all, repeated. The floor is the same worker, clients and
transactions, which carries every message as it lies. Starts the embedded servers in a temporary
folder unless the addresses of both are configured; deletes the topics and the database it made.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import orjson
from confluent_kafka import Message, Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from benchmarks.producing import put
from core.consolidation import Consolidation
from core.consolidation_plan import key_of
from core.decoding.framing import VALUE_HEADER
from core.unify.compiled import compiled
from server.demo.domains.supplier_feeds import TOPICS
from server.demo.population import populate
from server.demo.story import Record, Story
from server.demo.topic import Topic
from server.demo.wire.encoder import Encoder
from server.scratch_servers import scratch_servers
from server.services import open_services
from server.settings import Settings
from server.workers.scanning import open_scan
from tools.bridge.bridge import Bridge
from tools.bridge.job import BridgeJob, BridgeProgress
from tools.bridge.making import Made
from tools.embeddings.minilm import MiniLM
from tools.kafka.connection import KafkaConnection

AIM = 60_000
"""Messages a second of one process."""

_PARTITIONS = 4
_SEED = 7
_LOOPS = 5


class AsItLies:
    """Carries a record without a look at it."""

    def made(self, record: Message) -> Made:
        return ((record.key(), record.value() or b""),), ()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=600_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    asyncio.run(measure(Settings(), given.messages, given.rounds))


async def measure(settings: Settings, count: int, rounds: int) -> None:
    mark = secrets.token_hex(3)
    events, raw = (
        replace(topic, name=f"{topic.name}-{mark}", partitions=_PARTITIONS) for topic in TOPICS[:2]
    )
    told = {topic.name: list(_story(topic)) for topic in (events, raw)}
    async with scratch_servers(settings) as serving:
        servers = str(serving.bootstrap_servers)
        admin = AdminClient({"bootstrap.servers": servers})
        targets = [f"unified-{mark}-{number}" for number in range(2 * rounds)]
        names = [events.name, raw.name, *targets]
        made = admin.create_topics([NewTopic(name, _PARTITIONS, 1) for name in names])
        for future in made.values():
            await asyncio.to_thread(future.result)
        try:
            await asyncio.to_thread(_send, servers, told)
            found = await _consolidated(serving, [events.name, raw.name])
            _mapping_alone(found, told)
            copies = -(-count // sum(map(len, told.values()))) - 1
            total = await asyncio.to_thread(_send, servers, told, copies)
            total += sum(map(len, told.values()))
            for number in range(rounds):
                job = _job(found, targets[2 * number])
                floor, _ = await asyncio.to_thread(_timed, servers, job, as_it_lies=True)
                job = _job(found, targets[2 * number + 1])
                took, done = await asyncio.to_thread(_timed, servers, job)
                print(
                    f"{total:,} messages: as they lie {total / floor:,.0f}/s, mapped "
                    f"{total / took:,.0f}/s ({floor / took:.2f} of it; aim {AIM:,}/s), "
                    f"{done.carried:,} carried, {done.rejected:,} rejected, in "
                    f"{done.transactions} transactions",
                    flush=True,
                )
        finally:
            gone = admin.delete_topics([*names, *(f"{target}.dlq" for target in targets)])
            for future in gone.values():
                await asyncio.to_thread(future.exception)


def _story(topic: Topic) -> Iterator[Record]:
    now = datetime.now(UTC)
    story = Story(topic, populate(_SEED, now.date()), Encoder(topic, {}), str(_SEED))
    return story.past(topic.count, now)


def _send(servers: str, told: dict[str, list[Record]], copies: int = 1) -> int:
    producer = Producer({"bootstrap.servers": servers, "linger.ms": 50, "compression.type": "lz4"})
    sent = 0
    for _ in range(copies):
        for name, records in told.items():
            for record in records:
                put(producer, name, record.value, key=record.key, headers=record.headers)
                sent += 1
            producer.poll(0)
    if producer.flush(120):
        raise RuntimeError("Kafka did not take all messages")
    return sent


async def _consolidated(serving: Settings, names: Sequence[str]) -> Consolidation:
    async with open_services(serving) as services:
        run = await services.scans.queue(serving.cluster, "benchmark")
        async with open_scan(serving, services.pool, MiniLM()) as scan:
            await scan.run(run.id)
        return await services.consolidations.work_out(
            tuple(names), serving.cluster, "benchmark", None
        )


def _job(found: Consolidation, target: str) -> BridgeJob:
    tree = found.unified.tree
    return BridgeJob(
        id=target,
        mappings={mapping.source: mapping for mapping in found.mappings},
        target=target,
        tree=tree,
        avro=found.unified.avro,
        schema_id=1,
        key=key_of(found, tree),
    )


def _timed(
    servers: str, job: BridgeJob, *, as_it_lies: bool = False
) -> tuple[float, BridgeProgress]:
    """Seconds from the start to the last commit, joining the group left out."""
    bridge = Bridge(KafkaConnection(servers), job, lambda refs: {})
    if as_it_lies:
        bridge._makers = dict.fromkeys(bridge._makers, AsItLies())  # type: ignore[arg-type]
    first = last = 0.0
    begun = bridge._transaction

    def watched(*args: object) -> None:
        nonlocal first, last
        first = first or time.perf_counter()
        begun(*args)  # type: ignore[arg-type]
        last = time.perf_counter()

    bridge._transaction = watched  # type: ignore[method-assign,assignment]
    done = bridge.run(lambda progress: None, lambda: False, until_caught_up=True)
    return last - first, done


def _mapping_alone(found: Consolidation, told: dict[str, list[Record]]) -> None:
    """Without Kafka: parsing, and parsing with mapping and Avro; processor time."""
    tree, avro = found.unified.tree, found.unified.avro
    for mapping in found.mappings:
        run = compiled(mapping, tree, avro, 1, key_of(found, tree))
        if run is None:
            print(f"{mapping.source}: has no compiled mapping")
            continue
        values = [
            record.value
            for record in told[mapping.source]
            if record.value and VALUE_HEADER not in dict(record.headers)
        ]
        parsed = [value for value in values if _parses(value)]
        began = time.process_time()
        for _ in range(_LOOPS):
            for value in parsed:
                orjson.loads(value)
        middle = time.process_time()
        for _ in range(_LOOPS):
            for value in parsed:
                run.of_json(value)
        end = time.process_time()
        quick = sum(run.of_json(value) is not None for value in parsed)
        each = 1e6 / (_LOOPS * len(parsed))
        size = sum(map(len, parsed)) / len(parsed)
        print(
            f"{mapping.source}: parsed {(middle - began) * each:.1f} us, parsed and mapped "
            f"{(end - middle) * each:.1f} us a message of {size:.0f} "
            f"bytes; {quick / len(values):.1%} take the compiled way",
            flush=True,
        )


def _parses(value: bytes) -> bool:
    try:
        orjson.loads(value)
    except orjson.JSONDecodeError:
        return False
    return True


if __name__ == "__main__":
    main()
