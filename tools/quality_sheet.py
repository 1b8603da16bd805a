"""The quality of a source as an agent reads it: counts and places of records, no values of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from core.alerts.finding import Position
from core.quality.rule import Dimension, Severity
from core.quality.score import RuleScore, Score, Slice
from core.quality.summary import Basis
from core.quality.trend import sliced
from core.quality.wording import asserts, subject
from core.source import Owner, SourceDetail, SourceKind
from tools.incident_sheet import AlertLine

MOST_RULES = 10
MOST_PLACES = 3
MOST_SLICES = 48

_HOUR, _DAY = 60, 24 * 60


class BrokenRule(BaseModel):
    """`broken` of `checked` records broke it; `says` is what it holds of its field or fields."""

    model_config = ConfigDict(frozen=True)
    id: str
    field: str | None
    says: str
    dimension: Dimension
    severity: Severity
    inferred: bool
    broken: int
    checked: int
    positions: tuple[Position, ...] = ()


class TrendSlice(BaseModel):
    """An hour of a score, or a day of a long one."""

    model_config = ConfigDict(frozen=True)
    start: datetime
    minutes: int
    records: int
    bad: int


class QualitySheet(BaseModel):
    """A score with what it rests on. `rules` is how many there are, `broken` those that were
    broken most; `previous` is the score of the stretch before, as long as this one."""

    model_config = ConfigDict(frozen=True)
    source: str
    kind: SourceKind
    owner: Owner | None
    consuming_teams: tuple[str, ...]
    since: datetime
    until: datetime
    basis: Basis
    score: float | None
    previous: float | None
    records: int
    bad: int
    skipped: int
    sampled: float | None
    unread: Mapping[str, int]
    dimensions: Mapping[Dimension, float]
    rules: int
    broken: tuple[BrokenRule, ...]
    broken_left_out: int
    trend: tuple[TrendSlice, ...]
    newest: datetime | None
    updated_at: datetime | None
    lag: int | None
    alerts: tuple[AlertLine, ...] = ()
    """Those that stand, and those that stood in the stretch."""

    @property
    def watched(self) -> bool:
        return self.updated_at is not None


def quality_sheet(
    source: SourceDetail, score: Score, alerts: tuple[AlertLine, ...] = ()
) -> QualitySheet:
    broken = [broken_rule(each) for each in score.rules if each.broken]
    kept = {name: getattr(score, name) for name in QualitySheet.model_fields.keys() & _KEPT}
    return QualitySheet(
        **kept,
        kind=source.summary.kind,
        owner=source.summary.owner,
        consuming_teams=source.summary.consuming_teams,
        rules=len(score.rules),
        broken=tuple(broken[:MOST_RULES]),
        broken_left_out=max(0, len(broken) - MOST_RULES),
        trend=_trend(score),
        alerts=alerts,
    )


_KEPT = Score.model_fields.keys() - {"rules"}


def broken_rule(found: RuleScore) -> BrokenRule:
    rule = found.rule
    return BrokenRule(
        id=rule.id,
        field=subject(rule) or None,
        says=asserts(rule),
        dimension=found.dimension,
        severity=rule.severity,
        inferred=rule.inferred,
        broken=found.broken or 0,
        checked=found.checked or 0,
        positions=found.positions[:MOST_PLACES],
    )


def _trend(score: Score) -> tuple[TrendSlice, ...]:
    """Only slices in which something was counted."""
    long = (score.until - score.since).total_seconds() > MOST_SLICES * 3_600
    found = sliced(score.history, score.since, score.until, _DAY if long else _HOUR)
    return tuple(_slice(each) for each in found if each.records)


def _slice(each: Slice) -> TrendSlice:
    return TrendSlice(**each.model_dump())
