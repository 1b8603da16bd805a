"""What rules remember of the topics that a worker has partitions of."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from core.quality.memory.chunk import Chunk
from core.quality.memory.memories import Memories
from core.quality.watch import Watch
from tools.watching.ledger import Ledger, Place, Written


@dataclass(slots=True)
class _Topic:
    memories: Memories = field(default_factory=Memories)
    seen: dict[str, int] = field(default_factory=dict)
    """By rule, up to where its memory of values knows what all workers wrote."""


class Remembered:
    """Taken from the ledger when a partition is begun, and kept up with what others write."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._topics: dict[str, _Topic] = {}

    def of(self, topic: str) -> Memories:
        """Of a topic of which a partition was begun."""
        return self._topics[topic].memories

    def begin(self, place: Place, watch: Watch) -> None:
        """Know what was written of the partition, by whomever; and of the rest of its topic, where
        nothing is known of it yet. Raises DatabaseUnreachableError."""
        topic, partition = place
        known = self._topics.setdefault(topic, _Topic())
        keys = {watch.key(rule) for rule in (*watch.unique, *watch.ordered)}
        known.memories.keep_rules(keys)
        known.seen = {key: seen for key, seen in known.seen.items() if key in keys}
        for rule in watch.unique:
            key = watch.key(rule)
            written = self._ledger.values(topic, key, partition if key in known.seen else None)
            known.memories.of_values(key, rule.window_ms).learn(written.chunks, now_ms())
            known.seen.setdefault(key, written.seen)
        for rule in watch.ordered:
            key = watch.key(rule)
            if (partition, key) not in known.memories.latest:
                chunks = self._ledger.order(place, key)
                known.memories.of_order(partition, key, rule.window_ms).learn(chunks)

    def chunks(self, place: Place) -> Iterator[Chunk]:
        """What was learnt of the partition's order since these were taken last."""
        if known := self._topics.get(place[0]):
            yield from known.memories.chunks(place[1])

    def seen(self, topics: Collection[str]) -> dict[tuple[str, str], int]:
        """By topic and rule, up to where memories of values know what is written."""
        return {
            (topic, rule): seen
            for topic in self._topics.keys() & topics
            for rule, seen in self._topics[topic].seen.items()
        }

    def learn(self, written: Written) -> None:
        """What others had first is known from now on."""
        for (topic, rule), values in written.learnt.items():
            known = self._topics.get(topic)
            if known is not None and rule in known.seen:
                known.memories.seen[rule].learn(values.chunks, now_ms())
                known.seen[rule] = max(known.seen[rule], values.seen)

    def leave(self, place: Place) -> None:
        """The partition is another worker's, and all that was counted of it is written."""
        if known := self._topics.get(place[0]):
            known.memories.forget_order(place[1])

    def forget(self, topic: str) -> None:
        self._topics.pop(topic, None)

    def keep(self, topics: Collection[str]) -> None:
        """Forget all others."""
        for topic in self._topics.keys() - topics:
            del self._topics[topic]


def now_ms() -> int:
    return time.time_ns() // 1_000_000
