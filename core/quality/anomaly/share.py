"""Whether a share (of bad records, of nulls, of new values) is truly above what it was.

Looked at as often as wished: evidence is an e-detector (Shin, Ramdas, Rinaldo, "E-detectors",
2023), a CUSUM of likelihood ratios whose mean run to a false alarm is at least 1 / alpha looks if
records are independent and the known share holds, whatever the number of records in each.
Ratios are tempered by the overdispersion seen so far, since bad records come in bursts; the known
level is taken at the upper end of what the past allows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import msgspec
from scipy.stats import betabinom

VERSION = 1
_ODDS = (2.0, 8.0, 64.0, 512.0)
"""The levels looked for, as multiples of the known odds; the least is what is worth telling of."""
_FALLEN = 8.0
"""An episode whose odds fell by so much is not what was told of."""
_WIDTH = 3.0
"""Standard deviations of doubt above the known share."""
_HIGHEST = 0.98
_RAISED = 0.99
_LOWEST = 1e-6
_CAUTION = 2.0
"""Log evidence above which looks are not learnt from: a rise must not become the known level."""
_MOST = 6.0
"""Log evidence of one look at most: a single burst, however large, is no rise of a share."""
_LOOKS = 20
"""Looks that tell how much bad records come in bursts, before anything is told of."""


class ShareUnreadableError(ValueError):
    """These bytes are no share of a known version; start a new one, which learns again."""


@dataclass(frozen=True, slots=True)
class ShareSettings:
    """`alpha`: false alarms per look. `recovery`: evidence against the rise that ends it, as odds.

    Nothing is told before `least` records are known; the known level fades over `memory` records.
    """

    alpha: float = 1e-10
    recovery: float = 1e4
    least: int = 300
    memory: float = 1e6


SHARE = ShareSettings()


@dataclass(frozen=True, slots=True)
class ShareVerdict:
    """`p` bounds the rate of looks that show so much by chance; `known` is what is held against."""

    p: float
    known: float | None
    now: float | None
    alarm: bool = False
    open: bool = False


class Share(msgspec.Struct):
    """The known share, the evidence that it has risen, and then that it holds again."""

    bad: float = 0.0
    total: float = 0.0
    squares: float = 1.0
    expected: float = 1.0
    pending: list[float] = msgspec.field(default_factory=lambda: [0.0] * 4)
    """What suspicious looks would add; it is taken in once they turn out to be nothing."""
    evidence: list[float] = msgspec.field(default_factory=lambda: [0.0] * len(_ODDS))
    relief: float | None = None
    """Log evidence of recovery; None while no rise is told of."""
    risen_bad: float = 0.0
    risen_total: float = 0.0
    """Those of the episode, without what may be of the time after it."""
    calm_bad: float = 0.0
    calm_total: float = 0.0
    """Those since there is evidence of recovery."""
    looks: int = 0

    def observe(self, bad: int, total: int, settings: ShareSettings = SHARE) -> ShareVerdict:
        """`bad` of `total` records since the last look."""
        if total <= 0:
            return ShareVerdict(1.0, self._level(), None, open=self.relief is not None)
        known = self._level()
        alarm = False
        if known is not None and self.total >= settings.least and self.looks >= _LOOKS:
            alarm = self._weigh(bad, total, known, settings)
        if self.relief is None:
            self._learn(bad, total, settings)
        return ShareVerdict(self._p(), known, bad / total, alarm, self.relief is not None)

    def encode(self) -> bytes:
        return bytes([VERSION]) + msgspec.msgpack.encode(self)

    @staticmethod
    def decode(data: bytes) -> Share:
        """Raises ShareUnreadableError."""
        if data[:1] != bytes([VERSION]):
            raise ShareUnreadableError(ShareUnreadableError.__doc__)
        try:
            return msgspec.msgpack.decode(data[1:], type=Share)
        except msgspec.MsgspecError as error:
            raise ShareUnreadableError(ShareUnreadableError.__doc__) from error

    def _level(self) -> float | None:
        """The known share with its doubt (Agresti and Coull, `_WIDTH` deviations above)."""
        if not self.total:
            return None
        total = self.total / self.bursts + _WIDTH**2
        centre = (self.bad / self.bursts + _WIDTH**2 / 2) / total
        high = centre + _WIDTH * math.sqrt(centre * (1 - centre) / total)
        return min(max(high, _LOWEST), _HIGHEST)

    def _weigh(self, bad: int, total: int, known: float, settings: ShareSettings) -> bool:
        levels = [_raised(known, odds) for odds in _ODDS]
        ratios = [self._ratio(bad, total, level, known) for level in levels]
        self.evidence = [
            max(0.0, old) + ratio for old, ratio in zip(self.evidence, ratios, strict=True)
        ]
        if self.relief is not None:
            self._relieve(bad, total, known, settings)
            return False
        if self._p() >= settings.alpha:
            return False
        self.relief, self.risen_bad, self.risen_total = 0.0, 0.0, 0.0
        self._rise(bad, total)
        return True

    def _rise(self, bad: float, total: float) -> None:
        self.risen_bad, self.risen_total = self.risen_bad + bad, self.risen_total + total
        self.calm_bad = self.calm_total = 0.0

    def _relieve(self, bad: int, total: int, known: float, settings: ShareSettings) -> None:
        """Holds the known share against that of the episode, within the lesser levels looked for.

        Within these, since a share that was near zero is soon told from a high one, but not from
        a little above; yet not far below the episode: of a topic that was clean for a million
        records nobody waits for as many again.
        """
        episode = min(self.risen_bad / self.risen_total, _RAISED)
        most = max(_raised(known, _ODDS[1]), _raised(episode, 1 / _FALLEN))
        level = min(max(episode, _raised(known, _ODDS[0])), most)
        self.relief = max(0.0, (self.relief or 0.0) - self._ratio(bad, total, level, known))
        self.calm_bad, self.calm_total = self.calm_bad + bad, self.calm_total + total
        if not self.relief:
            self._rise(self.calm_bad, self.calm_total)
        if self.relief > math.log(settings.recovery):
            self.relief, self.evidence = None, [0.0] * len(_ODDS)
            # What led to an alarm and passed makes the next of its kind less of a surprise.
            self.squares, self.expected = (
                self.squares + self.pending[2],
                self.expected + self.pending[3],
            )
            self.pending = [0.0] * len(self.pending)

    def _ratio(self, bad: int, total: int, level: float, known: float) -> float:
        good = (total - bad) * math.log((1 - level) / (1 - known))
        return min((bad * math.log(level / known) + good) / self.bursts, _MOST)

    @property
    def bursts(self) -> float:
        """The variance of bad records in units of what independent ones would have."""
        return max(1.0, self.squares / self.expected)

    def _p(self) -> float:
        most = max(self.evidence)
        mean = sum(math.exp(value - most) for value in self.evidence) / len(self.evidence)
        return min(1.0, math.exp(-min(most + math.log(mean), 700.0)))

    def _learn(self, bad: int, total: int, settings: ShareSettings) -> None:
        share = (self.bad + bad + 0.5) / (self.total + total + 1)
        look = (bad, total, (bad - total * share) ** 2, total * share * (1 - share))
        self.pending = [old + new for old, new in zip(self.pending, look, strict=True)]
        self.looks += 1
        if max(self.evidence) >= _CAUTION:
            return
        known = (self.bad, self.total, self.squares, self.expected)
        sums = [old + new for old, new in zip(known, self.pending, strict=True)]
        kept = min(1.0, settings.memory / sums[1])
        self.bad, self.total, self.squares, self.expected = (kept * value for value in sums)
        self.pending = [0.0] * len(look)


def chance(bad: int, total: int, known_bad: int, known_total: int) -> float:
    """The chance of as many bad records in one look, given those known: exact, for a single look.

    The beta-binomial predictive law from Jeffreys' prior.
    """
    law = betabinom(total, known_bad + 0.5, known_total - known_bad + 0.5)
    return float(law.sf(bad - 1))


def _raised(share: float, factor: float) -> float:
    odds = factor * share / (1 - share)
    return min(odds / (1 + odds), _RAISED)
