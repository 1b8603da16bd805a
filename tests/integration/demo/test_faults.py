"""Faults on real servers: what lies on the topic is what the account says, and no more."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from confluent_kafka import Consumer, TopicPartition

from core.decoding.message import Message
from core.decoding.payload import decode, referenced_schemas
from core.decoding.registered import RegisteredSchema
from core.quality.expression import moment
from server.demo.faults.account import Phase, Planted, Span
from server.demo.faults.fault import Fault
from server.demo.faults.order import FaultOrder, Ground, SchemaRefusedError, ill_schema, planting_of
from server.demo.fleet import TOPICS
from server.demo.population import populate
from server.demo.production import Production
from server.demo.registration import register_schemas
from server.demo.topic import FLAWLESS, Topic
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection
from tools.registry.client import Registry

Broken = Callable[[Any, Message], bool]
"""Whether a field's value shows the fault."""

_CASES: list[tuple[Fault, str, Broken]] = [
    (Fault.NULL_BURST, "orders.order-lines.v4", lambda value, _: value is None),
    (Fault.NULL_BURST, "payments.payouts.v1", lambda value, _: value is None),
    (Fault.TYPE_FLIP, "payments.payouts.v1", lambda value, _: isinstance(value, str)),
    (Fault.ENUM_DRIFT, "payments.refunds.v1", lambda value, _: "on_hold" in value.lower()),
    (Fault.LATE_DATA, "fraud-alerts", lambda value, m: _delay(value, m) > 7_000),
    (Fault.CLOCK_SKEW, "fraud-alerts", lambda value, m: _delay(value, m) < -2_000),
]


@dataclass(frozen=True, slots=True)
class Servers:
    kafka: str
    registry: str

    @property
    def connection(self) -> KafkaConnection:
        return KafkaConnection(self.kafka)


@pytest.fixture
async def servers(bootstrap_servers: str, registry_url: str) -> Servers:
    return Servers(bootstrap_servers, registry_url)


@pytest.fixture
async def topic_like(servers: Servers) -> AsyncIterator[Callable[[str], Any]]:
    """Makes a sound topic like one of the fleet's, under a name of its own."""
    made: list[str] = []
    admin = KafkaAdmin(servers.connection)

    async def make(name: str) -> Topic:
        like = next(topic for topic in TOPICS if topic.name == name)
        topic = replace(like, name=f"faulty-{secrets.token_hex(4)}", defects=FLAWLESS)
        await admin.create_topic(topic.name, partitions=topic.partitions)
        made.append(topic.name)
        return topic

    yield make
    await admin.delete_topics(made)
    registry = Registry(servers.registry)
    for subject in set(await registry.subjects()) & {f"{name}-value" for name in made}:
        await registry.delete_subject(subject)
    await registry.close()


async def plant(servers: Servers, topic: Topic, fault: Fault) -> list[Planted]:
    """Sound data, some seconds of the fault, and sound data; gives back what was said."""
    said: list[Planted] = []
    order = FaultOrder(fault, said.append, after=0.7, lasts=2.5, share=0.5)
    registration = await register_schemas(servers.registry, [topic])
    target = order.target([topic])
    ill_id = await ill_schema(servers.registry, target)
    started, production = datetime.now(UTC), Production(servers.connection)
    world = populate(7, started.date())
    ground = Ground(world, production, registration.ids, started, secrets.token_hex(4))
    planting = planting_of(order, target, ill_id, ground)
    while datetime.now(UTC) < planting.story.episode.ends + timedelta(seconds=0.7):
        now = datetime.now(UTC)
        instants = [now - timedelta(milliseconds=3 * ago) for ago in reversed(range(10))]
        await asyncio.to_thread(planting.advance, instants)
        production.serve()
        planting.tend(datetime.now(UTC))
        await asyncio.sleep(0.03)
    await asyncio.to_thread(production.flush)
    planting.tend(datetime.now(UTC))
    return said


async def read(servers: Servers, topic: str) -> list[Message]:
    marks = (await KafkaAdmin(servers.connection).watermarks([topic]))[topic].offsets
    return await asyncio.to_thread(_consume, servers.kafka, topic, marks)


