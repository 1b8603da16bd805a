"""Brings each transition of an alert to the topic of alerts: at least once, in order per source.

CloudEvents 1.0.2, Kafka protocol binding, binary mode: the value is the data alone, plain JSON that
a console consumer shows and the registered schema describes; the context is in `ce_` headers. In
structured mode the subject's schema would be one of the envelope, and framing before the value
would make it no JSON any more.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress

from confluent_kafka import KafkaError, KafkaException, Message, Producer
from opentelemetry.trace import SpanKind

from core.alerts.data import attributes
from tools.alerts.schema import AlertSchema, Headers
from tools.db.alerts import AlertRepository, KeptEvent
from tools.db.pool import Pool
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection, LastError
from tools.kafka.errors import KafkaFailedError, TopicExistsError, translated
from tools.registry.client import Registry
from tools.tracing import headers, span

_AT_ONCE = 500
_SECONDS = 10.0
"""For one message; what has not arrived by then is sent again."""

log = logging.getLogger(__name__)


class AlertPublisher:
    """Of one cluster; any number of processes may run it, and one at a time publishes."""

    def __init__(
        self,
        pool: Pool,
        cluster: str,
        connection: KafkaConnection,
        registry: Registry | None,
        topic: str,
    ) -> None:
        self._pool = pool
        self._cluster = cluster
        self._connection = connection
        self._admin = KafkaAdmin(connection, timeout=_SECONDS)
        self._schema = AlertSchema(registry, topic)
        self._topic = topic
        self._alerts = AlertRepository(pool)
        self._error = LastError()
        self._producer: Producer | None = None

    async def publish_due(self) -> int:
        """Publish what waits; gives back how many arrived. A Kafka that is away is logged, and what
        waits is tried again with the next call."""
        arrived = 0
        while True:
            try:
                more, whole = await self._wave()
            except KafkaFailedError as error:
                log.warning("alerts wait to be published: %s", error)
                await self.close()
                return arrived
            arrived += more
            if not more or not whole:
                return arrived

    async def close(self) -> None:
        """What was not delivered is in the catalog, and published by the next one."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await asyncio.to_thread(_ended, producer)

    async def _wave(self) -> tuple[int, bool]:
        """The next event of each source: what follows it waits until it has arrived. How many did,
        and whether all."""
        async with self._pool.connection() as connection, connection.transaction():
            if not await self._alerts.only_publisher(connection, self._cluster):
                return 0, True
            waiting = await self._alerts.unpublished(connection, self._cluster, _AT_ONCE)
            if not waiting:
                return 0, True
            arrived = await self._send(waiting)
            await self._alerts.published(connection, arrived)
            return len(arrived), len(arrived) == len(waiting)

    async def _send(self, events: Sequence[KeptEvent]) -> list[int]:
        """The numbers of those that arrived. Raises KafkaFailedError where none did."""
        producer = await self._ready()
        named = await self._schema.headers()
        sending = _Sending()
        with span(
            f"publish {self._topic}",
            SpanKind.PRODUCER,
            messaging__system="kafka",
            messaging__destination__name=self._topic,
            messaging__batch__message_count=len(events),
        ):
            carried: Headers = [(name, text.encode()) for name, text in headers().items()]
            for event in events:
                sending.produce(producer, self._topic, event, [*named, *carried])
            await asyncio.to_thread(producer.flush, 1.5 * _SECONDS)
        if sending.error is not None:
            what = f"write to the topic {self._topic}"
            servers = self._connection.bootstrap_servers
            error = translated(sending.error, what, servers, self._error.text)
            # A client whose messages timed out may have lost its place in their order.
            await self.close()
            if not sending.arrived:
                raise error
            log.warning("some alerts wait to be published: %s", error)
        return sending.arrived

    async def _ready(self) -> Producer:
        """A producer, and a topic to write to: looked for at the start and after each failure."""
        if self._producer is None:
            await self._make_topic()
            self._producer = Producer(
                self._connection.config(
                    self._error,
                    {
                        "enable.idempotence": True,
                        "message.timeout.ms": int(1_000 * _SECONDS),
                        "partitioner": "murmur2_random",
                        "linger.ms": 0,
                    },
                )
            )
        return self._producer

    async def _make_topic(self) -> None:
        if await self._admin.describe_topic(self._topic) is None:
            with suppress(TopicExistsError):
                await self._admin.create_topic(self._topic)


class _Sending:
    """What became of the messages of one wave."""

    def __init__(self) -> None:
        self.arrived: list[int] = []
        self.error: KafkaError | None = None

    def produce(self, producer: Producer, topic: str, event: KeptEvent, named: Headers) -> None:
        context = attributes(event.data, event.uid)
        content_type = context.pop("datacontenttype")
        headers: Headers = [("content-type", content_type)]
        headers += [(f"ce_{name}", value) for name, value in context.items()]

        def told(error: KafkaError | None, _: Message) -> None:
            if error is None:
                self.arrived.append(event.id)
            else:
                self.error = error

        try:
            producer.produce(
                topic,
                event.data.model_dump_json().encode(),
                context["partitionkey"].encode(),
                timestamp=int(event.at.timestamp() * 1_000),
                headers=[*headers, *named],
                on_delivery=told,
            )
        except KafkaException as error:
            self.error = error.args[0]


def _ended(producer: Producer) -> None:
    producer.purge()
    producer.flush(1.0)
