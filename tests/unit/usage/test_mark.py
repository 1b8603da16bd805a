"""What moved between two looks counts once, and never what is not known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.usage.mark import Mark, Offsets, Step, following, step

THEN = datetime(2026, 11, 28, 8, tzinfo=UTC)
NOW = THEN + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("before", "now", "messages"),
    [
        ({0: 10, 1: 5}, {0: 14, 1: 5}, 4),
        ({0: 10}, {0: 14, 1: 900}, 4),  # where a new partition began is not known
        ({0: 10, 1: 7}, {0: 3, 1: 9}, 2),  # one went back: a reset counts nothing
        ({0: 10, 1: 7}, {0: 12}, 2),  # one did not answer
        ({}, {}, 0),
    ],
)
def test_the_difference_of_each_partition_is_counted(
    before: Offsets, now: Offsets, messages: int
) -> None:
    assert step(Mark(before, THEN), Mark(now, NOW)) == Step(messages, 900.0)


def test_the_first_look_counts_nothing() -> None:
    assert step(None, Mark({0: 10}, NOW)) == Step(0, 0.0)


def test_a_look_that_comes_again_or_late_is_no_look() -> None:
    assert step(Mark({0: 10}, NOW), Mark({0: 12}, NOW)) is None
    assert step(Mark({0: 10}, NOW), Mark({0: 12}, THEN)) is None


def test_a_partition_that_did_not_answer_is_counted_over_both_stretches_later() -> None:
    kept = following(Mark({0: 10, 1: 7}, THEN), Mark({0: 12}, NOW))
    later = Mark({0: 12, 1: 9}, NOW + timedelta(minutes=15))

    assert step(kept, later) == Step(2, 900.0)
