"""Consumed records sorted by topic, as arrays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from confluent_kafka import Message as Record

from core.arrays import Ints
from core.decoding.framing import Headers
from core.quality.distinct import distinct
from core.quality.intake import Intake
from tools.watching.ledger import Place

_MILLISECONDS = itemgetter(1)
"""Of a timestamp, whose first part says who set it."""


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
    by_topic: dict[str, list[Record]] = defaultdict(list)
    if len(topics := set(map(Record.topic, records))) == 1:
        by_topic[topics.pop() or ""] = list(records)
    else:
        for record in records:
            by_topic[record.topic() or ""].append(record)
    for topic, found in by_topic.items():
        taken = _taken(topic, found, positions, keyed=topic in keyed)
        if taken.records:
            yield topic, taken


def _taken(
    topic: str, records: list[Record], positions: Mapping[Place, int], *, keyed: bool
) -> Taken:
    partitions, offsets = _ints(map(Record.partition, records)), _ints(map(Record.offset, records))
    least = np.zeros(len(records), np.int64)
    for partition in distinct(partitions):
        least[partitions == partition] = positions.get((topic, partition), np.iinfo(np.int64).max)
    if not (kept := offsets >= least).all():
        records = [record for record, keep in zip(records, kept.tolist(), strict=True) if keep]
        partitions, offsets = partitions[kept], offsets[kept]
    headed = any(map(Record.headers, records))
    intake = Intake(
        partitions,
        offsets,
        _ints(map(_MILLISECONDS, map(Record.timestamp, records))),
        list(map(Record.value, records)),
        list(map(Record.key, records)) if keyed else None,
        [_named(record.headers()) for record in records] if headed else None,
    )
    return Taken(intake, records)


def _ints(found: Iterable[int | None]) -> Ints:
    return np.fromiter(found, np.int64)


def _named(headers: object) -> Headers:
    if not headers:
        return ()
    pairs = headers.items() if isinstance(headers, dict) else headers
    return tuple(
        (name, value.encode() if isinstance(value, str) else value)
        for name, value in pairs  # type: ignore[attr-defined]
    )
