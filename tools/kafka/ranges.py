"""Decides which records of a topic make its sample: head, middle and tail of every partition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Range:
    """Read at most `count` records from `start` on, but none at or after the offset `limit`."""

    start: int
    limit: int
    count: int


def plan(offsets: Mapping[int, tuple[int, int]], messages: int) -> dict[int, tuple[Range, ...]]:
    """The ranges to read of each partition so that about `messages` records come together.

    Every partition gives an equal share; what small ones lack is taken from the larger ones. With
    more partitions than messages, evenly spaced ones give one record each.
    """
    sizes = sorted((high - low, p) for p, (low, high) in offsets.items() if high > low)
    if len(sizes) > messages:
        by_partition = sorted(p for _, p in sizes)
        chosen = {by_partition[i * len(sizes) // messages] for i in range(messages)}
        sizes = [(size, p) for size, p in sizes if p in chosen]
    ranges: dict[int, tuple[Range, ...]] = {}
    left = messages
    for position, (size, partition) in enumerate(sizes):
        take = min(size, -(-left // (len(sizes) - position)))
        left -= take
        if take > 0:
            ranges[partition] = _ranges(*offsets[partition], take)
    return ranges


def _ranges(low: int, high: int, take: int) -> tuple[Range, ...]:
    """Gaps left by compaction do not shorten a range: it goes on until the next one begins."""
    third = take // 3
    tail = take - 2 * third
    if take >= high - low or third == 0:
        return (Range(max(low, high - take), high, take),)
    middle = low + (high - low - third) // 2
    last = max(high - tail, middle + 1)
    return (
        Range(low, middle, third),
        Range(middle, last, third),
        Range(last, high, tail),
    )
