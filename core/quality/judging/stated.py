"""Rules that say themselves how much is too much: thresholds, freshness, schemas, lag."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from core.alerts.finding import Finding
from core.quality.judging.look import Look, finding
from core.quality.judging.words import breaks
from core.quality.rule import Metric, QualityRule
from core.quality.window import MINUTE_MS

_ALL_OF_THEM = frozenset({Metric.ROWS, Metric.DEAD_LETTERS})
"""Every record counts, whatever is in it."""
_NEW_MS = 10 * MINUTE_MS
"""A schema is news for so long."""


class Threshold(msgspec.Struct):
    """Counts by minute over the rule's window."""

    minutes: dict[int, tuple[int, int]] = {}
    began_ms: int | None = None
    since_ms: int | None = None

    def look(self, look: Look, rule: QualityRule, key: str) -> Iterator[Finding]:
        limit = rule.threshold
        if limit is None:
            return
        rows = rule.metric is Metric.ROWS
        # What is not counted yet did not fail to come.
        end_ms = look.heard_ms if rows else look.now_ms
        self._count(look, rule, key, look.now_ms if end_ms is None else end_ms)
        if look.history or end_ms is None:
            return
        if rows and end_ms - (self.began_ms or 0) < rule.window_ms:
            # Of a window that was not watched whole nobody knows how many came.
            return
        last = end_ms // MINUTE_MS
        within = [held for at, held in self.minutes.items() if not rows or at <= last]
        count = sum(broken for broken, _ in within)
        total = sum(records for _, records in within)
        measured = total if rule.metric in _ALL_OF_THEM else count
        broken = not limit.holds(measured, total)
        was_open = self.since_ms
        if broken and was_open is None:
            self.since_ms = look.broken_ms(key)
        if broken or was_open is not None:
            said = f"{total:,} records came" if rule.metric in _ALL_OF_THEM else (
                f"{breaks(rule)} in {count:,} of {total:,} records"
            )  # fmt: skip
            yield finding(
                look,
                rule,
                broken=broken,
                since_ms=self.since_ms or look.first_ms,
                figures={"bad": count, "records": total},
                told=f"{said} within {rule.window_ms // MINUTE_MS:,} minutes; allowed is "
                f"{limit.said()}.",
                spots=look.counted.positions.get(key, ()),
            )
        if not broken:
            self.since_ms = None

    def _count(self, look: Look, rule: QualityRule, key: str, end_ms: int) -> None:
        self.began_ms = look.now_ms if self.began_ms is None else self.began_ms
        counted, minute = look.counted, look.first_ms // MINUTE_MS
        seen = counted.records - counted.tombstones
        if seen:
            broken, total = self.minutes.get(minute, (0, 0))
            checked = counted.checked[key] or seen
            self.minutes[minute] = (broken + counted.broken[key], total + checked)
        oldest = (end_ms - rule.window_ms) // MINUTE_MS
        self.minutes = {at: held for at, held in self.minutes.items() if at > oldest}


class Freshness(msgspec.Struct):
    """`last_ms` is when the latest record came."""

    last_ms: int | None = None
    open: bool = False

    def look(self, look: Look, rule: QualityRule) -> Iterator[Finding]:
        if look.counted.last_ms is not None:
            self.last_ms = max(self.last_ms or 0, look.counted.last_ms)
        heard_ms = look.heard_ms
        if self.last_ms is None or heard_ms is None or look.history:
            return
        silent_ms, allowed = heard_ms - self.last_ms, rule.max_delay_ms or 0
        broken = silent_ms > allowed
        if broken or self.open:
            yield finding(
                look,
                rule,
                broken=broken,
                since_ms=self.last_ms,
                figures={"silent_seconds": silent_ms / 1_000, "allowed_seconds": allowed / 1_000},
                told=f"No record came for {silent_ms / 1_000:,.0f} seconds; {allowed / 1_000:,g} "
                "are allowed."
                if broken
                else "Records come again.",
            )
        self.open = broken


class Lag(msgspec.Struct):
    """`since_ms` is when a group was first measured to be too far behind."""

    since_ms: int | None = None

    def look(self, look: Look, rule: QualityRule) -> Iterator[Finding]:
        if not look.lags:
            # What is not measured is neither broken nor whole again.
            return
        most, allowed = max(look.lags, key=lambda each: each.lag), rule.max_lag or 0
        broken = most.lag > allowed
        was_open = self.since_ms
        if broken and was_open is None:
            self.since_ms = round(most.at.timestamp() * 1_000)
        if broken or was_open is not None:
            yield finding(
                look,
                rule,
                broken=broken,
                since_ms=self.since_ms or look.now_ms,
                figures={"lag": most.lag, "allowed": allowed},
                told=f"The consumer group {most.group} is {most.lag:,} records behind; {allowed:,} "
                "are allowed."
                if broken
                else f"No consumer group is more than {allowed:,} records behind any more.",
            )
        if not broken:
            self.since_ms = None


class Schemas(msgspec.Struct):
    """Registered schemas by when they were first seen."""

    known: dict[str, int] = {}
    open: dict[str, int] = {}

    def learn(self, look: Look) -> tuple[str, ...]:
        """Those that are news now."""
        for ref in look.counted.schemas:
            self.known.setdefault(ref, 0 if look.history else look.first_ms)
        return tuple(ref for ref, at in self.known.items() if look.now_ms - at < _NEW_MS)

    def look(self, look: Look, rule: QualityRule) -> Iterator[Finding]:
        for ref, at in self.known.items():
            news = at > 0 and look.now_ms - at < _NEW_MS
            if news or ref in self.open:
                yield finding(
                    look,
                    rule.model_copy(update={"id": f"{rule.id}-{ref}"[:100]}),
                    broken=news,
                    since_ms=at,
                    figures={"records": look.counted.schemas[ref]},
                    told=f"Messages name the registered schema {ref}, which was not seen before.",
                    schema_ids=(ref,),
                )
                self.open[ref] = at
                if not news:
                    del self.open[ref]
