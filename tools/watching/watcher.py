"""The watcher: consumes topics in a group, counts what rules say, and writes the counts with the
offsets.

Offsets in Postgres are the truth: a partition goes on where its counts end, whoever gets it.
Kafka's own committed offsets are for people who look at the group, and nothing goes by them.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka import Message as Record

from core.decoding.column import Schemas
from core.decoding.decoded import SchemaRef
from core.decoding.registered import RegisteredSchema
from core.quality.counting import left_out
from core.quality.distinct import distinct, numbered
from core.quality.intake import Intake, SchemasMissingError
from core.quality.judging.look import ARRIVALS_MS
from core.quality.watch import Count, Watch
from tools.db.errors import DatabaseConflictError, DatabaseUnreachableError
from tools.garbage import SeldomCollected
from tools.kafka.connection import KafkaConnection, LastError
from tools.watching.client import consumer_of, starts_of
from tools.watching.dead_letters import DeadLetters
from tools.watching.ledger import Counted, Ledger, Place, Standing
from tools.watching.pace import LOOK_SECONDS, Pace
from tools.watching.remembered import Remembered, now_ms
from tools.watching.rulebook import TopicRules
from tools.watching.taking import intakes_of

AT_ONCE = 30_000
"""Records of a micro-batch, at most."""
_POLL_SECONDS = 0.2
_GATHER = 2.0
"""Times as long as the last records took to count, the next are waited for: a topic with many rules
costs the same for one record as for a hundred."""
_FLUSH_SECONDS = 1.0
_FLUSH_RECORDS = 200_000
_RULES_SECONDS = 2.0
_WATCHES = 256
"""Topics whose compiled rules are kept."""
_AGAIN_SECONDS = 1.0
"""After a server was away."""

SchemasOf = Callable[[frozenset[SchemaRef]], Schemas]
"""Asks the registry; what it could not be asked for is missing in the answer."""

log = logging.getLogger(__name__)

_AWAY = (DatabaseUnreachableError, DatabaseConflictError)


@dataclass(frozen=True, slots=True)
class WatchProgress:
    """Since the start of this worker."""

    records: int = 0
    partitions: int = 0
    topics: int = 0
    waiting_for: str | None = None
    """The server that is away."""
    seconds: float = 0.0


@dataclass(slots=True)
class _Held:
    """A partition that this worker has: what was counted of it and is not written."""

    next: int
    counted: Counted | None = None
    put_to: str | None = None
    """The rules that it was put to when they were written last."""
    rules: str | None = None
    pace: Pace = field(default_factory=Pace)
    read: int = 0
    """Records since the pace was looked at."""

    @classmethod
    def at(cls, standing: Standing) -> Self:
        return cls(standing.next, put_to=standing.rules)


class Watcher:
    """One worker. `history_seconds` is how far back a topic is read when it is watched first."""

    def __init__(
        self,
        connection: KafkaConnection,
        ledger: Ledger,
        schemas_of: SchemasOf,
        *,
        group: str,
        instance: str | None = None,
        history_seconds: float = 24 * 3_600,
        at_once: int = AT_ONCE,
        dead_letters: DeadLetters | None = None,
    ) -> None:
        self._connection = connection
        self._ledger = ledger
        self._schemas_of = schemas_of
        self._group = group
        self._instance = instance
        self._history = history_seconds
        self._at_once = at_once
        self._dead_letters = dead_letters
        self._error = LastError()
        self._schemas: dict[SchemaRef, RegisteredSchema | None] = {}
        self._heads: Mapping[str, str] = {}
        self._version: object = None
        self._watches: OrderedDict[str, tuple[TopicRules, Watch]] = OrderedDict()
        self._held: dict[Place, _Held] = {}
        self._remembered = Remembered(ledger)
        self._records = 0
        self._unwritten = 0
        self._waiting: str | None = None
        self._stop: Callable[[], bool] = lambda: False
        self._name = f"watcher-{secrets.token_hex(6)}"
        self._heard: float | None = None
        """When it last asked for records and was given all that there were."""

    def run(self, tell: Callable[[WatchProgress], None], stop: Callable[[], bool]) -> None:
        """Watch until told to stop; what was counted by then is written."""
        started = time.monotonic()
        self._stop = stop
        consumer = self._consumer()
        try:
            with SeldomCollected() as garbage:
                self._watch(consumer, started, garbage, tell)
        finally:
            self._flush(consumer)
            consumer.close()
            with contextlib.suppress(*_AWAY):
                self._ledger.gone(self._name)
            self._ledger.close()

    def _consumer(self) -> Consumer:
        try:
            topics = len(self._ledger.heads())
        except _AWAY:
            topics = 0
        return consumer_of(self._connection, self._error, self._group, self._instance, topics)

    def _watch(
        self,
        consumer: Consumer,
        started: float,
        garbage: SeldomCollected,
        tell: Callable[[WatchProgress], None],
    ) -> None:
        looked = flushed = told = -_RULES_SECONDS
        paced, patience = started, 0.0
        while not self._stop():
            now = time.monotonic()
            if now - looked >= _RULES_SECONDS:
                looked = now
                self._look_up_rules(consumer)
            if self._waiting is None:
                found = self._poll(consumer, patience)
                began = time.monotonic()
                self._take(consumer, found)
                patience = min(_GATHER * (time.monotonic() - began), _FLUSH_SECONDS)
            else:
                self._wait(consumer)
            now = time.monotonic()
            if now - flushed >= _FLUSH_SECONDS or self._unwritten >= _FLUSH_RECORDS:
                flushed = now
                self._flush(consumer)
            if now - paced >= LOOK_SECONDS:
                self._look_at_pace(consumer, now - paced)
                paced = now
            if now - told >= 1.0:
                told = now
                tell(self._progress(now - started))
            garbage.turn()

    def _progress(self, seconds: float) -> WatchProgress:
        return WatchProgress(
            self._records,
            len(self._held),
            len({topic for topic, _ in self._held}),
            self._waiting,
            seconds,
        )

    def _look_up_rules(self, consumer: Consumer) -> None:
        """Rules that changed hold from the next record on; new topics join the subscription."""
        try:
            version = self._ledger.version()
            if version == self._version:
                return
            heads = self._ledger.heads()
        except _AWAY as error:
            self._away(consumer, "Postgres", error)
            return
        if heads.keys() != self._heads.keys() or self._version is None:
            if heads:
                consumer.subscribe(
                    sorted(heads),
                    on_assign=self._assigned,
                    on_revoke=self._revoked,
                    on_lost=self._lost,
                )
            else:
                consumer.unsubscribe()
        self._heads, self._version = heads, version

    def _poll(self, consumer: Consumer, patience: float) -> list[Record]:
        """What there is, or what comes within that many seconds."""
        if not self._heads:
            time.sleep(_POLL_SECONDS)
            return []
        asked = time.monotonic()
        found = consumer.consume(self._at_once, max(patience, _POLL_SECONDS))
        if len(found) < self._at_once:
            self._heard = asked
        errors = list(map(Record.error, found))
        if errors.count(None) == len(found):
            return found
        for error in errors:
            if error is not None:
                _heed(error)
        return [record for record, error in zip(found, errors, strict=True) if error is None]

    def _take(self, consumer: Consumer, records: Sequence[Record]) -> None:
        positions = {place: held.next for place, held in self._held.items()}
        keyed = {topic for topic, (_, watch) in self._watches.items() if watch.keyed}
        by_topic = dict(intakes_of(records, positions, keyed | self._heads.keys() - self._watches))
        try:
            self._learn_rules(by_topic)
        except _AWAY as error:
            self._again(consumer, [place for place in positions if place[0] in by_topic])
            self._away(consumer, "Postgres", error)
            return
        for topic, taken in by_topic.items():
            if topic not in self._watches:
                # Its rules went while it was read: nobody asks for these records.
                continue
            intake = taken.intake
            places = [(topic, one) for one in distinct(intake.partitions)]
            rules = self._watches[topic][0]
            try:
                count = self._counted(rules, places, intake)
            except SchemasMissingError:
                self._again(consumer, places)
                self._away(consumer, "Schema Registry", self._error.text)
            except _AWAY as error:
                self._again(consumer, places)
                self._away(consumer, "Postgres", error)
            except Exception:
                # A fault of ours must not stop all topics at one message for good: what it could
                # not look at is told as left out, and the log says why.
                log.exception("%s records of %s could not be looked at", len(intake), topic)
                skipped = Count(left_out(intake), {}, ())
                self._keep(consumer, rules, places, intake, skipped)
            else:
                if self._dead_letters is not None:
                    self._dead_letters.send(topic, taken.records, count.unread)
                self._keep(consumer, rules, places, intake, count)

    def _learn_rules(self, topics: Collection[str]) -> None:
        """Those that changed, or are not held: of thousands of quiet topics none is."""
        wanted = [topic for topic in topics if not self._is_known(topic)]
        for topic, rules in (self._ledger.rules(wanted) if wanted else {}).items():
            self._watches[topic] = (rules, rules.watch())
        for topic in topics:
            if topic in self._watches:
                self._watches.move_to_end(topic)
        while len(self._watches) > max(_WATCHES, len(topics)):
            self._watches.popitem(last=False)

    def _is_known(self, topic: str) -> bool:
        known = self._watches.get(topic)
        return known is not None and known[0].hash == self._heads.get(topic)

    def _counted(self, rules: TopicRules, places: Sequence[Place], intake: Intake) -> Count:
        """Memories are there before anything is counted: counting changes them."""
        for place in places:
            self._adopt(place, rules)
        watch = self._watches[rules.topic][1]
        memories, now = self._remembered.of(rules.topic), now_ms()
        try:
            return watch.count(intake, self._schemas, memories, now)
        except SchemasMissingError as error:
            self._schemas |= self._schemas_of(error.refs)
        return watch.count(intake, self._schemas, memories, now)

    def _adopt(self, place: Place, rules: TopicRules) -> None:
        """Put the partition to these rules from its next record on, if they are new to it."""
        held = self._held[place]
        if held.rules == rules.hash:
            return
        self._remembered.begin(place, self._watches[rules.topic][1])
        if held.counted is None:
            held.counted = Counted(held.next, held.next, rules.hash)
        held.counted.rules = rules.hash
        if held.put_to != rules.hash:
            held.counted.adopted = held.next
        held.rules = held.put_to = rules.hash

    def _keep(
        self,
        consumer: Consumer,
        rules: TopicRules,
        places: Sequence[Place],
        intake: Intake,
        count: Count,
    ) -> None:
        for place in places:
            held = self._held[place]
            if held.counted is None:
                held.counted = Counted(held.next, held.next, rules.hash)
            held.counted.add(count, place[1])
            here = intake.partitions == place[1]
            when, inverse = numbered(intake.arrived_ms[here] // ARRIVALS_MS)
            counts = np.bincount(inverse).tolist()
            held.counted.arrivals.update(dict(zip(when.tolist(), counts, strict=True)))
            last = int(intake.offsets[here].max())
            held.next = held.counted.next = last + 1
            taken = len(inverse)
            held.read += taken
            if held.pace.every > 1:
                self._pass_over(consumer, place, taken)
        self._records += len(intake)
        self._unwritten += len(intake)

    def _pass_over(self, consumer: Consumer, place: Place, taken: int) -> None:
        """Leave out what cannot be looked at in time; it is told beside every figure."""
        held = self._held[place]
        _, high = consumer.get_watermark_offsets(_partition(place), cached=True)
        passed_over = held.pace.passed_over(taken, high - held.next)
        if passed_over and held.counted is not None:
            newest = max(held.counted.windows, key=lambda cell: cell.start_ms)
            held.counted.windows[newest].skipped += passed_over
            held.next = held.counted.next = held.next + passed_over
            consumer.seek(_partition(place, held.next))

    def _look_at_pace(self, consumer: Consumer, seconds: float) -> None:
        for place, held in self._held.items():
            if held.read or held.pace.every > 1:
                _, high = consumer.get_watermark_offsets(_partition(place), cached=True)
                held.pace.look(high - held.next, held.read / seconds)
                held.read = 0

    def _flush(self, consumer: Consumer, only: Collection[Place] | None = None) -> None:
        """Write what was counted. A partition whose offset is another one by now belongs to
        somebody else, or was written by a transaction whose end was not heard: it goes on from
        what the ledger says."""
        counted: dict[Place, Counted] = {}
        for place, held in self._held.items():
            if held.counted is None or (only is not None and place not in only):
                continue
            held.counted.chunks.extend(self._remembered.chunks(place))
            _, high = consumer.get_watermark_offsets(_partition(place), cached=True)
            held.counted.high = high if high >= held.next else None
            counted[place] = held.counted
        if self._dead_letters is not None and not self._dead_letters.flush():
            # Written later: a message is sent on before it is counted, or it may be lost.
            self._away(consumer, "the dead-letter topic", "it does not take messages")
            return
        try:
            seen = self._remembered.seen({topic for topic, _ in counted})
            written = self._ledger.write(counted, seen)
            if only is None:
                self._unwritten = 0
            for place in written.places:
                self._held[place].counted = None
            self._remembered.learn(written)
            if lost := counted.keys() - written.places:
                self._start_anew(consumer, lost)
            if only is None:
                ago = None if self._heard is None else time.monotonic() - self._heard
                self._ledger.alive(self._name, len(self._held), ago)
        except _AWAY as error:
            self._away(consumer, "Postgres", error)

    def _start_anew(self, consumer: Consumer, places: Collection[Place]) -> None:
        offsets = self._ledger.offsets(sorted(places))
        for place in places:
            standing = offsets[place]
            self._held[place] = _Held.at(standing)
            consumer.seek(_partition(place, standing.next))
        for topic in {topic for topic, _ in places}:
            self._forget(consumer, topic)

    def _forget(self, consumer: Consumer, topic: str) -> None:
        """Memories hold what was counted in vain, so that nothing that was counted with them and is
        not written holds either: it is counted again, by what is written."""
        self._remembered.forget(topic)
        for place, held in self._held.items():
            if place[0] != topic:
                continue
            held.rules = None
            if (counted := held.counted) is not None:
                put_to = held.put_to if counted.adopted is None else None
                self._held[place] = _Held(counted.start, put_to=put_to)
                consumer.seek(_partition(place, counted.start))

    def _again(self, consumer: Consumer, places: Collection[Place]) -> None:
        """What was taken and not counted is taken once more."""
        for place in places:
            consumer.seek(_partition(place, self._held[place].next))

    def _away(self, consumer: Consumer, server: str, why: object) -> None:
        """Take nothing more until the server is back; what was counted is kept."""
        if self._waiting is None:
            log.warning("watching waits for %s: %s", server, why)
            self._waiting = server
            if self._held:
                consumer.pause([_partition(place) for place in self._held])

    def _wait(self, consumer: Consumer) -> None:
        """Stay in the group meanwhile."""
        found = consumer.consume(self._at_once, _AGAIN_SECONDS)
        taken = {_place(record) for record in found if record.error() is None}
        self._again(consumer, taken & self._held.keys())
        try:
            self._ledger.version()
        except _AWAY:
            return
        self._waiting = None
        if self._held:
            consumer.resume([_partition(place) for place in self._held])

    def _assigned(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        """Go on where the ledger says; without it nobody knows where that is."""
        places = [(one.topic, one.partition) for one in partitions]
        while True:
            try:
                offsets = self._ledger.offsets(places)
                new = [place for place in places if place not in offsets]
                if new:
                    since_ms = round((time.time() - self._history) * 1_000)
                    starts = starts_of(self._connection, consumer, new, since_ms)
                    offsets |= self._ledger.begin(starts)
                break
            except (*_AWAY, KafkaException) as error:
                log.warning("watching waits to learn where partitions go on: %s", error)
                if self._stop():
                    consumer.incremental_assign([])
                    return
                time.sleep(_AGAIN_SECONDS)
        for place in places:
            self._held[place] = _Held.at(offsets[place])
        consumer.incremental_assign([_partition(place, offsets[place].next) for place in places])
        if self._waiting is not None:
            consumer.pause([_partition(place) for place in places])

    def _revoked(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        places = {(one.topic, one.partition) for one in partitions}
        self._flush(consumer, places)
        self._lost(consumer, partitions)

    def _lost(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        """Somebody else has them already: what is not written he counts himself."""
        for one in partitions:
            held = self._held.pop((one.topic, one.partition), None)
            if held is not None and held.counted is not None:
                self._forget(consumer, one.topic)
            else:
                self._remembered.leave((one.topic, one.partition))
        self._remembered.keep({topic for topic, _ in self._held})
        consumer.incremental_unassign(partitions)


def _heed(error: KafkaError) -> None:
    """A topic that is gone leaves the rules with the next scan; all else passes by itself."""
    if error.fatal():
        raise KafkaException(error)


def _place(record: Record) -> Place:
    return record.topic() or "", record.partition() or 0


def _partition(place: Place, offset: int | None = None) -> TopicPartition:
    return TopicPartition(*place) if offset is None else TopicPartition(*place, offset)
