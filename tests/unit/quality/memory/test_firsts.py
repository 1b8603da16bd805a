"""Workers that count partitions of one topic beside each other, against one who sees it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import orjson
from hypothesis import given
from hypothesis import strategies as st

from core.quality.intake import Intake
from core.quality.memory.chunk import Chunk
from core.quality.memory.firsts import Firsts, Settled
from core.quality.memory.memories import Memories
from core.quality.rule import Metric, QualityRule, Severity
from core.quality.watch import Watch, key_of
from core.quality.window import Window

_NOW_MS = 1_760_000_000_000
_ID = QualityRule(id="id", metric=Metric.UNIQUE, field="id", reason="a test")
_PAIR = QualityRule(id="pair", metric=Metric.UNIQUE, fields=("id", "of"), reason="a test")
_WARNS = QualityRule(
    id="of", metric=Metric.UNIQUE, field="of", severity=Severity.WARNING, reason="a test"
)
_RANGE = QualityRule(
    id="range", metric=Metric.RANGE, field="id", minimum=0, maximum=2, reason="a test"
)
_RULES = (_ID, _PAIR, _WARNS, _RANGE)
_RECORD = st.tuples(st.integers(0, 4), st.integers(0, 2))
_STEP = st.one_of(st.tuples(st.integers(0, 2), st.lists(_RECORD, max_size=5)), st.integers(0, 2))
"""Records of the partition of a worker, or that a worker writes."""


@dataclass(slots=True)
class _Worker:
    partition: int
    memories: Memories = field(default_factory=Memories)
    firsts: list[Firsts] = field(default_factory=list)
    written: int = 0
    """So much of what all wrote is known."""
    next: int = 0

    def count(self, watch: Watch, records: Sequence[tuple[int, int]], whole: Window) -> None:
        values = [orjson.dumps({"id": one, "of": of}) for one, of in records]
        offsets = np.arange(self.next, self.next + len(values))
        partitions = np.full(len(values), self.partition)
        self.next += len(values)
        intake = Intake(partitions, offsets, np.full(len(values), _NOW_MS), values)
        counted = watch.count(intake, {}, self.memories, _NOW_MS)
        self.firsts += counted.firsts
        for window in counted.windows.values():
            whole.add(window)

    def write(self, watch: Watch, ledger: list[Chunk], whole: Window) -> None:
        others: dict[str, list[Chunk]] = {}
        for chunk in ledger[self.written :]:
            others.setdefault(chunk.rule, []).append(chunk)
        settled = Settled.of(self.firsts, others)
        for window in settled.more.values():
            whole.add(window)
        for rule in watch.unique:
            key = watch.key(rule)
            seen = self.memories.of_values(key, rule.window_ms)
            seen.learn(others.get(key, ()), _NOW_MS)
        ledger += settled.chunks
        self.firsts, self.written = [], len(ledger)


@given(st.lists(_STEP, max_size=30))
def test_what_is_repeated_is_counted_once_whoever_reads_which_partition(
    steps: list[tuple[int, list[tuple[int, int]]] | int],
) -> None:
    watch = Watch(_RULES, None)
    workers = [_Worker(partition) for partition in range(3)]
    whole, ledger, records = Window(), list[Chunk](), list[tuple[int, int]]()
    for step in [*steps, 0, 1, 2]:
        if isinstance(step, int):
            workers[step].write(watch, ledger, whole)
        else:
            workers[step[0]].count(watch, step[1], whole)
            records += step[1]

    ids = {one for one, _ in records}
    assert whole.records == len(records)
    assert whole.broken[key_of(_ID)] == len(records) - len(ids)
    assert whole.broken[key_of(_PAIR)] == len(records) - len(set(records))
    assert whole.broken[key_of(_WARNS)] == len(records) - len({of for _, of in records})
    assert {key for key, count in whole.broken.items() if count} == whole.broken_ms.keys()
    out = sum(one > 2 for one, _ in records)
    # Of each number that is in range one record is good.
    assert whole.bad == len(records) - sum(one <= 2 for one in ids)
    assert whole.bad_by["uniqueness"] == len(records) - len(ids)
    assert whole.bad_by["validity"] == out
