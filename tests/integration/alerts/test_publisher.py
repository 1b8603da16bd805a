"""Alerts on their topic: all of them, in order, whatever is away or killed meanwhile."""

from __future__ import annotations

import asyncio
import signal
from collections import defaultdict
from contextlib import AsyncExitStack
from pathlib import Path

import jsonschema_rs
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from core.decoding.framing import VALUE_HEADER, frame_of
from server.embedded.stack import EmbeddedStack
from server.workers.alerting import Alerting
from tests.integration.alerts.ground import START, AlertTopic, Ground, finding, holding
from tests.integration.alerts.publisher_process import POINTS, Place, start
from tests.integration.catalog.conftest import settings_of
from tests.integration.provisioning.kafka_gate import KafkaGate
from tools import tracing
from tools.registry.client import Registry

DEAD = "127.0.0.1:9"


async def test_a_console_consumer_sees_it_open_and_recover(
    ground: Ground, topic: AlertTopic, registry_url: str
) -> None:
    registry = Registry(registry_url)
    publisher = topic.publisher(ground.pool, registry)
    await ground.broken_and_recovered()

    assert await publisher.publish_due() == 2
    assert await publisher.publish_due() == 0
    await publisher.close()

    opened, resolved = await topic.read(2)
    assert [each.data["event"] for each in (opened, resolved)] == ["opened", "resolved"]
    assert {each.key for each in (opened, resolved)} == {"default/orders.v1"}
    headers = {name: value.decode("latin-1") for name, value in opened.headers.items()}
    assert headers["content-type"] == "application/json"
    assert headers["ce_specversion"] == "1.0"
    assert headers["ce_type"] == "io.headwater.alert.opened.v1"
    assert headers["ce_source"] == "/headwater/default"
    assert headers["ce_subject"] == "orders.v1"
    assert headers["ce_time"] == f"{START:%Y-%m-%dT%H:%M:%SZ}"
    assert opened.uid != resolved.uid
    assert opened.data["title"].startswith("orders.v1: `customer_id` is missing")
    assert opened.data["findings"][0]["broken"] is True

    version = await registry.version(f"{topic.name}-value")
    assert headers["ce_dataschema"].endswith(f"/schemas/ids/{version.id}")
    validator = jsonschema_rs.validator_for(version.text)
    assert validator.is_valid(opened.data)
    assert validator.is_valid(resolved.data)
    assert not validator.is_valid({"event": "opened"})
    frame = frame_of(opened.value, tuple(opened.headers.items()), VALUE_HEADER)
    assert frame is not None
    assert frame.payload == opened.value
    named = await registry.schema_by_ref(frame.ref)
    assert named is not None
    assert named.text == version.text
    await registry.delete_subject(f"{topic.name}-value")
    await registry.close()


async def test_a_message_carries_the_trace_of_its_publishing_on(
    ground: Ground, topic: AlertTopic
) -> None:
    kept = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(kept))
    publisher = topic.publisher(ground.pool)
    await ground.look(0, finding())

    with tracing.turned_on(provider.get_tracer("test")):
        await publisher.publish_due()
    await publisher.close()

    (record,) = await topic.read(1)
    (span,) = (each for each in kept.get_finished_spans() if each.kind is SpanKind.PRODUCER)
    assert span.name == f"publish {topic.name}"
    carried = trace.get_current_span(
        tracing.parent_of({"traceparent": record.headers["traceparent"].decode()})
    ).get_span_context()
    assert (carried.trace_id, carried.span_id) == (span.context.trace_id, span.context.span_id)


async def test_a_registry_that_is_away_keeps_no_alert_back(
    ground: Ground, topic: AlertTopic
) -> None:
    registry = Registry(f"http://{DEAD}", timeout=1.0)
    publisher = topic.publisher(ground.pool, registry)
    await ground.look(0, finding())

    assert await publisher.publish_due() == 1

    (opened,) = await topic.read(1)
    assert "ce_dataschema" not in opened.headers
    await publisher.close()
    await registry.close()


