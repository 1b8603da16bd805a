"""What a series is expected to be next: by its level, the time of day, or the time of week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from core.quality.anomaly.season import Season

LEVEL, DAY, WEEK = "level", "day", "week"
_SINCE = {DAY: 2.0, WEEK: 9.0}
"""Days after which a rhythm is asked: each time of it was seen once, most of them twice."""
_BETTER = 0.7
"""A rhythm is believed where its errors are this much smaller than those of the level."""
_MEMORY = 48
_GAIN = 0.005
_INERTIA_GAIN = 0.01
_BOUND = 4.0
_OUTLIER = 5.0
_SETTLED = 100
_INERTIA = (0.0, 0.5, 0.9)
"""How much of the last residual stays; the best of these is found by trying all."""
_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Residual:
    """`lasting` is against the model alone; `sudden` also against the last residual."""

    lasting: float
    sudden: float
    expected: float


class Baseline(msgspec.Struct):
    """Learns three models side by side and answers with the one that has erred least.

    `errors` are running mean absolute errors, in which a single one counts for little.
    """

    level: float
    day: Season
    week: Season
    count: int = 0
    errors: dict[str, float] = {}
    last: dict[str, float] = {}
    inertia: list[float] = []

    @staticmethod
    def starting(value: float, width: int) -> Baseline:
        return Baseline(value, Season(1, width), Season(7, width))

    def observe(self, at: datetime, value: float, days: float) -> Residual:
        """The residual of a value `days` after the first one; learns from it afterwards."""
        seasons = ((DAY, self.day), (WEEK, self.week))
        places = {name: season.place(at) for name, season in seasons}
        central, outside = {LEVEL: value - self.level}, {LEVEL: value - self.level}
        for name, season in seasons:
            around = season.around(places[name]) if days >= _SINCE[name] else []
            if around:
                central[name] = value - around[0]
                outside[name] = value - min(max(value, min(around)), max(around))
        residual = self._residual(value, outside)
        self._learn(value, places, central, outside)
        return residual

    def forget_the_last(self) -> None:
        """After a gap the last residual says nothing of the next."""
        self.last = {}

    def _residual(self, value: float, outside: dict[str, float]) -> Residual:
        model = min(outside, key=self._doubt)
        if model == LEVEL:
            # The level follows best where points are dense, yet only a rhythm knows of tonight.
            model = min(outside, key=lambda name: abs(outside[name]))
        lasting, before = outside[model], self.last.get(model, 0.0)
        tried = [lasting - factor * before for factor in _INERTIA]
        if not self.inertia:
            self.inertia = [abs(error) for error in tried]
        best = self.inertia.index(min(self.inertia))
        # The return from an outlier is none, so whichever of both explains the value better counts.
        sudden = min(tried[best], lasting, key=abs)
        self.inertia = [
            _running(old, abs(error), _INERTIA_GAIN)
            for old, error in zip(self.inertia, tried, strict=True)
        ]
        return Residual(lasting, sudden, value - sudden)

    def _doubt(self, model: str) -> float:
        error = self.errors.get(model, float("inf"))
        return error if model == LEVEL else error / _BETTER

    def _learn(
        self,
        value: float,
        places: dict[str, int],
        central: dict[str, float],
        outside: dict[str, float],
    ) -> None:
        self.last = outside
        self.count += 1
        for model, error in central.items():
            old = self.errors.get(model)
            size = abs(error)
            self.errors[model] = size if old is None else _running(old, size, _GAIN)
        bound = self._bound(LEVEL)
        step = min(max(value - self.level, -bound), bound)
        self.level += step / min(self.count + 1, _MEMORY)
        self.day.learn(places[DAY], value, self._bound(DAY))
        self.week.learn(places[WEEK], value, self._bound(WEEK))

    def _bound(self, model: str) -> float:
        error = self.errors.get(model, 0.0)
        return _BOUND * error if self.count > _SETTLED and error > 0 else float("inf")


def _running(old: float, size: float, gain: float) -> float:
    return old + gain * (min(size, _OUTLIER * old + _TINY) - old)
