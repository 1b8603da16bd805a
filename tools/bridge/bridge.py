"""The bridge: a consume-transform-produce loop in Kafka transactions.

Offsets are committed in the transaction that produces what was made of them, so that readers with
`isolation.level=read_committed` see each message exactly once, whenever the process is killed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from confluent_kafka import (
    Consumer,
    KafkaError,
    KafkaException,
    Producer,
    TopicPartition,
)
from confluent_kafka import Message as Record
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from core.unify.carrying import Carrier, Refusal
from core.unify.encoding import Encoder
from tools.bridge.job import BridgeJob, BridgeProgress
from tools.bridge.reading import SchemasAwayError, SchemasOf, UnreadableError, ValueReader
from tools.kafka.connection import KafkaConnection, LastError

_AT_ONCE = 10_000
"""Messages of a transaction, at most."""
_LINGER_SECONDS = 0.5
"""How long a transaction waits for more messages."""
_TELL_SECONDS = 1.0
_SECONDS = 30.0
_TRANSACTION_MS = 60_000
_INSIST_SECONDS = 120.0

Tell = Callable[[BridgeProgress], None]
Stop = Callable[[], bool]


class BridgeFailedError(Exception):
    """The bridge cannot go on; the text says why. What was committed stays."""


class Bridge:
    """One worker of a bridge. Of two with the same number, the one that came later goes on."""

    def __init__(
        self,
        connection: KafkaConnection,
        job: BridgeJob,
        schemas_of: SchemasOf,
        *,
        worker: int = 0,
        at_once: int = _AT_ONCE,
    ) -> None:
        self._connection = connection
        self._job = job
        self._worker = worker
        self._at_once = at_once
        self._reader = ValueReader(schemas_of)
        self._carriers = {
            topic: Carrier(mapping, job.tree) for topic, mapping in job.mappings.items()
        }
        self._encoder = Encoder(job.avro, job.schema_id)
        self._error = LastError()
        self._progress = BridgeProgress()
        self._ended: set[tuple[str, int]] = set()
        """Partitions of which nothing is left, as the brokers last told."""

    def run(self, tell: Tell, stop: Stop, *, until_caught_up: bool = False) -> BridgeProgress:
        """Carry until told to stop, or until nothing is left. Raises BridgeFailedError."""
        started = time.monotonic()
        self._ensure_dead_letters()
        consumer, producer = self._consumer(), self._producer()
        told = 0.0
        try:
            _insisted(lambda: producer.init_transactions(_SECONDS))
            consumer.subscribe(list(self._job.mappings))
            while not stop():
                records = self._batch(consumer)
                if records:
                    self._carry(consumer, producer, records)
                now = time.monotonic()
                if now - told >= _TELL_SECONDS or not records:
                    told = now
                    lag = self._lag(consumer)
                    self._progress = replace(self._progress, lag=lag, seconds=now - started)
                    tell(self._progress)
                    if until_caught_up and not records and lag == 0:
                        break
        except KafkaException as error:
            raise BridgeFailedError(self._said(error)) from error
        finally:
            consumer.close()
        return replace(self._progress, seconds=time.monotonic() - started)

    def _batch(self, consumer: Consumer) -> list[Record]:
        records = consumer.consume(self._at_once, _LINGER_SECONDS)
        good: list[Record] = []
        for record in records:
            error = record.error()
            if error is None:
                good.append(record)
                self._ended.discard(_place(record)[:2])
            elif error.code() == KafkaError._PARTITION_EOF:
                self._ended.add(_place(record)[:2])
            elif error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
                raise BridgeFailedError(f"The topic {record.topic()} no longer exists.")
            elif error.fatal():
                raise KafkaException(error)
        return good

    def _carry(self, consumer: Consumer, producer: Producer, records: Sequence[Record]) -> None:
        """One transaction; undone, and read again, where it cannot be committed."""
        producer.begin_transaction()
        try:
            counted = self._produce(producer, records)
            offsets, group = _next_offsets(records), consumer.consumer_group_metadata()
            _insisted(lambda: producer.send_offsets_to_transaction(offsets, group, _SECONDS))
            _insisted(lambda: producer.commit_transaction(_SECONDS))
        except SchemasAwayError:
            self._undo(consumer, producer, records)
            time.sleep(_LINGER_SECONDS)
            return
        except KafkaException as error:
            cause = error.args[0]
            if not cause.txn_requires_abort():
                raise
            self._undo(consumer, producer, records)
            return
        known = self._progress
        self._progress = replace(
            known,
            carried=known.carried + counted[0],
            rejected=known.rejected + counted[1],
            tombstones=known.tombstones + counted[2],
            transactions=known.transactions + 1,
        )

    def _produce(self, producer: Producer, records: Sequence[Record]) -> tuple[int, int, int]:
        carried = rejected = tombstones = 0
        for record in records:
            if record.value() is None:
                self._send(producer, record, record.key(), None)
                tombstones += 1
                continue
            try:
                made = self._made(record)
            except UnreadableError as error:
                refusals: Sequence[Refusal] = (Refusal("", None, str(error)),)
                self._reject(producer, record, refusals)
                rejected += 1
                continue
            if isinstance(made, list):
                for key, value in made:
                    self._send(producer, record, key, value)
                carried += 1
            else:
                self._reject(producer, record, made)
                rejected += 1
        return carried, rejected, tombstones

    def _made(self, record: Record) -> list[tuple[bytes | None, bytes]] | tuple[Refusal, ...]:
        """What goes into the unified topic, or why nothing does: a record comes over whole."""
        carrier = self._carriers[record.topic() or ""]
        made: list[tuple[bytes | None, bytes]] = []
        for value in self._reader.read(record):
            carried = carrier.carry(value)
            if carried.message is None:
                return carried.refusals
            key = record.key() if self._job.key is None else _key(carried.message, self._job.key)
            try:
                made.append((key, self._encoder.encode(carried.message)))
            except Exception:  # (fastavro raises many kinds, and their texts quote the value)
                return (Refusal("", None, "Avro does not take it"),)
        return made

    def _send(
        self, producer: Producer, record: Record, key: bytes | None, value: bytes | None
    ) -> None:
        _produced(
            producer, self._job.target, key, value, record.timestamp()[1],
            [("headwater.origin", _origin(record))],
        )  # fmt: skip

    def _reject(self, producer: Producer, record: Record, refusals: Sequence[Refusal]) -> None:
        """As it lay, with the headers that Kafka Connect gives its dead letters."""
        told = "; ".join(
            f"{refusal.path or refusal.to or 'message'}: {refusal.reason}" for refusal in refusals
        )
        topic, partition, offset = _place(record)
        headers: list[tuple[str, str | bytes | None]] = [
            *_headers(record),
            ("__connect.errors.topic", topic.encode()),
            ("__connect.errors.partition", str(partition).encode()),
            ("__connect.errors.offset", str(offset).encode()),
            ("__connect.errors.connector.name", self._job.group.encode()),
            ("__connect.errors.task.id", str(self._worker).encode()),
            ("__connect.errors.stage", b"TRANSFORMATION"),
            ("__connect.errors.class.name", b"headwater.bridge"),
            ("__connect.errors.exception.class.name", b"MappingRefused"),
            ("__connect.errors.exception.message", told[:1_000].encode()),
        ]
        _produced(
            producer, self._job.dead_letters, record.key(), record.value(),
            record.timestamp()[1], headers,
        )  # fmt: skip

    def _lag(self, consumer: Consumer) -> int | None:
        """What lies before this worker's positions, as the brokers last told: to ask each of them
        anew would take seconds."""
        assigned = consumer.assignment()
        left = 0
        for place in consumer.position(assigned):
            if (place.topic, place.partition) in self._ended:
                continue
            _, high = consumer.get_watermark_offsets(place, cached=True)
            if high < 0 or place.offset < 0:
                return None
            left += max(0, high - place.offset)
        return left if assigned else None

    def _undo(self, consumer: Consumer, producer: Producer, records: Sequence[Record]) -> None:
        _insisted(lambda: producer.abort_transaction(_SECONDS))
        first: dict[tuple[str, int], int] = {}
        for topic, partition, offset in map(_place, records):
            first[topic, partition] = min(first.get((topic, partition), offset), offset)
        held = {(each.topic, each.partition) for each in consumer.assignment()}
        for (topic, partition), offset in first.items():
            if (topic, partition) in held:
                consumer.seek(TopicPartition(topic, partition, offset))

    def _consumer(self) -> Consumer:
        return Consumer(
            self._connection.config(
                self._error,
                {
                    "group.id": self._job.group,
                    # A worker that comes back within the session keeps its partitions at once.
                    "group.instance.id": f"{self._job.group}-{self._worker}",
                    "session.timeout.ms": 30_000,
                    "enable.auto.commit": False,
                    # Tells that nothing is left also where the log ends in transactions' marks.
                    "enable.partition.eof": True,
                    "auto.offset.reset": "earliest",
                    "isolation.level": "read_committed",
                    "partition.assignment.strategy": "range",
                    "queued.max.messages.kbytes": 131_072,
                },
            )
        )

    def _producer(self) -> Producer:
        return Producer(
            self._connection.config(
                self._error,
                {
                    # The same after a kill, so that what the last one left open is undone at once.
                    "transactional.id": f"{self._job.group}-{self._worker}",
                    "transaction.timeout.ms": _TRANSACTION_MS,
                    # As Java's clients: messages of one key stay in one partition, whoever writes.
                    "partitioner": "murmur2_random",
                    "linger.ms": 20,
                    "compression.type": "lz4",
                    "queue.buffering.max.messages": 500_000,
                    "queue.buffering.max.kbytes": 262_144,
                },
            )
        )

    def _ensure_dead_letters(self) -> None:
        admin = AdminClient(self._connection.config(self._error))
        made = admin.create_topics(
            [NewTopic(self._job.dead_letters, num_partitions=1, replication_factor=-1)],
            request_timeout=_SECONDS,
        )
        try:
            made[self._job.dead_letters].result()
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise BridgeFailedError(self._said(error)) from error

    def _said(self, error: KafkaException) -> str:
        cause = error.args[0]
        if cause.code() in (KafkaError._FENCED, KafkaError.FENCED_INSTANCE_ID,
                            KafkaError.INVALID_PRODUCER_EPOCH):  # fmt: skip
            return (
                f"Another process took over as worker {self._worker} of this bridge. Give each "
                "process a --worker number of its own to run several."
            )
        more = f" ({self._error.text})" if self._error.text else ""
        return (
            f"Kafka did not let the bridge go on: {cause.str()}{more}. Start it again: it goes on."
        )


def _insisted(call: Callable[[], object]) -> None:
    """A call of a transaction that must be repeated, not undone, where the brokers were slow."""
    deadline = time.monotonic() + _INSIST_SECONDS
    while True:
        try:
            call()
        except KafkaException as error:
            if not error.args[0].retriable() or time.monotonic() > deadline:
                raise
        else:
            return


def _produced(
    producer: Producer,
    topic: str,
    key: bytes | None,
    value: bytes | None,
    timestamp: int,
    headers: list[tuple[str, str | bytes | None]],
) -> None:
    while True:
        try:
            producer.produce(topic, value, key, timestamp=max(timestamp, 0), headers=headers)
        except BufferError:
            producer.poll(0.1)
        else:
            return


def _place(record: Record) -> tuple[str, int, int]:
    """Topic, partition and offset, which every record that was read has."""
    return record.topic() or "", record.partition() or 0, record.offset() or 0


def _headers(record: Record) -> list[tuple[str, str | bytes | None]]:
    """As a list, which is how a record that was read has them."""
    found = record.headers() or []
    return list(found.items()) if isinstance(found, dict) else list(found)


def _origin(record: Record) -> bytes:
    return f"{record.topic()}:{record.partition()}:{record.offset()}".encode()


def _key(message: dict[str, object], path: str) -> bytes:
    value: object = message
    for name in path.split("."):
        value = value[name] if isinstance(value, dict) else None
    return str(value).encode()


def _next_offsets(records: Sequence[Record]) -> list[TopicPartition]:
    latest: dict[tuple[str, int], int] = {}
    for topic, partition, offset in map(_place, records):
        latest[topic, partition] = offset + 1
    return [TopicPartition(topic, partition, at) for (topic, partition), at in latest.items()]
