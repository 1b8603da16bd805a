"""One consumer in one thread that reads many topics at once, each within its own limits.

Topics come and go in a sliding window of assigned partitions, so that a slow or dead one takes up
its places until its time is over and holds up nobody else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka import Message as VendorMessage

from tools.kafka.connection import ConfigValue, KafkaConnection, LastError
from tools.kafka.errors import KafkaConfigError, translated
from tools.kafka.reading import PartitionReading, TopicReading, TopicSample

Place = tuple[str, int]
Emit = Callable[[Sequence[TopicSample]], bool]

WINDOW = 400
"""Partitions that a lane has assigned at a time, unless one topic alone has more."""

_HELD = 32 * 1024 * 1024
"""From so many bytes of finished samples on a lane reads no further until they are taken."""

_BATCH = 1_000
_POLL_SECONDS = 0.1

_CONFIG: dict[str, ConfigValue] = {
    # librdkafka's consumer insists on a name, but without subscribing or committing there is no
    # group: the brokers never learn of it.
    "group.id": "headwater-sampler",
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    "auto.offset.reset": "earliest",
    # Tells that a range is finished when compaction or transaction markers leave no record there.
    "enable.partition.eof": True,
    # Records of aborted transactions never were data: other consumers do not see them either.
    "isolation.level": "read_committed",
    # A newly assigned partition waits for the fetch under way: keep that short.
    "fetch.wait.max.ms": 20,
    "fetch.queue.backoff.ms": 10,
    "fetch.error.backoff.ms": 100,
    # A few hundred records are wanted of each partition, not the rest of its log.
    "max.partition.fetch.bytes": 256 * 1024,
    "fetch.max.bytes": 16 * 1024 * 1024,
    "queued.min.messages": 50_000,
    "queued.max.messages.kbytes": 64 * 1024,
    # A broker sends at least one record however large. Below its size the connection would break
    # and with it every other topic of that broker; the record itself is dropped by the reader.
    "receive.message.max.bytes": 1_000_000_000,
    "topic.metadata.propagation.max.ms": 2_000,
    "topic.metadata.refresh.interval.ms": 5_000,
}


class Lane:
    """Reads topics off `work` until it is empty and hands finished samples to `emit`.

    `emit` may block, and returns False when nobody wants more; `room` is how many samples it takes
    at once. Raises KafkaFailedError when the cluster stays silent for `patience` seconds at the
    start.

    While the taker is busy the window is read to its end and nothing new begins: librdkafka asks
    for every assigned partition fifty times a second, also for those that it has read, and the
    brokers would spend more on that than on the whole sample.
    """

    def __init__(
        self,
        connection: KafkaConnection,
        work: SimpleQueue[TopicReading],
        emit: Emit,
        room: Callable[[], int],
        patience: float,
    ) -> None:
        self._servers = connection.bootstrap_servers
        self._last_error = LastError()
        try:
            self._consumer = Consumer(connection.config(self._last_error, _CONFIG))
        except KafkaException as error:
            raise KafkaConfigError(error.args[0].str()) from error
        self._work = work
        self._patience = patience
        self._emit = emit
        self._room = room
        self._places: dict[Place, PartitionReading] = {}
        self._topics: dict[str, TopicReading] = {}
        self._done: list[TopicSample] = []
        self._held = 0
        self._dropped: list[TopicPartition] = []
        self._next_check = 0.0

    def run(self) -> None:
        """Blocks until all is read."""
        try:
            self._learn_leaders()
            wanted = True
            while wanted and (self._admit() or self._topics or self._done):
                self._read()
                self._expire()
                wanted = self._hand_over()
        finally:
            self._consumer.close()

    def _learn_leaders(self) -> None:
        """Ask for all topics once: otherwise each new one waits for librdkafka's next round."""
        try:
            self._consumer.list_topics(timeout=self._patience)
        except KafkaException as error:
            vendor: KafkaError = error.args[0]
            raise translated(
                vendor, "sample topics", self._servers, self._last_error.text
            ) from error

    def _admit(self) -> bool:
        """Fill the window unless samples wait to be taken; returns whether anything was added."""
        added: list[TopicPartition] = []
        while len(self._places) < WINDOW and not self._done:
            try:
                reading = self._work.get_nowait()
            except Empty:
                break
            added += self._begin(reading)
        if added:
            self._consumer.incremental_assign(added)
        return bool(added)

    def _begin(self, reading: TopicReading) -> list[TopicPartition]:
        reading.begin()
        self._topics[reading.topic] = reading
        for partition, part in reading.open.items():
            self._places[reading.topic, partition] = part
        if not reading.open:
            self._finish_topic(reading)
        return [TopicPartition(reading.topic, p, part.start) for p, part in reading.open.items()]

    def _read(self) -> None:
        if not self._places:
            return
        for message in self._consumer.consume(_BATCH, _POLL_SECONDS):
            part = self._places.get((message.topic(), message.partition()))  # type: ignore[arg-type]
            if part is None:
                continue
            error = message.error()
            if error is None:
                self._take(part, message)
            else:
                self._stumble(part, error)

    def _take(self, part: PartitionReading, message: VendorMessage) -> None:
        offset = message.offset() or 0
        onward = part.take(message, offset)
        if onward is None:
            self._finish_partition(part)
        elif onward > offset + 1:
            self._seek(part, onward)

    def _seek(self, part: PartitionReading, offset: int) -> None:
        try:
            self._consumer.seek(TopicPartition(part.topic.topic, part.partition, offset))
        except KafkaException as error:
            self._stumble(part, error.args[0])

    def _stumble(self, part: PartitionReading, error: KafkaError) -> None:
        """The end of the partition is the end of its sample; anything else is an error."""
        if error.code() != KafkaError._PARTITION_EOF:
            part.topic.error = f"partition {part.partition}: {error.str()}"
        self._finish_partition(part)

    def _finish_partition(self, part: PartitionReading) -> None:
        reading = part.topic
        del self._places[reading.topic, part.partition]
        del reading.open[part.partition]
        self._dropped.append(TopicPartition(reading.topic, part.partition))
        if not reading.open:
            self._finish_topic(reading)

    def _finish_topic(self, reading: TopicReading) -> None:
        del self._topics[reading.topic]
        self._done.append(reading.result())
        self._held += reading.size

    def _expire(self) -> None:
        """Give up on what has had its time."""
        now = time.monotonic()
        if now < self._next_check:
            return
        self._next_check = now + 0.2
        for reading in list(self._topics.values()):
            if now - reading.started > reading.limits.seconds:
                missing = ", ".join(map(str, sorted(reading.open)[:5]))
                cause = f": {self._last_error.text}" if self._last_error.text else ""
                reading.error = (
                    f"no end within {reading.limits.seconds:g} s on partition {missing}{cause}"
                )
                for part in list(reading.open.values()):
                    self._finish_partition(part)

    def _hand_over(self) -> bool:
        if self._dropped:
            self._consumer.incremental_unassign(self._dropped)
            self._dropped = []
        count = self._taken()
        if not count:
            return True
        done, self._done = self._done[:count], self._done[count:]
        self._held = self._held if self._done else 0
        before = time.monotonic()
        wanted = self._emit(done)
        self._excuse(time.monotonic() - before)
        return wanted

    def _taken(self) -> int:
        """How many finished samples to hand over now: all where there is nothing else to do."""
        if not self._places or self._held >= _HELD:
            return len(self._done)
        return min(len(self._done), self._room())

    def _excuse(self, waited: float) -> None:
        """Time spent waiting for the taker is not held against the topics."""
        for reading in self._topics.values():
            reading.started += waited
