"""Residuals as chances: how unusual a point is by itself, and how unusual the last few together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from core.quality.anomaly.baseline import Residual
from core.quality.anomaly.scale import Scale
from core.quality.anomaly.tail import Tail

POINT = "point"
_SPANS = {"short": 8, "long": 32}
"""Points over which lasting residuals are averaged."""
_ECHO = 0.25
"""An average over n points changes in about a quarter of n."""
_MEMORY = 1000
_HOURLY_MEMORY = 300
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Surprise:
    """The least likely statistic of a point: its chance, its name, and whether it is above."""

    chance: float
    statistic: str
    above: bool


class Surprises(msgspec.Struct):
    """The usual sizes by hour of the day, the running averages, and a tail on each side of each."""

    usual: Scale
    hourly: dict[int, Scale] = {}
    averages: dict[str, float] = {}
    tails: dict[str, Tail] = {}

    def scale(self, hour: int, rhythm: bool, least: float) -> float:
        """What residuals are measured in; `rhythm` says that hours are known apart."""
        size = self.usual.value
        if rhythm and hour in self.hourly:
            size = math.sqrt((self.hourly[hour].value ** 2 + size**2) / 2)
        return max(size, least, _TINY)

    def statistics(self, residual: Residual, scale: float) -> dict[str, float]:
        """Each in units of the scale, with its sign."""
        values = {POINT: residual.sudden / scale}
        for name, span in _SPANS.items():
            old = self.averages.get(name, 0.0)
            values[name] = old + (residual.lasting / scale - old) / span
        return values

    def most(self, values: Mapping[str, float]) -> Surprise:
        found = Surprise(1.0, POINT, True)
        for name, value in values.items():
            tail = self.tails.get(_side(name, value))
            chance = tail.chance(abs(value)) if tail else 1.0
            if chance < found.chance:
                found = Surprise(chance, name, value > 0)
        return found

    def limit(self, chance: float, above: bool) -> float | None:
        """How large a single residual may be; None while that is not known."""
        tail = self.tails.get(_side(POINT, 1.0 if above else -1.0))
        law = tail.fitted() if tail else None
        return law.size(chance) if law else None

    def learn(
        self, values: Mapping[str, float], residual: Residual, hour: int, alpha: float
    ) -> None:
        """Alarms enter as large as the smallest alarm would be: they do not hide the next."""
        for name, value in values.items():
            tail = self.tails.setdefault(_side(name, value), Tail(_echo(name)))
            law = tail.fitted()
            tail.add(min(abs(value), law.size(alpha)) if law else abs(value))
            if name != POINT:
                self.averages[name] = value
        self.usual.add(residual.lasting, _MEMORY)
        self.hourly.setdefault(hour, Scale()).add(residual.lasting, _HOURLY_MEMORY)

    def forget_the_last(self) -> None:
        self.averages = {}


def _side(name: str, value: float) -> str:
    return name + ("+" if value > 0 else "-")


def _echo(name: str) -> float:
    return max(1.0, _ECHO * _SPANS.get(name, 1))
