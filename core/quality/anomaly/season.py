"""The usual value at a time of the day or of the week."""

from __future__ import annotations

from datetime import datetime

import msgspec

_GAIN = 0.2
"""What one day (or week) counts for against those before it."""
_MINUTES = 1440


class Season(msgspec.Struct):
    """A level for each slot of a cycle; it is learnt when the slot is over, from its mean.

    So a slot counts once in each cycle, however many points lie in it.
    """

    days: int
    width: int
    """Minutes of a slot."""
    levels: dict[int, float] = {}
    slot: int = -1
    total: float = 0.0
    count: int = 0

    def place(self, at: datetime) -> int:
        day = at.weekday() if self.days > 1 else 0
        return day * self.daily + (at.hour * 60 + at.minute) // self.width

    @property
    def daily(self) -> int:
        return -(-_MINUTES // self.width)

    def around(self, place: int) -> list[float]:
        """The levels at this slot and beside it, its own first; empty where it is not known."""
        own = self.levels.get(place)
        if own is None:
            return []
        number = self.days * self.daily
        beside = [self.levels.get((place + step) % number) for step in (-1, 1)]
        return [own, *(level for level in beside if level is not None)]

    def learn(self, place: int, value: float, bound: float) -> None:
        """`bound` is how far off a value may lie and still count in full."""
        if place != self.slot:
            self._close()
            self.slot, self.total, self.count = place, 0.0, 0
        known = self.levels.get(place)
        if known is not None:
            value = min(max(value, known - bound), known + bound)
        self.total += value
        self.count += 1

    def _close(self) -> None:
        if not self.count:
            return
        mean = self.total / self.count
        known = self.levels.get(self.slot, mean)
        self.levels[self.slot] = known + _GAIN * (mean - known)
