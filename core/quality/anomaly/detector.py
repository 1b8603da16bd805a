"""A series judged point by point, from what came before alone."""

from __future__ import annotations

import math
from datetime import datetime
from statistics import median

import msgspec

from core.quality.anomaly.baseline import Baseline
from core.quality.anomaly.flatness import Flatness
from core.quality.anomaly.scale import Scale
from core.quality.anomaly.settings import SERIES, Settings, Side
from core.quality.anomaly.surprise import POINT, Surprise, Surprises
from core.quality.anomaly.verdict import QUIET, Kind, Verdict

VERSION = 1
_INTERVALS = 20
_GAP = 10
"""Intervals without a point after which what came before it says nothing of the next."""
_UNSTEADY = 40
"""Points before deviations enter the tails: the first scales are too rough."""
_DAY = 86400.0
_HOUR_MINUTES = 60
_DAY_MINUTES = 1440
_UP = frozenset({Kind.SPIKE, Kind.RISE, Kind.FLAT})
_DOWN = frozenset({Kind.DROP, Kind.FALL, Kind.FLAT})


class StateUnreadableError(ValueError):
    """These bytes are no detector of a known version; start a new one, which learns again."""


class _State(msgspec.Struct):
    first: datetime
    last: datetime
    surprises: Surprises
    flatness: Flatness
    count: int = 0
    calm: int | None = None
    """Points since the last alarm, while its episode is open."""
    intervals: list[float] = []
    interval: float | None = None
    baseline: Baseline | None = None


class Detector:
    """Judges one series of numbers with time stamps; what it keeps is bounded.

    It keeps one number for each slot of a week, and some hundreds besides. Times must be all naive
    or all aware, and slots are slots of the time zone that they come in.
    """

    def __init__(self, settings: Settings = SERIES) -> None:
        self.settings = settings
        self._state: _State | None = None

    def observe(self, at: datetime, value: float) -> Verdict:
        """A point that is no number, or no later than the last, is neither judged nor learnt."""
        if not math.isfinite(value):
            return QUIET
        state = self._state
        if state is None:
            self._state = _State(at, at, Surprises(Scale()), Flatness(value))
            return QUIET
        seconds = (at - state.last).total_seconds()
        if seconds <= 0:
            return QUIET
        self._step(state, seconds)
        state.last = at
        state.count += 1
        return self._judge(state, at, value)

    def encode(self) -> bytes:
        """The state, without the settings."""
        return bytes([VERSION]) + msgspec.msgpack.encode(self._state)

    @staticmethod
    def decode(data: bytes, settings: Settings = SERIES) -> Detector:
        """Raises StateUnreadableError."""
        if data[:1] != bytes([VERSION]):
            raise StateUnreadableError(StateUnreadableError.__doc__)
        detector = Detector(settings)
        try:
            detector._state = msgspec.msgpack.decode(data[1:], type=_State | None)
        except msgspec.MsgspecError as error:
            raise StateUnreadableError(StateUnreadableError.__doc__) from error
        return detector

    def _step(self, state: _State, seconds: float) -> None:
        """Learns how far apart points are, then notices gaps."""
        if state.interval is None:
            state.intervals.append(seconds)
            if len(state.intervals) >= _INTERVALS:
                state.interval, state.intervals = median(state.intervals), []
        elif seconds > _GAP * state.interval and state.baseline is not None:
            state.baseline.forget_the_last()
            state.surprises.forget_the_last()

    def _judge(self, state: _State, at: datetime, value: float) -> Verdict:
        if state.baseline is None:
            if state.interval is not None:
                state.baseline = Baseline.starting(value, self._width(state.interval))
            return QUIET
        days = (at - state.first).total_seconds() / _DAY
        residual = state.baseline.observe(at, value, days)
        known = days >= self.settings.known_days
        least = self._least(residual.expected)
        scale = state.surprises.scale(at.hour, known, least)
        values = state.surprises.statistics(residual, scale)
        flat = state.flatness.observe(value)
        surprise = state.surprises.most(values)
        limits = self._limits(state.surprises, residual.expected, scale)
        if state.count > _UNSTEADY:
            state.surprises.learn(values, residual, at.hour, self.settings.alpha)
        else:
            state.surprises.usual.add(residual.lasting, _UNSTEADY)
        if state.count <= self.settings.burn_in:
            return Verdict(1.0, *limits)
        return self._verdict(state, surprise, flat, known, limits)

    def _verdict(
        self,
        state: _State,
        surprise: Surprise,
        flat: float,
        known: bool,
        limits: tuple[float | None, float | None],
    ) -> Verdict:
        chance = min(surprise.chance, flat)
        kind = Kind.FLAT if flat < surprise.chance else _kind(surprise)
        alpha = self.settings.alpha if known else self.settings.early_alpha
        alarm = chance < alpha and self._told(kind)
        if alarm:
            state.calm = 0
        elif state.calm is not None:
            state.calm = state.calm + 1 if state.calm < self.settings.hold else None
        return Verdict(chance, *limits, kind, alarm, state.calm is not None)

    def _width(self, interval: float) -> int:
        """Minutes of a slot: as wide as points are apart, within what may be kept."""
        least = -(-_DAY_MINUTES // self.settings.slots)
        return max(least, min(_HOUR_MINUTES, round(interval / 60)), 1)

    def _least(self, expected: float) -> float:
        """What counts scatter by themselves, as a mean absolute deviation."""
        return 0.8 * math.sqrt(max(expected, 0.0) + 1.0) if self.settings.counts else 0.0

    def _limits(
        self, surprises: Surprises, expected: float, scale: float
    ) -> tuple[float | None, float | None]:
        down, up = (surprises.limit(self.settings.alpha, above) for above in (False, True))
        return (
            None if down is None else expected - down * scale,
            None if up is None else expected + up * scale,
        )

    def _told(self, kind: Kind) -> bool:
        match self.settings.side:
            case Side.UP:
                return kind in _UP
            case Side.DOWN:
                return kind in _DOWN
            case Side.BOTH:
                return True


def _kind(surprise: Surprise) -> Kind:
    if surprise.statistic == POINT:
        return Kind.SPIKE if surprise.above else Kind.DROP
    return Kind.RISE if surprise.above else Kind.FALL
