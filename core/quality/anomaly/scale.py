"""The usual size of a deviation."""

from __future__ import annotations

import msgspec

_BOUND = 5.0
_SETTLED = 20


class Scale(msgspec.Struct):
    """A running mean of absolute values, in which no single one counts for much.

    A mean and not a median: where most deviations are zero a median would be zero too.
    """

    value: float = 0.0
    count: int = 0

    def add(self, deviation: float, memory: int) -> None:
        size = abs(deviation)
        self.count = min(self.count + 1, memory)
        if self.count > _SETTLED and self.value > 0:
            size = min(size, _BOUND * self.value)
        self.value += (size - self.value) / self.count
