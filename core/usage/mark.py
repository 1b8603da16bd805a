"""How far a topic was written or a group has read, and what moved between two looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

Offsets = Mapping[int, int]
"""Partition -> the offset that comes next."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a look saw of one topic, or of one group on it."""

    offsets: Offsets
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """`messages` that passed in so many `seconds`; zero of both at the first look."""

    messages: int
    seconds: float


def step(before: Mark | None, now: Mark) -> Step | None:
    """What moved since the mark before; None where that one is as new, so nothing counts twice.

    A partition counts from the second look at it: where it began is not known. One whose offset
    went back (a group was reset, a topic made anew) counts nothing.
    """
    if before is None:
        return Step(0, 0.0)
    if now.at <= before.at:
        return None
    moved = (
        offset - before.offsets[partition]
        for partition, offset in now.offsets.items()
        if partition in before.offsets
    )
    return Step(sum(max(0, each) for each in moved), (now.at - before.at).total_seconds())


def following(before: Mark | None, now: Mark) -> Mark:
    """The mark to keep: a partition that did not answer stands where it stood."""
    return now if before is None else Mark({**before.offsets, **now.offsets}, now.at)
