"""The bridge: a consume-transform-produce loop in Kafka transactions.

Offsets are committed in the transaction that produces what was made of them, so that readers with
`isolation.level=read_committed` see each message exactly once, whenever the process is killed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

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

from core.unify.carrying import Refusal
from tools.bridge.clients import SECONDS, consumer_of, insisted, produced, producer_of
from tools.bridge.job import BridgeJob, BridgeProgress
from tools.bridge.making import Maker
from tools.bridge.reading import SchemasAwayError, SchemasOf, ValueReader
from tools.garbage import SeldomCollected
from tools.kafka.connection import KafkaConnection, LastError
from tools.kafka.dead_letter import Failing, Headers, dead_letter_headers

_AT_ONCE = 200_000
"""Messages of a transaction, at most: so many while there is something to catch up with."""
_BATCH = 2_000
_LONGEST_SECONDS = 2.0
"""After this a transaction is committed, however few it holds."""
_LINGER_SECONDS = 0.5
"""How long an empty transaction waits for messages."""
_TELL_SECONDS = 1.0
_ANY = -1
"""The partition, where the key decides on it."""

Tell = Callable[[BridgeProgress], None]
Stop = Callable[[], bool]
Place = tuple[str, int]


class BridgeFailedError(Exception):
    """The bridge cannot go on; the text says why. What was committed stays."""


@dataclass(slots=True)
class _Open:
    """A transaction that is not committed: what it took from where."""

    first: dict[Place, int] = field(default_factory=dict)
    latest: dict[Place, int] = field(default_factory=dict)
    messages: int = 0
    carried: int = 0
    rejected: int = 0
    tombstones: int = 0

    def next_offsets(self) -> list[TopicPartition]:
        return [
            TopicPartition(topic, partition, at + 1)
            for (topic, partition), at in self.latest.items()
        ]


class _Origins(dict[Place, bytes]):
    """What an origin begins with, by place."""

    def __missing__(self, place: Place) -> bytes:
        made = self[place] = f"{place[0]}:{place[1]}:".encode()
        return made


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
        self._batch_size = min(at_once, _BATCH)
        reader = ValueReader(schemas_of)
        self._makers = {
            topic: Maker(job, mapping, reader) for topic, mapping in job.mappings.items()
        }
        self._origins = _Origins()
        self._error = LastError()
        self._progress = BridgeProgress()
        self._ended: set[Place] = set()
        """Partitions of which nothing is left, as the brokers last told."""
        self._assignments = 0
        """How often the worker's partitions were others than before."""

    def run(self, tell: Tell, stop: Stop, *, until_caught_up: bool = False) -> BridgeProgress:
        """Carry until told to stop, or until nothing is left. Raises BridgeFailedError."""
        started = time.monotonic()
        self._ensure_dead_letters()
        worker = (self._connection, self._error, self._job.group, self._worker)
        consumer, producer = consumer_of(*worker), producer_of(*worker)
        try:
            insisted(lambda: producer.init_transactions(SECONDS))
            consumer.subscribe(
                list(self._job.mappings),
                on_assign=self._assigned,
                on_revoke=self._assigned,
                on_lost=self._assigned,
            )
            with SeldomCollected() as garbage:
                told = 0.0
                while not stop():
                    records = self._batch(consumer, _LINGER_SECONDS)
                    if records:
                        self._transaction(consumer, producer, records, stop)
                    garbage.turn()
                    now = time.monotonic()
                    if records and now - told < _TELL_SECONDS:
                        continue
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

    def _assigned(self, consumer: Consumer, places: list[TopicPartition]) -> None:
        self._assignments += 1

    def _batch(self, consumer: Consumer, seconds: float) -> list[Record]:
        found = consumer.consume(self._batch_size, seconds)
        records = [record for record in found if record.error() is None]
        if self._ended or len(records) < len(found):
            for record in found:
                self._hear(record)
        return records

    def _hear(self, record: Record) -> None:
        error = record.error()
        if error is None:
            self._ended.discard(_place(record))
        elif error.code() == KafkaError._PARTITION_EOF:
            self._ended.add(_place(record))
        elif error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
            raise BridgeFailedError(f"The topic {record.topic()} no longer exists.")
        elif error.fatal():
            raise KafkaException(error)

    def _transaction(
        self, consumer: Consumer, producer: Producer, records: list[Record], stop: Stop
    ) -> None:
        """One transaction, of as many batches as wait; undone, and read again, where it cannot be
        committed."""
        producer.begin_transaction()
        made, assignments = _Open(), self._assignments
        deadline = time.monotonic() + _LONGEST_SECONDS
        try:
            while records:
                self._produce(producer, records, made)
                full = len(records) == self._batch_size
                more = full and made.messages < self._at_once and time.monotonic() < deadline
                records = self._batch(consumer, 0.0) if more and not stop() else []
                if assignments != self._assignments:
                    # Some of what was taken may be another worker's by now.
                    self._undo(consumer, producer, made, records)
                    return
            self._commit(consumer, producer, made)
        except SchemasAwayError:
            self._undo(consumer, producer, made, records)
            time.sleep(_LINGER_SECONDS)
        except KafkaException as error:
            if not error.args[0].txn_requires_abort():
                raise
            self._undo(consumer, producer, made, records)

    def _commit(self, consumer: Consumer, producer: Producer, made: _Open) -> None:
        offsets, group = made.next_offsets(), consumer.consumer_group_metadata()
        insisted(lambda: producer.send_offsets_to_transaction(offsets, group, SECONDS))
        insisted(lambda: producer.commit_transaction(SECONDS))
        known = self._progress
        self._progress = replace(
            known,
            carried=known.carried + made.carried,
            rejected=known.rejected + made.rejected,
            tombstones=known.tombstones + made.tombstones,
            transactions=known.transactions + 1,
        )

    def _produce(self, producer: Producer, records: Sequence[Record], made: _Open) -> None:
        """Every microsecond in here is one of each message: all are made before the first of them
        is produced, which takes less than to make and to produce by turns."""
        target, makers, first, latest = self._job.target, self._makers, made.first, made.latest
        produce, origins = producer.produce, self._origins
        results = [makers[record.topic() or ""].made(record) for record in records]
        rejected = tombstones = 0
        place, head = ("", -1), b""
        for record, (messages, refusals) in zip(records, results, strict=True):
            offset, here = record.offset() or 0, (record.topic() or "", record.partition() or 0)
            if here != place:
                # (they come in runs of one partition)
                place, head = here, origins[here]
                first.setdefault(place, offset)
            latest[place] = offset
            if refusals:
                self._reject(producer, record, refusals)
                rejected += 1
                continue
            origin = b"%b%d" % (head, offset)
            at = max(record.timestamp()[1], 0)
            value: bytes | None = b""
            for key, value in messages:
                headers: Headers = [("headwater.origin", origin)]
                try:
                    # By place, which takes a microsecond less than by name.
                    produce(target, value, key, _ANY, None, None, at, headers)
                except BufferError:
                    produced(producer, target, key, value, at, headers)
            tombstones += value is None
        made.tombstones += tombstones
        made.carried += len(records) - rejected - tombstones
        made.rejected += rejected
        made.messages += len(records)

    def _reject(self, producer: Producer, record: Record, refusals: Sequence[Refusal]) -> None:
        """As it lay."""
        failing = Failing(
            self._job.group, self._worker, "TRANSFORMATION", "headwater.bridge", "MappingRefused"
        )
        told = "; ".join(f"{one.path or one.to or 'message'}: {one.reason}" for one in refusals)
        headers = dead_letter_headers(record, failing, told)
        produced(
            producer,
            self._job.dead_letters,
            record.key(),
            record.value(),
            record.timestamp()[1],
            headers,
        )

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

    def _undo(
        self, consumer: Consumer, producer: Producer, made: _Open, records: Sequence[Record]
    ) -> None:
        """Whatever was taken is read again, of these records too that may be in no transaction."""
        for record in records:
            made.first.setdefault(_place(record), record.offset() or 0)
        insisted(lambda: producer.abort_transaction(SECONDS))
        held = {(each.topic, each.partition) for each in consumer.assignment()}
        for (topic, partition), offset in made.first.items():
            if (topic, partition) in held:
                self._ended.discard((topic, partition))
                consumer.seek(TopicPartition(topic, partition, offset))

    def _ensure_dead_letters(self) -> None:
        admin = AdminClient(self._connection.config(self._error))
        made = admin.create_topics(
            [NewTopic(self._job.dead_letters, num_partitions=1, replication_factor=-1)],
            request_timeout=SECONDS,
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


def _place(record: Record) -> Place:
    """Topic and partition, which every record that was read has."""
    return record.topic() or "", record.partition() or 0
