"""How unlikely a large deviation is: the tail of those seen before, extrapolated.

Peaks over threshold (Pickands 1975; Siffer et al., "Anomaly Detection in Streams with Extreme
Value Theory", 2017): what lies above a high quantile follows a generalised Pareto law. Its shape is
fitted by moments, and made heavier by the uncertainty of a fit on few peaks, as the predictive law
of an exponential tail is (Lomax, with the number of peaks as its exponent).
"""

from __future__ import annotations

import math

import msgspec

_STEP = math.log(1.12)
_LEAST = 1e-3
_SHARE = 0.1
"""The part of all deviations that counts as the tail."""
_MEMORY = 4000
_REFIT = 20
_FEWEST = 30
_HEAVIEST = 0.5
_PEAKS = 40
_NARROWEST = 0.2
"""No tail is narrower: deviations are in units of their own mean, and all may be equal."""


class Law(msgspec.Struct):
    """Above `threshold` lies the part `share`; beyond it a Pareto law of this `shape`."""

    threshold: float
    share: float
    shape: float
    width: float

    def chance(self, size: float) -> float:
        if size <= self.threshold:
            return 1.0
        beyond = self.shape * (size - self.threshold) / self.width
        return float(self.share * (1 + beyond) ** (-1 / self.shape))

    def size(self, chance: float) -> float:
        """The size that is exceeded with this chance."""
        grown = (self.share / chance) ** self.shape - 1
        return float(self.threshold + self.width / self.shape * max(grown, 0.0))


class Tail(msgspec.Struct):
    """A histogram of deviations in steps of 12 %, which fades, and the law fitted to its end.

    `echo` is how many successive deviations tell the same thing (1 where they are independent).
    """

    echo: float = 1.0
    counts: dict[int, float] = {}
    total: float = 0.0
    since: int = 0
    law: Law | None = None

    def chance(self, size: float) -> float:
        law = self.fitted()
        return 1.0 if law is None else law.chance(size)

    def add(self, size: float) -> None:
        step = round(math.log(max(size, _LEAST)) / _STEP)
        self.counts[step] = self.counts.get(step, 0.0) + 1.0
        self.total += 1.0
        self.since += 1
        if self.total > _MEMORY:
            self._fade()

    def fitted(self) -> Law | None:
        """The law; None while too few deviations are known."""
        if self.total < _FEWEST:
            return None
        if self.law is None or self.since >= _REFIT:
            self.law = self._fit()
            self.since = 0
        return self.law

    def _fade(self) -> None:
        halves = {step: count / 2 for step, count in self.counts.items()}
        self.counts = {step: count for step, count in halves.items() if count >= 0.01}
        self.total = sum(self.counts.values())

    def _fit(self) -> Law:
        peaks, number = self._peaks()
        threshold = math.exp((peaks[-1][0] - 0.5) * _STEP)
        least = max(0.05 * threshold, _NARROWEST)
        sizes = [(max(math.exp(s * _STEP) - threshold, least), count) for s, count in peaks]
        mean = sum(size * count for size, count in sizes) / number
        spread = sum(count * (size - mean) ** 2 for size, count in sizes) / number
        shape = 0.5 * (1 - mean * mean / spread) if spread > 0 else 0.0
        shape = min(max(shape, 0.0), _HEAVIEST)
        doubt = 1 / max(min(number / self.echo, _PEAKS), 2.0)
        return Law(threshold, number / self.total, shape + doubt, mean * (1 - shape))

    def _peaks(self) -> tuple[list[tuple[int, float]], float]:
        peaks: list[tuple[int, float]] = []
        number = 0.0
        for step in sorted(self.counts, reverse=True):
            peaks.append((step, self.counts[step]))
            number += self.counts[step]
            if number >= _SHARE * self.total:
                break
        return peaks, number
