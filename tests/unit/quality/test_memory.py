"""What a rule remembers, against remembering everything."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.quality.memory import Memory

_WINDOW_MS = 1_000
_FEW = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3_999)), max_size=30)


def _asked(memory: Memory, batch: list[tuple[int, int]]) -> tuple[list[int], int]:
    hashes = np.array([one for one, _ in batch], np.uint64)
    return memory.repeated(hashes, np.array([at for _, at in batch], np.int64))


def _written(memory: Memory, limit: int = 200_000) -> Memory:
    """Another process' memory, out of what this one wrote."""
    other = Memory(memory.rule, _WINDOW_MS, limit=limit)
    other.learn(list(memory.chunks()))
    return other


@given(st.lists(_FEW, max_size=4))
def test_a_value_is_repeated_that_came_in_its_window_or_the_one_before(
    batches: list[list[tuple[int, int]]],
) -> None:
    memory, known = Memory("unique", _WINDOW_MS), set[tuple[int, int]]()
    for batch in batches:
        # Within a batch the windows are looked at one after the other.
        expected: list[int] = []
        for bucket in sorted({at // _WINDOW_MS for _, at in batch}):
            for row, (one, at) in enumerate(batch):
                if at // _WINDOW_MS != bucket:
                    continue
                if {(bucket, one), (bucket - 1, one)} & known:
                    expected.append(row)
                else:
                    known.add((bucket, one))

        assert _asked(memory, batch) == (expected, len(batch))


@given(_FEW, _FEW, _FEW)
def test_who_takes_over_remembers_the_same(
    first: list[tuple[int, int]], second: list[tuple[int, int]], third: list[tuple[int, int]]
) -> None:
    at_once = [(one, at % _WINDOW_MS) for one, at in first + second]
    memory, kept = Memory("unique", _WINDOW_MS), []
    for batch in (at_once[: len(first)], at_once[len(first) :]):
        _asked(memory, batch)
        kept += list(memory.chunks())
    other = Memory("unique", _WINDOW_MS)
    other.learn(kept)
    asked = [(one, at % _WINDOW_MS) for one, at in third]

    assert list(memory.chunks()) == []
    assert _asked(other, asked) == _asked(memory, asked)


def test_beyond_its_limit_it_looks_at_a_share_and_writes_that_share() -> None:
    memory = Memory("unique", _WINDOW_MS, limit=100)
    values = [(number, 10) for number in range(1_000)]
    for start in range(0, 1_000, 50):
        _asked(memory, values[start : start + 50])

    found, looked = _asked(memory, values)

    assert 0 < looked <= 125
    assert len(found) == looked
    assert sum(len(chunk.hashes) // 8 for chunk in memory.chunks()) == looked


def test_times_go_back_by_key_and_are_handed_on() -> None:
    memory = Memory("order", _WINDOW_MS)
    keys = np.array([1, 2, 1], np.uint64)

    assert memory.went_back(keys, np.array([10, 5, 9]), np.array([1, 2, 3])) == ([2], 3)
    assert _written(memory).went_back(keys, np.array([9, 6, 11]), np.array([4, 5, 6])) == ([0], 3)
