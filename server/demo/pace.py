"""When messages are due at a set rate, by the clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Pace:
    """What was owed for more than a second, while Kafka was away, is forgiven."""

    def __init__(self, rate_per_second: float) -> None:
        self._rate = rate_per_second
        self._owed = 0.0
        self._before = time.monotonic()

    def take(self, room: int) -> list[datetime]:
        """The instants of the messages that came due since these were taken last, as many as there
        is room for, evenly apart up to now; they count as sent."""
        now = time.monotonic()
        passed = now - self._before
        self._owed = min(self._owed + passed * self._rate, max(self._rate, 1.0))
        self._before = now
        count = max(0, min(int(self._owed), room))
        self._owed -= count
        end = datetime.now(UTC)
        apart = timedelta(seconds=min(passed, count / self._rate)) / max(count, 1)
        return [end - apart * left for left in reversed(range(count))]
