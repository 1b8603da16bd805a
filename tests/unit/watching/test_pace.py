"""A topic that is too fast is looked at in part, and whole again when it is not."""

from __future__ import annotations

import pytest

from tools.watching.pace import MOST, Pace


def test_a_backlog_that_is_read_within_a_minute_is_read_whole() -> None:
    pace = Pace()
    for backlog in (1_000, 2_000, 5_000, 9_000):
        pace.look(backlog, 1_000.0)

    assert pace.every == 1
    assert pace.passed_over(500, 9_000) == 0


def test_one_that_grows_beyond_it_is_read_by_every_second_batch_then_fourth() -> None:
    pace = Pace()
    for backlog in (100_000, 200_000, 300_000, 400_000, 500_000):
        pace.look(backlog, 1_000.0)

    assert pace.every == 4
    assert pace.passed_over(500, 500_000) == 1_500
    assert pace.passed_over(500, 700) == 700


def test_it_is_never_read_less_than_by_a_set_share_and_whole_again_once_it_is_caught_up() -> None:
    pace = Pace()
    for look in range(100):
        pace.look(100_000 * 2**look, 1_000.0)
    assert pace.every == MOST
    for _ in range(10):
        pace.look(0, 1_000.0)

    assert pace.every == 1


@pytest.mark.parametrize("backlog", [10**9, 10**9 - 1])
def test_a_history_that_is_being_read_is_no_reason(backlog: int) -> None:
    """It is long, and grows no longer."""
    pace = Pace()
    for look in range(20):
        pace.look(backlog - look * 10_000, 1_000.0)

    assert pace.every == 1
