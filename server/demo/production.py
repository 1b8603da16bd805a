"""Sends the stories' records to Kafka with an idempotent producer."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from server.demo.story import Record
from server.demo.topic import Topic
from tools.kafka.connection import KafkaConnection, LastError
from tools.kafka.errors import translated

_SETTINGS: dict[str, str | int | bool] = {
    "enable.idempotence": True,
    "linger.ms": 50,
    "batch.size": 512 * 1024,
    "compression.type": "lz4",
    "partitioner": "murmur2_random",
    "message.max.bytes": 8 * 1024 * 1024,
    "queue.buffering.max.messages": 200_000,
    "queue.buffering.max.kbytes": 256 * 1024,
}
_FULL_SECONDS = 0.2
_FLUSH_SECONDS = 60.0
_CLOSE_SECONDS = 5.0

Note = Callable[[int, int], None]
"""Told the partition and the offset that Kafka gave a record."""


class Production:
    """One producer for all topics. Blocking: call it off the event loop."""

    def __init__(self, connection: KafkaConnection) -> None:
        self._servers = connection.bootstrap_servers
        self._last_error = LastError()
        self._producer = Producer(connection.config(self._last_error, _SETTINGS))
        self._failed: KafkaError | None = None
        self.delivered = 0

    def send(
        self, topic: Topic, records: Iterable[Record], *, first: int = 0, note: Note | None = None
    ) -> None:
        """Queue the records; keyless ones go round the partitions, beginning with `first`.

        `note` is called later, by `serve` or by a further `send`.
        """
        for index, record in enumerate(records, first):
            partition = index % topic.partitions if record.key is None else -1
            while not self._queue(topic.name, record, partition, note):
                self._producer.poll(_FULL_SECONDS)
            self._producer.poll(0)

    @property
    def backlog(self) -> int:
        """Messages that were sent and not yet taken by Kafka."""
        return len(self._producer)

    def serve(self) -> None:
        """Count what has arrived meanwhile; does not wait."""
        self._producer.poll(0)

    def close(self) -> None:
        """Wait a little for what is on its way; what Kafka then still lacks is given up."""
        self._producer.flush(_CLOSE_SECONDS)

    def flush(self) -> None:
        """Wait for all that was sent; raises KafkaFailedError when some of it did not arrive."""
        left = self._producer.flush(_FLUSH_SECONDS)
        failed = self._failed or (KafkaError(KafkaError._TIMED_OUT) if left else None)
        self._failed = None
        if failed:
            what = "produce the demo's messages"
            raise translated(failed, what, self._servers, self._last_error.text) from None

    def _queue(self, topic: str, record: Record, partition: int, note: Note | None) -> bool:
        def arrived(error: KafkaError | None, message: Message) -> None:
            self._note(error)
            partition, offset = message.partition(), message.offset()
            if note and error is None and partition is not None and offset is not None:
                note(partition, offset)

        try:
            self._producer.produce(
                topic,
                record.value,
                record.key,
                partition,
                on_delivery=arrived,
                timestamp=record.timestamp_ms,
                headers=record.headers,
            )
        except BufferError:
            return False
        except KafkaException as error:
            raise translated(error.args[0], f"produce to {topic}", self._servers) from error
        return True

    def _note(self, error: KafkaError | None) -> None:
        if error is None:
            self.delivered += 1
        else:
            self._failed = error
