"""When messages are due."""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import pairwise

from server.demo.pace import Pace


def test_instants_are_evenly_apart_and_none_is_told_twice() -> None:
    pace = Pace(1_000)
    taken = []
    for _ in range(3):
        time.sleep(0.05)
        taken.append(pace.take(10_000))

    for instants in taken:
        steps = {later - earlier for earlier, later in pairwise(instants)}
        assert max(steps) - min(steps) <= timedelta(microseconds=1)
    instants = [instant for some in taken for instant in some]
    assert len(instants) >= 149
    assert instants == sorted(set(instants))


def test_what_there_is_no_room_for_is_due_later() -> None:
    pace = Pace(1_000)
    time.sleep(0.05)
    assert len(pace.take(10)) == 10
    assert len(pace.take(10_000)) >= 39
