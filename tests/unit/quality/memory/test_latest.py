"""The latest time of each key, as it is handed on."""

from __future__ import annotations

import numpy as np

from core.quality.memory.latest import Latest

_WINDOW_MS = 1_000


def _written(latest: Latest, limit: int = 200_000) -> Latest:
    """Another process' memory, out of what this one wrote."""
    other = Latest(latest.rule, _WINDOW_MS, limit=limit)
    other.learn(list(latest.chunks()))
    return other


def test_times_go_back_by_key_and_are_handed_on() -> None:
    latest = Latest("order", _WINDOW_MS)
    keys = np.array([1, 2, 1], np.uint64)

    assert latest.went_back(keys, np.array([10, 5, 9]), np.array([1, 2, 3])) == ([2], 3)
    assert _written(latest).went_back(keys, np.array([9, 6, 11]), np.array([4, 5, 6])) == ([0], 3)
    assert list(latest.chunks()) == []


def test_beyond_its_limit_it_looks_at_a_share_and_writes_that_share() -> None:
    latest = Latest("order", _WINDOW_MS, limit=100)
    keys = np.arange(1_000, dtype=np.uint64)
    for start in range(0, 1_000, 50):
        some = keys[start : start + 50]
        latest.went_back(some, np.full(50, 7), np.full(50, 10))

    found, looked = latest.went_back(keys, np.full(1_000, 6), np.full(1_000, 10))

    assert 0 < looked <= 125
    assert len(found) == looked
    assert sum(len(chunk.values) for chunk in latest.chunks()) == looked
