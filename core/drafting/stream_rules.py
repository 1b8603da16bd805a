"""Quality rules of the stream as a whole: how late a message may be, how long it may be silent."""

from __future__ import annotations

from collections.abc import Iterator

from core.drafting.composed import Composed
from core.drafting.promises import Promises
from core.quality.rule import Metric, QualityRule, Severity

MISSED = 3
"""Messages in a row whose lack is a silence."""
_LEAST_RHYTHM_MS = 1_000


def stream_rules(promises: Promises, composed: Composed) -> Iterator[QualityRule]:
    """Timeliness where the text says how soon, freshness where it says how often."""
    said, time = promises.timeliness or promises.latency, composed.event_time
    if said is not None and time is not None:
        yield QualityRule(
            id=f"{time.name}-timeliness"[:100],
            metric=Metric.TIMELINESS,
            field=time.name,
            max_delay_ms=max(1, round(said.value)),
            reason=f'the description says "{said.says[:250]}"',
        )
    rhythm = promises.rhythm
    if rhythm is not None and rhythm.value >= _LEAST_RHYTHM_MS:
        yield QualityRule(
            id="stream-freshness",
            metric=Metric.FRESHNESS,
            severity=Severity.WARNING,
            max_delay_ms=round(MISSED * rhythm.value),
            reason=f'"{rhythm.says}": {MISSED} missing messages in a row are a silence',
        )
