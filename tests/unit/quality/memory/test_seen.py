"""Values that were seen, against remembering everything."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.quality.memory.chunk import Chunk
from core.quality.memory.seen import KEPT_MS, Asked, Seen

_WINDOW_MS = 1_000
_NOW = 5_000
_FEW = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3_999)), max_size=30)


def _ask(seen: Seen, batch: list[tuple[int, int]], partition: int = 0, now_ms: int = _NOW) -> Asked:
    hashes = np.array([one for one, _ in batch], np.uint64)
    return seen.ask(partition, hashes, np.array([at for _, at in batch], np.int64), now_ms)


@given(st.lists(st.tuples(st.integers(0, 2), _FEW), max_size=4))
def test_a_value_is_repeated_that_came_in_its_window_or_one_beside_it(
    batches: list[tuple[int, list[tuple[int, int]]]],
) -> None:
    seen, known = Seen(_WINDOW_MS), set[tuple[int, int]]()
    for partition, batch in batches:
        # Within a batch the windows are looked at one after the other.
        repeated: list[int] = []
        first: list[int] = []
        for bucket in sorted({at // _WINDOW_MS for _, at in batch}):
            for row, (one, at) in enumerate(batch):
                if at // _WINDOW_MS != bucket:
                    continue
                if {(bucket + beside, one) for beside in (-1, 0, 1)} & known:
                    repeated.append(row)
                else:
                    known.add((bucket, one))
                    first.append(row)

        asked = _ask(seen, batch, partition)

        assert (asked.repeated.tolist(), asked.first.tolist()) == (repeated, first)
        assert asked.buckets.tolist() == [batch[row][1] // _WINDOW_MS for row in first]


@given(_FEW, _FEW)
def test_who_takes_over_remembers_the_same(
    first: list[tuple[int, int]], then: list[tuple[int, int]]
) -> None:
    seen, other = Seen(_WINDOW_MS), Seen(_WINDOW_MS)
    asked = _ask(seen, first)
    for row, bucket in zip(asked.first, asked.buckets.tolist(), strict=True):
        written = Chunk("unique", bucket, np.uint64(first[row][0]).tobytes())
        other.learn([written], _NOW)

    ours, theirs = _ask(seen, then), _ask(other, then)

    assert ours.repeated.tolist() == theirs.repeated.tolist()
    assert ours.first.tolist() == theirs.first.tolist()


def test_beyond_its_limit_it_looks_at_a_share() -> None:
    seen = Seen(_WINDOW_MS, limit=100)
    values = [(number, 10) for number in range(1_000)]
    for start in range(0, 1_000, 50):
        _ask(seen, values[start : start + 50])

    asked = _ask(seen, values)

    assert 0 < asked.looked <= 125
    assert len(asked.repeated) == asked.looked == len(seen)


def test_a_partition_that_is_behind_finds_what_another_had_at_its_time() -> None:
    seen = Seen(_WINDOW_MS)
    times = [hour * _WINDOW_MS for hour in range(24)]
    _ask(seen, [(hour, at) for hour, at in enumerate(times)], partition=0)

    asked = _ask(seen, [(hour, at) for hour, at in enumerate(times)], partition=1)

    assert asked.repeated.tolist() == list(range(24))


def test_windows_that_no_partition_is_at_are_forgotten_in_time() -> None:
    seen = Seen(_WINDOW_MS)
    _ask(seen, [(hour, hour * _WINDOW_MS) for hour in range(24)], partition=0)
    _ask(seen, [(30, 3 * _WINDOW_MS)], partition=1)

    _ask(seen, [(31, 24 * _WINDOW_MS)], partition=0, now_ms=_NOW + 2 * KEPT_MS)

    # Windows 23 and 24 of the one partition, 2 and 3 of the other.
    assert len(seen) == 5


def test_more_windows_than_there_is_room_for_are_forgotten_oldest_first() -> None:
    seen = Seen(_WINDOW_MS, limit=10)
    for hour in range(10):
        _ask(seen, [(10 * hour + n, hour * _WINDOW_MS) for n in range(10)], partition=0)

    assert len(seen) == 20
    assert _ask(seen, [(89, 8 * _WINDOW_MS)], partition=0).repeated.tolist() == [0]
