"""How many messages are due at a set rate, by the clock."""

from __future__ import annotations

import time


class Pace:
    """What was owed for more than a second, while Kafka was away, is forgiven."""

    def __init__(self, rate_per_second: float) -> None:
        self._rate = rate_per_second
        self._owed = 0.0
        self._before = time.monotonic()

    def take(self, room: int) -> int:
        """The messages that are due now and for which there is room; they count as sent."""
        now = time.monotonic()
        earned = (now - self._before) * self._rate
        self._owed, self._before = min(self._owed + earned, max(self._rate, 1.0)), now
        count = max(0, min(int(self._owed), room))
        self._owed -= count
        return count
