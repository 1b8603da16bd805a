"""How many records come, against what is usual at such a time; and topics that fall silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from core.alerts.finding import Finding
from core.quality.anomaly.detector import Detector
from core.quality.anomaly.settings import VOLUME, Settings, Side
from core.quality.judging.look import ARRIVALS_MS, Look, finding, moment
from core.quality.rule import Metric, QualityRule

SCALES_MS = (ARRIVALS_MS, 60_000, 3_600_000)
"""Lengths of the intervals that are judged; each where enough records come in one."""
_ENOUGH = {ARRIVALS_MS: 20.0, 60_000: 5.0, 3_600_000: 5.0}
"""Records that usually come in an interval: of fewer, none is nothing unusual."""
_LASTING = {ARRIVALS_MS: 4, 60_000: 1, 3_600_000: 1}
"""Intervals in a row that are unusual before anybody is told: of a second, one is a hiccup."""
_GRACE_MS = 5_000
"""Producers' clocks and batches, and a watcher of many topics that counts for two seconds: records
are known of after the interval that they are of. Judged too soon, every second seems to vary, and
no drop stands out."""
_ON_THEIR_WAY_MS = 2_000
"""A broker that has little waits so long for more before it answers: what it has by then was not
there to be counted."""
_LONGEST = 20_000
"""Intervals that are made up for at once, at most."""
_MEMORY = 12
_ADOPTED_MS = 6 * 3_600_000

_SIDES = {Metric.VOLUME: Side.DOWN, Metric.DEAD_LETTERS: Side.UP}


def _settings(length_ms: int, metric: Metric) -> Settings:
    """Where several intervals in a row must be unusual, each may be so by more of a chance."""
    settings = replace(VOLUME, side=_SIDES[metric])
    if _LASTING[length_ms] > 1:
        return replace(settings, alpha=1e-7, early_alpha=1e-8)
    return settings


class Scale:
    """Counts of one length of interval. `usual` is how many records come in one, over the last."""

    def __init__(self, length_ms: int, metric: Metric, held: list[Any] | None = None) -> None:
        self.length_ms = length_ms
        self._settings = _settings(length_ms, metric)
        self.usual: float
        self.next: int | None
        self.since_ms: int | None
        self.limit: float
        self._told: bool
        data, self.usual, self.next, self.since_ms, self.limit, *rest = held or _UNKNOWN
        self._run, self._told = rest
        self._detector = (
            Detector(self._settings) if data is None else Detector.decode(data, self._settings)
        )

    def packed(self) -> list[Any]:
        detector = self._detector.encode()
        told = [self.since_ms, self.limit, self._run, self._told]
        return [detector, self.usual, self.next, *told]

    def observe(self, interval: int, count: int) -> bool:
        """Whether it is unusual, and was so long enough."""
        usual = self.usual
        self.usual += (count - usual) / _MEMORY
        if usual < _ENOUGH[self.length_ms] and self.since_ms is None:
            # A topic that comes to life is new to its own habits.
            self._detector, self._run = Detector(self._settings), 0
            return False
        if self._told:
            return self._lasts(interval, count)
        verdict = self._detector.observe(moment(interval * self.length_ms), float(count))
        if not verdict.open:
            self._run, self.since_ms = 0, None
            return False
        if self.since_ms is None:
            self.since_ms = interval * self.length_ms
            edge = verdict.high if self._up else verdict.low
            self.limit = max(edge or 0.0, 0.0)
        self._run = self._run + 1 if self._is_beyond(count) else 0
        self._told = self._run >= _LASTING[self.length_ms]
        return self._told

    def _lasts(self, interval: int, count: int) -> bool:
        """Until as many come again as would have been usual; what comes meanwhile is no habit.
        What lasts for hours is one."""
        self._run = 0 if self._is_beyond(count) else self._run + 1
        long = interval * self.length_ms - (self.since_ms or 0) > _ADOPTED_MS
        if self._run >= _LASTING[self.length_ms] or long:
            self._told, self._run, self.since_ms = False, 0, None
            if long:
                self._detector = Detector(self._settings)
        return self._told

    def _is_beyond(self, count: int) -> bool:
        return count > self.limit if self._up else count < self.limit

    @property
    def _up(self) -> bool:
        return self._settings.side is Side.UP


_UNKNOWN: list[Any] = [None, 0.0, None, None, 0.0, 0, False]


class Volume:
    """Of one source. Intervals are judged in their order, once they are over."""

    def __init__(self, metric: Metric = Metric.VOLUME, held: list[Any] | None = None) -> None:
        arrivals, scales, opened = held or [{}, [None] * len(SCALES_MS), {}]
        self._open: dict[int, int] = dict(opened)
        self._arrivals: Counter[int] = Counter(arrivals)
        self._scales = [
            Scale(length, metric, one) for length, one in zip(SCALES_MS, scales, strict=True)
        ]

    def packed(self) -> list[Any]:
        return [dict(self._arrivals), [scale.packed() for scale in self._scales], self._open]

    def due(self, now_ms: int) -> bool:
        """Whether an interval is over that records usually come in."""
        return any(
            scale.next is not None
            and (scale.usual >= _ENOUGH[scale.length_ms] or scale.since_ms is not None)
            and (scale.next + 1) * scale.length_ms + _GRACE_MS <= now_ms
            for scale in self._scales
        )

    def look(self, look: Look, rule: QualityRule) -> Iterator[Finding]:
        self._arrivals.update(look.arrivals)
        heard_ms = look.heard_ms
        if heard_ms is None or (not self._arrivals and self._scales[0].next is None):
            return
        over_ms = min(look.now_ms - _GRACE_MS, heard_ms - _ON_THEIR_WAY_MS)
        for scale in self._scales:
            yield from self._judge(scale, look, rule, over_ms)
        self._forget()

    def _judge(
        self, scale: Scale, look: Look, rule: QualityRule, over_ms: int
    ) -> Iterator[Finding]:
        """What holds after the last interval that is over by then: of several since the last look
        the earlier ones say nothing of now."""
        found: Finding | None = None
        per = scale.length_ms // ARRIVALS_MS
        if scale.next is None:
            scale.next = min(self._arrivals) // per
        last = over_ms // scale.length_ms
        counts = self._by_interval(per)
        for interval in range(max(scale.next, last - _LONGEST), last):
            was = self._open.get(scale.length_ms)
            unusual = scale.observe(interval, counts[interval]) and not look.history
            if unusual and was is None:
                self._open[scale.length_ms] = scale.since_ms or 0
            if unusual or was is not None:
                since_ms = self._open[scale.length_ms]
                found = self._finding(scale, look, rule, counts[interval], since_ms, broken=unusual)
            if not unusual:
                self._open.pop(scale.length_ms, None)
        scale.next = max(scale.next, last)
        if found is not None:
            yield found

    def _finding(
        self,
        scale: Scale,
        look: Look,
        rule: QualityRule,
        count: int,
        since_ms: int,
        *,
        broken: bool,
    ) -> Finding:
        length = _length(scale.length_ms)
        return finding(
            look,
            rule,
            broken=broken,
            since_ms=since_ms,
            figures={
                "records": count, "limit": round(scale.limit, 1), "seconds": scale.length_ms / 1_000
            },
            told=f"{count:,} records came in {length}; at least {scale.limit:,.0f} are usual."
            if rule.metric is Metric.VOLUME
            else f"{count:,} records came in {length}; at most {scale.limit:,.0f} are usual.",
        )  # fmt: skip

    def _by_interval(self, per: int) -> Counter[int]:
        found: Counter[int] = Counter()
        for place, count in self._arrivals.items():
            found[place // per] += count
        return found

    def _forget(self) -> None:
        """Arrivals of intervals that are judged at every scale."""
        needed = min((scale.next or 0) * (scale.length_ms // ARRIVALS_MS) for scale in self._scales)
        for place in [place for place in self._arrivals if place < needed]:
            del self._arrivals[place]


def _length(length_ms: int) -> str:
    return {ARRIVALS_MS: "a second", 60_000: "a minute"}.get(length_ms, "an hour")
