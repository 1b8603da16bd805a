"""What a dashboard shows, as it was measured."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from pydantic import BaseModel, ConfigDict

from core.quality.rule import Severity
from core.recommendations.recommendation import RecommendationKind

KEPT_DAYS = 90
"""How long the days' counts are kept."""


class _Counts(BaseModel):
    """What is counted now and kept of each day."""

    model_config = ConfigDict(frozen=True)
    sources: int
    managed: int
    discovered: int
    candidates: int
    needs_governance: int
    below_floor: int
    scored: int
    waiting_approvals: int


class DayCounts(_Counts):
    """The main counts of a day (UTC): of today as measured last, of an earlier one as it ended.
    `average_score` is over `scored` sources; null where there were none."""

    day: date
    measured_at: datetime
    recommendations: int
    errors: int
    warnings: int
    average_score: float | None


class SourceScore(BaseModel):
    """Of the last 24 hours."""

    model_config = ConfigDict(frozen=True)
    source: str
    score: float


class Measured(_Counts):
    """All that is counted of a cluster at one moment. Of recommendations and alerts a kind that
    nothing is of is left out. `scored_at` is when the scores were added up last."""

    at: datetime
    recommendations: Mapping[RecommendationKind, int]
    alerts: Mapping[Severity, int]
    sum_of_scores: float
    records: int
    consolidations: int
    scored_at: datetime | None

    @property
    def average_score(self) -> float | None:
        """The mean over sources: a small topic weighs as much as a large one."""
        return self.sum_of_scores / self.scored if self.scored else None

    @property
    def day(self) -> DayCounts:
        """What is kept of it."""
        return DayCounts(
            **{name: getattr(self, name) for name in _Counts.model_fields},
            day=self.at.astimezone(UTC).date(),
            measured_at=self.at,
            recommendations=sum(self.recommendations.values()),
            errors=self.alerts.get(Severity.ERROR, 0),
            warnings=self.alerts.get(Severity.WARNING, 0),
            average_score=self.average_score,
        )