async def test_events_of_a_source_stay_in_order_over_several_publishers(
    ground: Ground, topic: AlertTopic
) -> None:
    sources = [f"s{number}" for number in range(12)]
    await asyncio.gather(*(ground.broken_and_recovered(each) for each in sources))
    for each in sources:
        await ground.look(100, finding(since=100), source=each)
    publishers = [topic.publisher(ground.pool) for _ in range(3)]

    published = await asyncio.gather(*(each.publish_due() for each in publishers))

    assert sum(published) == 36
    told: dict[str, list[str]] = defaultdict(list)
    for record in await topic.read(36):
        told[record.key].append(record.data["event"])
    assert set(map(tuple, told.values())) == {("opened", "resolved", "reopened")}
    for each in publishers:
        await each.close()


async def test_while_kafka_is_away_alerts_wait_and_then_arrive_in_order(
    ground: Ground, topic: AlertTopic, bootstrap_servers: str
) -> None:
    """OpenMetadata #16192: an alert that never arrives."""
    host, _, port = bootstrap_servers.split(",")[0].rpartition(":")
    gate = KafkaGate(host, int(port))
    async with gate:
        publisher = topic.publisher(ground.pool, servers=f"127.0.0.1:{gate.port}")
        await ground.look(0, finding())
        assert await publisher.publish_due() == 1

        await gate.close()
        await ground.look(10, holding(finding()))
        await ground.look(40, holding(finding()))
        await ground.look(100, finding(since=100))
        assert await publisher.publish_due() == 0
        waiting = [each.published_at for each in await ground.events()]
        assert waiting[0] is not None
        assert waiting[1:] == [None, None]

        await gate.open()
        for _ in range(10):
            if await publisher.publish_due():
                break
        await publisher.close()

    records = await topic.read(3)
    assert [each.data["event"] for each in records] == ["opened", "resolved", "reopened"]
    assert all(each.published_at for each in await ground.events())


async def test_a_kafka_that_is_away_at_the_start_is_waited_for(
    ground: Ground, topic: AlertTopic
) -> None:
    await ground.look(0, finding())
    lost = topic.publisher(ground.pool, servers=DEAD)
    assert await lost.publish_due() == 0
    await lost.close()

    restarted = topic.publisher(ground.pool)
    assert await restarted.publish_due() == 1
    await restarted.close()


async def test_the_worker_of_a_server_publishes_by_itself(
    ground: Ground, topic: AlertTopic, stack: EmbeddedStack, database_url: str
) -> None:
    settings = settings_of(stack, database_url, alerts_topic=topic.name, schema_registry=None)
    async with AsyncExitStack() as opened:
        alerting = Alerting(settings, ground.pool, None, opened)
        working = asyncio.create_task(alerting.run())
        async with ground.pool.connection() as connection:
            await alerting.book.record(connection, "orders.v1", [finding()], START)

        (record,) = await topic.read(1)
        working.cancel()

    assert record.data["event"] == "opened"


@pytest.mark.parametrize("point", POINTS)
async def test_a_process_killed_between_catalog_and_topic_loses_nothing(
    ground: Ground,
    topic: AlertTopic,
    database_url: str,
    tmp_path: Path,
    point: str,
) -> None:
    await ground.broken_and_recovered()
    process = start(Place(database_url, topic.servers, topic.name, point))
    await asyncio.to_thread(process.join, 60)
    assert process.exitcode == -signal.SIGKILL

    publisher = topic.publisher(ground.pool)
    # Postgres may take a moment to see that the killed one is gone, and with it its lock.
    for _ in range(50):
        await publisher.publish_due()
        if all(each.published_at for each in await ground.events()):
            break
        await asyncio.sleep(0.1)
    await publisher.close()

    # Killed once Kafka had it and before that was noted, the first one comes twice: same id.
    records = await topic.read(2 if point == "before" else 3)
    once = list({each.uid: each.data["event"] for each in records}.values())
    assert once == ["opened", "resolved"]
    assert len(records) == (2 if point == "before" else 3)
    assert all(each.published_at for each in await ground.events())
