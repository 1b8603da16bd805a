"""Samples topics: a few hundred records of each, without a consumer group."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from tools.kafka.admin import KafkaAdmin, Watermarks
from tools.kafka.connection import KafkaConnection
from tools.kafka.lane import Lane
from tools.kafka.mailbox import Mailbox
from tools.kafka.reading import Limits, TopicReading, TopicSample

__all__ = ["Limits", "Sampler", "TopicSample"]

Offsets = Mapping[int, tuple[int, int]]

_TOPICS_PER_LANE = 200


class Sampler:
    """Reads samples within `limits` through at most `lanes` consumers.

    Nothing is committed and no group is joined. Records of open and aborted transactions are not
    read. Every call connects anew, so that it recovers when the cluster does.
    """

    def __init__(
        self,
        connection: KafkaConnection,
        admin: KafkaAdmin,
        limits: Limits = Limits(),  # noqa: B008
        *,
        lanes: int = 2,
    ) -> None:
        self._connection = connection
        self._admin = admin
        self._limits = limits
        self._lanes = lanes

    async def sample(
        self, topics: Sequence[str], *, known_offsets: Mapping[str, Offsets] | None = None
    ) -> AsyncIterator[TopicSample]:
        """The topics' samples in the order in which they are done.

        A topic whose high watermarks are those of `known_offsets` is not read again. Close the
        iterator (`contextlib.aclosing`) when leaving early. Raises KafkaFailedError when the
        cluster does not answer at all; what goes wrong with one topic is in its sample.
        """
        known = known_offsets or {}
        marks = await self._admin.watermarks(topics)
        work: SimpleQueue[TopicReading] = SimpleQueue()
        for name, mark in marks.items():
            if _is_unread(mark, known.get(name)):
                work.put(TopicReading(name, mark.offsets, self._limits, mark.error))
            else:
                yield _unread(mark)
        lanes = min(self._lanes, -(-work.qsize() // _TOPICS_PER_LANE))
        async for sample in _run(self._connection, work, lanes, self._limits.seconds):
            yield sample


def _is_unread(mark: Watermarks, known: Offsets | None) -> bool:
    if not any(high > low for low, high in mark.offsets.values()):
        return False
    return known is None or _highs(known) != _highs(mark.offsets) or mark.error is not None


def _highs(offsets: Offsets) -> dict[int, int]:
    return {partition: high for partition, (_, high) in offsets.items()}


def _unread(mark: Watermarks) -> TopicSample:
    """An empty or unchanged topic; one that could not be looked at says why."""
    unchanged = mark.error is None and any(high > low for low, high in mark.offsets.values())
    return TopicSample(mark.topic, (), mark.offsets, unchanged, mark.error)


async def _run(
    connection: KafkaConnection, work: SimpleQueue[TopicReading], lanes: int, patience: float
) -> AsyncIterator[TopicSample]:
    """Samples from `lanes` threads, which wait while nobody takes them."""
    if not lanes:
        return
    mailbox = Mailbox(asyncio.get_running_loop())
    consumers = [Lane(connection, work, mailbox.post, mailbox.room, patience) for _ in range(lanes)]
    with ThreadPoolExecutor(lanes, "kafka-sampler") as threads:
        for lane in consumers:
            threads.submit(mailbox.run, lane.run)
        try:
            async for sample in mailbox.samples(lanes):
                yield sample
        finally:
            await mailbox.close(lanes)
