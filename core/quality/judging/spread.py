"""Fields whose values are spread otherwise than in the hours before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.alerts.finding import Finding
from core.quality.anomaly.distribution import Distribution
from core.quality.anomaly.drift import Change, Drift, categorical_drift, numeric_drift
from core.quality.judging.look import Look, finding
from core.quality.rule import QualityRule
from core.quality.values import OTHER, Values

ENOUGH = 120
"""Values that are judged together."""
_KNOWN = 300
"""Values that must be known before any are judged."""
_HOUR_MS = 3_600_000
_ADOPTED_MS = 6 * _HOUR_MS
"""A change that stays so long is what is usual from then on."""
_CALM = 2
"""Judgements without a change after which it holds again."""
_RARE = 0.5
_CLIMB = 4
"""Medians in a row that rise, each above the one before."""


class Spread:
    """Of one field. What is usual are the values of the hour that ended last and of this one."""

    def __init__(self, held: list[Any] | None = None) -> None:
        known = held or [None, None, None, 0, None, None, 0, None, 0, 0]
        self._old, self._new, self._now = (_read(part) for part in known[:3])
        self._turned_ms, self._first_ms, self._since_ms, self._calm = known[3:7]
        self._middle: float | None = known[7]
        self._climbed: int = known[8]
        self._batches: int = known[9]

    def packed(self) -> list[Any]:
        values = [part.packed() for part in (self._old, self._new, self._now)]
        times = [self._turned_ms, self._first_ms, self._since_ms]
        return [*values, *times, self._calm, self._middle, self._climbed, self._batches]

    def look(self, look: Look, rule: QualityRule) -> Iterator[Finding]:
        values = look.counted.values.get(rule.field or "")
        if values is None or not values.seen:
            return
        if self._first_ms is None:
            self._first_ms = look.first_ms
        self._now = self._now.plus(values)
        if self._now.seen < ENOUGH:
            return
        now, self._now = self._now, Values()
        first_ms, self._first_ms = self._first_ms, None
        usual = self._old.plus(self._new)
        self._batches += 1
        if self._climbs(now) or self._batches <= _CLIMB:
            self._learn(look, now)
            return
        drift = _drift(usual, now) if usual.seen >= _KNOWN and not look.history else None
        if drift is None or drift.change is None:
            yield from self._quiet(look, rule, now, drift)
        else:
            yield from self._changed(look, rule, usual, now, drift, first_ms)

    def _climbs(self, now: Values) -> bool:
        """A counter or a clock never is as it was."""
        middle = now.quantiles([0.5])
        if not middle or self._since_ms is not None:
            return False
        rises = self._middle is not None and middle[0] > self._middle
        self._middle, self._climbed = middle[0], self._climbed + 1 if rises else 0
        return self._climbed >= _CLIMB

    def _quiet(
        self, look: Look, rule: QualityRule, now: Values, drift: Drift | None
    ) -> Iterator[Finding]:
        if self._since_ms is not None:
            self._calm += 1
            held = self._calm >= _CALM
            since_ms = self._since_ms
            if held:
                self._since_ms = None
                yield _told(look, rule, drift, since_ms, "It is as it was.", broken=False)
            return
        self._learn(look, now)

    def _changed(
        self,
        look: Look,
        rule: QualityRule,
        usual: Values,
        now: Values,
        drift: Drift,
        first_ms: int,
    ) -> Iterator[Finding]:
        self._calm = 0
        if self._since_ms is None:
            self._since_ms = first_ms
        since_ms = self._since_ms
        if look.now_ms - since_ms > _ADOPTED_MS:
            self._old, self._new, self._since_ms = Values(), now, None
            yield _told(look, rule, drift, since_ms, "It is usual by now.", broken=False)
            return
        yield _told(look, rule, drift, since_ms, _words(rule, drift, usual, now), broken=True)

    def _learn(self, look: Look, now: Values) -> None:
        if look.now_ms - self._turned_ms > _HOUR_MS and self._new.seen >= _KNOWN:
            self._old, self._new, self._turned_ms = self._new, Values(), look.now_ms
        self._new = self._new.plus(now)


def _drift(usual: Values, now: Values) -> Drift | None:
    if usual.sketch is not None and now.sketch is not None:
        before, after = Distribution.of_kll(usual.sketch), Distribution.of_kll(now.sketch)
        return numeric_drift(before, after)
    if usual.words and now.words and usual.words[OTHER] < _RARE * usual.seen:
        return categorical_drift(usual.words, now.words)
    return None


def _words(rule: QualityRule, drift: Drift, usual: Values, now: Values) -> str:
    name = f"`{rule.field}`"
    match drift.change:
        case Change.UNIT if drift.factor:
            return f"The values of {name} are {drift.factor:,.4g} times what they were."
        case Change.STUCK:
            return f"{name} is stuck: {drift.share or 0:.0%} of its values are one and the same."
        case Change.NEW_VALUES:
            return f"{name} has values that were never seen, in {drift.share or 0:.1%} of records."
    before, after = usual.quantiles([0.5]), now.quantiles([0.5])
    if before and after:
        return f"The median of {name} is {after[0]:,.4g} and was {before[0]:,.4g}."
    return f"The values of {name} come in other shares than before."


def _told(
    look: Look, rule: QualityRule, drift: Drift | None, since_ms: int, told: str, *, broken: bool
) -> Finding:
    figures: dict[str, float] = {}
    if drift is not None:
        figures = {"psi": round(drift.psi, 4), "ks": round(drift.ks, 4)}
        if drift.factor is not None:
            figures["factor"] = drift.factor
        if drift.share is not None:
            figures["share"] = drift.share
    return finding(look, rule, broken=broken, since_ms=since_ms, figures=figures, told=told)


def _read(part: list[Any] | None) -> Values:
    return Values() if part is None else Values.unpacked(part)
