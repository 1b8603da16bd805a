"""What a judge looks at, and under which circumstances."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from core.alerts.finding import Finding, FindingKind
from core.quality.rule import Metric, QualityRule
from core.quality.score import positions_of
from core.quality.window import Spot, Window

ARRIVALS_MS = 1_000
"""Arrivals are counted by so many milliseconds of the broker's clock."""
_ALWAYS = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class GroupLag:
    """How many records a consumer group had yet to read, and when that was."""

    group: str
    lag: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """What was counted of one source since the last look. `history` are records from before it was
    watched: they are learnt from and nobody is told. All that came before `heard` is counted, so
    that what did not come was not sent; None where nobody watches."""

    source: str
    counted: Window
    arrivals: Counter[int]
    now: datetime
    history: bool = False
    heard: datetime | None = _ALWAYS
    schema_ids: tuple[str, ...] = ()
    """Registered schemas that were first seen within the last minutes."""
    lags: tuple[GroupLag, ...] = ()
    """As last measured, where a rule asks for it."""

    @property
    def now_ms(self) -> int:
        return round(self.now.timestamp() * 1_000)

    @property
    def heard_ms(self) -> int | None:
        """Never later than now."""
        if self.heard is None:
            return None
        return round(min(self.heard, self.now).timestamp() * 1_000)

    @property
    def first_ms(self) -> int:
        return self.now_ms if self.counted.first_ms is None else self.counted.first_ms

    def broken_ms(self, key: str) -> int:
        """When the first record came that a rule says something against; where it says nothing
        against any, when the first came."""
        return self.counted.broken_ms.get(key, self.first_ms)


def pack_arrivals(arrivals: Counter[int]) -> bytes:
    return msgspec.msgpack.encode(arrivals)


def unpack_arrivals(data: bytes) -> Counter[int]:
    return Counter(msgspec.msgpack.decode(data, type=dict[int, int]))


_KINDS = {
    Metric.VOLUME: FindingKind.ANOMALY,
    Metric.ROWS: FindingKind.ANOMALY,
    Metric.DEAD_LETTERS: FindingKind.ANOMALY,
    Metric.FRESHNESS: FindingKind.FRESHNESS,
    Metric.LAG: FindingKind.LAG,
    Metric.NULL_RATE: FindingKind.DRIFT,
    Metric.DISTRIBUTION: FindingKind.DRIFT,
    Metric.SCHEMA_DRIFT: FindingKind.DRIFT,
}


def finding(
    look: Look,
    rule: QualityRule,
    *,
    broken: bool,
    since_ms: int,
    figures: dict[str, float],
    told: str,
    spots: Sequence[Spot] = (),
    schema_ids: tuple[str, ...] | None = None,
) -> Finding:
    """`spots` are records that show it, some of them named twice, perhaps."""
    return Finding(
        source=look.source,
        rule_id=rule.id,
        metric=rule.metric,
        kind=_KINDS.get(rule.metric, FindingKind.RULE),
        field=rule.field,
        dimension=rule.dimension,
        severity=rule.severity,
        broken=broken,
        since=moment(since_ms),
        at=look.now,
        figures=figures,
        told=told,
        schema_ids=look.schema_ids if schema_ids is None else schema_ids,
        positions=positions_of(dict.fromkeys(spots)),
        inferred=rule.inferred,
    )


def moment(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1_000, UTC)
