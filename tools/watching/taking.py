"""Consumed records sorted by topic, as arrays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from confluent_kafka import Message as Record

from core.decoding.framing import Headers
from core.quality.distinct import distinct
from core.quality.intake import Intake
from tools.watching.ledger import Place


@dataclass(frozen=True, slots=True)
class Taken:
    """An intake, and the records that it was made of, in the same order."""

    intake: Intake
    records: Sequence[Record]


def intakes_of(
    records: Sequence[Record], positions: Mapping[Place, int], keyed: Collection[str]
) -> Iterator[tuple[str, Taken]]:
    """Without what is before a partition's position, or of a partition that has none: it was
    counted, or is another worker's by now. Keys are of `keyed` topics alone."""
    topics = [record.topic() or "" for record in records]
    if len(set(topics)) == 1:
        by_topic = {topics[0]: list(records)}
    else:
        by_topic = defaultdict(list)
        for topic, record in zip(topics, records, strict=True):
            by_topic[topic].append(record)
    for topic, found in by_topic.items():
        taken = _taken(topic, found, positions, keyed=topic in keyed)
        if taken.records:
            yield topic, taken


def _taken(
    topic: str, records: list[Record], positions: Mapping[Place, int], *, keyed: bool
) -> Taken:
    partitions = np.array([record.partition() for record in records], np.int64)
    offsets = np.array([record.offset() for record in records], np.int64)
    least = np.zeros(len(records), np.int64)
    for partition in distinct(partitions):
        least[partitions == partition] = positions.get((topic, partition), np.iinfo(np.int64).max)
    if not (kept := offsets >= least).all():
        records = [record for record, keep in zip(records, kept.tolist(), strict=True) if keep]
        partitions, offsets = partitions[kept], offsets[kept]
    headers = [record.headers() for record in records]
    intake = Intake(
        partitions,
        offsets,
        np.array([record.timestamp()[1] for record in records], np.int64),
        [record.value() for record in records],
        [record.key() for record in records] if keyed else None,
        [_named(one) for one in headers] if any(headers) else None,
    )
    return Taken(intake, records)


def _named(headers: object) -> Headers:
    if not headers:
        return ()
    pairs = headers.items() if isinstance(headers, dict) else headers
    return tuple(
        (name, value.encode() if isinstance(value, str) else value)
        for name, value in pairs  # type: ignore[attr-defined]
    )
