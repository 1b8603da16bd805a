"""Dead letters where there are none for most of the time: the first is news."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from core.alerts.finding import Finding
from core.quality.judging.look import Look, finding
from core.quality.rule import QualityRule
from core.quality.window import MINUTE_MS

_QUIET_MS = 24 * 60 * MINUTE_MS
"""Where none came for so long, one is not what usually happens."""
_OVER_MS = 60 * MINUTE_MS
"""It has ended when none came for so long."""


class FirstLetters(msgspec.Struct):
    """`last_ms` is when the latest came, `since_ms` the first of those that are news."""

    last_ms: int | None = None
    since_ms: int | None = None
    count: int = 0

    def look(self, look: Look, rule: QualityRule) -> Iterator[Finding]:
        came = look.counted.records
        if came and not look.history:
            if self.since_ms is None and self._was_quiet(look):
                self.since_ms, self.count = look.first_ms, 0
            self.count += came
        if came and look.counted.last_ms is not None:
            self.last_ms = max(self.last_ms or 0, look.counted.last_ms)
        if self.since_ms is None:
            return
        over = self.over(look.now_ms)
        yield finding(
            look,
            rule,
            broken=not over,
            since_ms=self.since_ms,
            figures={"records": self.count},
            told="No dead letter came for an hour."
            if over
            else f"{self.count:,} dead letters came, after a day or more without any.",
        )
        if over:
            self.since_ms = None

    def over(self, now_ms: int) -> bool:
        """Whether what is told of has ended."""
        return self.since_ms is not None and now_ms - (self.last_ms or 0) >= _OVER_MS

    def _was_quiet(self, look: Look) -> bool:
        return self.last_ms is None or look.first_ms - self.last_ms >= _QUIET_MS
