"""How much of a topic is looked at when it is too fast to look at all of it.

A partition whose backlog grows from one look to the next, and is more than can be read within a
minute, is read by every second batch, then by every fourth ... until it falls no further behind.
"""

from __future__ import annotations

from dataclasses import dataclass

LOOK_SECONDS = 15.0
_ENOUGH = 60.0
"""Seconds of reading that a backlog may be."""
_GROWN = 1.02
MOST = 64


@dataclass(slots=True)
class Pace:
    """Of one partition: of `every` batches one is looked at."""

    every: int = 1
    _before: int | None = None
    _grew: int = 0

    def look(self, backlog: int, per_second: float) -> None:
        """`per_second` is what one worker reads of this partition."""
        behind = backlog > _ENOUGH * max(per_second, 1.0)
        grows = self._before is not None and backlog > _GROWN * self._before
        self._before = backlog
        if behind and grows:
            self._grew += 1
            if self._grew >= 2 and self.every < MOST:
                self.every, self._grew = self.every * 2, 0
        elif not behind:
            self._grew = 0
            if self.every > 1:
                self.every //= 2

    def passed_over(self, taken: int, backlog: int) -> int:
        """How many records to leave out after a batch of so many."""
        return min((self.every - 1) * taken, max(backlog, 0))