def _consume(servers: str, topic: str, marks: Mapping[int, tuple[int, int]]) -> list[Message]:
    consumer = Consumer({"bootstrap.servers": servers, "group.id": "none"})
    consumer.assign([TopicPartition(topic, number, low) for number, (low, _) in marks.items()])
    found: list[Message] = []
    while left := sum(high - low for low, high in marks.values()) - len(found):
        batch = consumer.consume(min(left, 1_000), 10)
        assert batch, "Kafka gave no more messages"
        for m in batch:
            time = m.timestamp()[1]
            found.append(Message(m.partition(), m.offset(), time, m.key(), m.value()))
    consumer.close()
    return found


async def schemas(servers: Servers, messages: list[Message]) -> dict[Any, RegisteredSchema | None]:
    registry = Registry(servers.registry)
    try:
        return {ref: await registry.schema_by_ref(ref) for ref in referenced_schemas(messages)}
    finally:
        await registry.close()


def value_of(message: Message, field: str, known: Mapping[Any, RegisteredSchema | None]) -> Any:
    batch = decode([message], known)
    assert not batch.failures
    (row,) = batch.values[0].values
    assert isinstance(row, dict)
    return row.get(field)


def within(message: Message, spans: Mapping[int, Span]) -> bool:
    span = spans.get(message.partition)
    return span is not None and span.first <= message.offset <= span.last


def _delay(value: Any, message: Message) -> float:
    at = moment(value)
    assert at is not None
    return message.timestamp_ms / 1000 - at


@pytest.mark.parametrize(("fault", "like", "broken"), _CASES)
async def test_the_account_tells_the_records_that_have_the_fault_and_no_others(
    fault: Fault, like: str, broken: Broken, topic_like: Callable[[str], Any], servers: Servers
) -> None:
    topic = await topic_like(like)
    said = await plant(servers, topic, fault)
    assert [planted.phase for planted in said] == [Phase.PLANNED, Phase.BEGUN, Phase.ENDED]
    planted = said[-1]

    messages = await read(servers, topic.name)
    known = await schemas(servers, messages)
    field = str(planted.field)
    hit = [m for m in messages if broken(value_of(m, field, known), m)]
    assert planted.undelivered == 0
    assert len(hit) == planted.hit == sum(span.count for span in planted.offsets.values()) > 20
    assert all(within(m, planted.offsets) for m in hit)
    during = [m for m in messages if within(m, planted.during)]
    assert len(during) == planted.messages
    assert 0.3 < len(hit) / len(during) < 0.7
    for number, span in planted.offsets.items():
        mine = [m.offset for m in hit if m.partition == number]
        assert (span.first, span.last) == (min(mine), max(mine))
    assert sum(m.timestamp_ms > planted.ends.timestamp() * 1000 + 2_000 for m in hit) == 0
    assert len(messages) > len(during) + 40
    brought = {m.value[1:5] for m in hit} if planted.schema_id else set()
    assert brought == {planted.schema_id.to_bytes(4, "big")} if planted.schema_id else not brought


async def test_duplicates_are_as_many_as_the_account_says(
    topic_like: Callable[[str], Any], servers: Servers
) -> None:
    topic = await topic_like("fraud-alerts")
    planted = (await plant(servers, topic, Fault.DUPLICATES))[-1]
    values = [message.value for message in await read(servers, topic.name)]
    assert len(values) - len(set(values)) == planted.hit > 20


async def test_what_is_held_back_never_comes(
    topic_like: Callable[[str], Any], servers: Servers
) -> None:
    topic = await topic_like("fraud-alerts")
    planted = (await plant(servers, topic, Fault.VOLUME_DROP))[-1]
    assert planted.hit == 0
    assert planted.offsets == {}
    assert 0.3 < planted.withheld / (planted.withheld + planted.messages) < 0.7
    messages = await read(servers, topic.name)
    assert sum(within(message, planted.during) for message in messages) == planted.messages


async def test_a_registry_that_guards_the_subject_keeps_the_fault_out(
    topic_like: Callable[[str], Any], servers: Servers
) -> None:
    topic = await topic_like("payments.payouts.v1")
    await register_schemas(servers.registry, [topic])
    registry = Registry(servers.registry)
    await registry.set_compatibility("BACKWARD", f"{topic.name}-value")
    await registry.close()
    target = FaultOrder(Fault.TYPE_FLIP, lambda planted: None).target([topic])
    with pytest.raises(SchemaRefusedError, match="--topic"):
        await ill_schema(servers.registry, target)
    nulls = FaultOrder(Fault.NULL_BURST, lambda planted: None).target([topic])
    assert await ill_schema(servers.registry, nulls) is not None
