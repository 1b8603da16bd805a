"""The progress of one topic's sample while its partitions are read."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from confluent_kafka import Message as VendorMessage

from core.decoding.message import Message
from tools.kafka.ranges import Range, plan

_NEAR_RECORDS = 200
"""A range that begins so soon is reached sooner by reading on than by seeking."""


@dataclass(frozen=True, slots=True)
class TopicSample:
    """What was read of a topic.

    `offsets` maps partition to (low, high) at the time of the sample. `error` says why the sample
    lacks partitions or all of it; what was read until then is in `messages` all the same.
    `oversized` counts records that were too large to keep.
    """

    topic: str
    messages: tuple[Message, ...]
    offsets: Mapping[int, tuple[int, int]]
    skipped_unchanged: bool = False
    error: str | None = None
    oversized: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a topic is read, and for how long at most."""

    messages: int = 300
    bytes: int = 2 * 1024 * 1024
    seconds: float = 10.0
    message_bytes: int = 1024 * 1024
    """A larger record is counted as oversized and dropped."""


@dataclass(slots=True)
class PartitionReading:
    """Where the reading of a partition stands within its ranges."""

    topic: TopicReading
    partition: int
    ranges: tuple[Range, ...]
    current: int = 0
    count: int = 0
    bytes: int = 0
    sought: int = -1

    @property
    def start(self) -> int:
        return self.ranges[self.current].start

    def take(self, message: VendorMessage, offset: int) -> int | None:
        """Keep a record if it belongs to the sample.

        Returns the offset from which to go on: the next one, a later one to seek to, or None when
        the partition is done.
        """
        while offset >= self.ranges[self.current].limit:
            if not self._advance():
                return None
        now = self.ranges[self.current]
        if offset >= now.start:
            self.bytes += self.topic.keep(message, self.partition, offset)
            self.count += 1
            full = self.count >= now.count or self.bytes >= self.topic.range_bytes
            if not full and offset + 1 < now.limit:
                return offset + 1
            if not self._advance():
                return None
        return self._onward(offset)

    def _advance(self) -> bool:
        """Turn to the next range; False when there is none."""
        self.count = self.bytes = 0
        self.current += 1
        return self.current < len(self.ranges)

    def _onward(self, offset: int) -> int:
        """Where to read next; records that were on their way before a seek are passed over."""
        start = self.start
        if start <= offset + _NEAR_RECORDS or start == self.sought:
            return offset + 1
        self.sought = start
        return start


@dataclass(slots=True)
class TopicReading:
    """A topic on its way to being sampled."""

    topic: str
    offsets: Mapping[int, tuple[int, int]]
    limits: Limits
    error: str | None = None
    messages: list[Message] = field(default_factory=list)
    size: int = 0
    oversized: int = 0
    started: float = 0.0
    open: dict[int, PartitionReading] = field(default_factory=dict)
    range_bytes: int = 0

    def begin(self) -> None:
        """Plan the ranges; the clock of the topic starts now."""
        self.started = time.monotonic()
        planned = plan(self.offsets, self.limits.messages)
        self.open = {p: PartitionReading(self, p, ranges) for p, ranges in planned.items()}
        ranges = sum(len(ranges) for ranges in planned.values())
        self.range_bytes = self.limits.bytes // max(ranges, 1)

    def keep(self, message: VendorMessage, partition: int, offset: int) -> int:
        """Add a record unless it is oversized; returns what it costs of the byte budget."""
        key, value = message.key(), message.value()
        size = (len(key) if key else 0) + (len(value) if value else 0)
        if size > self.limits.message_bytes:
            self.oversized += 1
            return 0
        self.size += size
        headers = message.headers()
        self.messages.append(
            Message(
                partition,
                offset,
                message.timestamp()[1],
                key,
                value,
                tuple(headers) if headers else (),  # type: ignore[arg-type]
            )
        )
        return size

    def result(self) -> TopicSample:
        return TopicSample(
            self.topic,
            tuple(self.messages),
            self.offsets,
            error=self.error,
            oversized=self.oversized,
            seconds=time.monotonic() - self.started,
        )
