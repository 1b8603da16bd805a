"""A value that stays exactly the same for longer than chance and history allow."""

from __future__ import annotations

import msgspec

_GAIN = 0.003
_LEAST = 0.02
_LONGER = 2
_MORE = 5


class Flatness(msgspec.Struct):
    """`repeats` is the share of points that equal the one before, as it was before this run."""

    value: float | None = None
    run: int = 0
    longest: int = 0
    share: float = 0.1
    repeats: float = 0.1

    def observe(self, value: float) -> float:
        """The chance of a run this long; 1 where the series has stood still like this before."""
        same = value == self.value
        self.longest = self.longest if same else max(self.longest, self.run)
        self.run = self.run + 1 if same else 0
        self.share += _GAIN * (same - self.share)
        self.value = value
        if not self.run:
            self.repeats = max(self.share, _LEAST)
        if self.run <= _LONGER * self.longest + _MORE:
            return 1.0
        return float(self.repeats**self.run)
