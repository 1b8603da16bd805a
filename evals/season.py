"""How much comes at what time of the day, and the instants at which it comes."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_DAY_HOURS = 24


@dataclass(frozen=True, slots=True)
class Season:
    """`per_second` is what the day swings about, `depth` how far: at 1 the hour opposite to
    `peak_hour` (UTC) has nothing, above 1 nor have some hours around it."""

    per_second: float
    depth: float
    peak_hour: float

    def rate(self, at: datetime) -> float:
        """Messages a second at that time, never below none."""
        day = at.astimezone(UTC)
        hour = day.hour + day.minute / 60 + day.second / 3_600
        swing = math.cos(2 * math.pi * (hour - self.peak_hour) / _DAY_HOURS)
        return max(0.0, self.per_second * (1 + self.depth * swing))

    def arrivals(self, starts: datetime, hours: float, rng: random.Random) -> Iterator[datetime]:
        """A Poisson process of that rate, by thinning one of the highest rate."""
        most = self.per_second * (1 + self.depth)
        at, ends = starts, starts + timedelta(hours=hours)
        while True:
            at += timedelta(seconds=rng.expovariate(most))
            if at >= ends:
                return
            if rng.random() * most < self.rate(at):
                yield at
