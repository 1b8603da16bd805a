"""The dashboard as the API shows it: each figure with the list behind it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

from pydantic import BaseModel, ConfigDict, Field

from core.activity import Activity, ActivityKind
from core.approval import ApprovalStatus
from core.dashboard import DayCounts, Measured
from core.quality.rule import Severity
from core.recommendations.recommendation import RecommendationKind, RecommendationStatus
from core.source import SourceKind


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Count(_Part):
    """A figure; `href` is a list of this API that has as many rows."""

    value: int
    href: str


class SourceCounts(_Part):
    """Topics that are on the cluster. `candidates` are discovered ones that an open recommendation
    to promote is about, `needs_governance` those that one to govern is about: read by somebody,
    without a schema or an owner."""

    total: Count
    managed: Count
    discovered: Count
    candidates: Count
    needs_governance: Count


class RecommendationCounts(_Part):
    """Open ones."""

    total: Count
    by_kind: dict[RecommendationKind, Count]


class AverageScore(_Part):
    """The mean of the scores of the last 24 hours of the sources that have one: `value` =
    `sum_of_scores` / `over.value`, of `records` records in all. `measured_at` is when the scores
    were added up."""

    value: float | None
    over: Count
    sum_of_scores: float
    records: int
    measured_at: datetime | None


class QualityCounts(_Part):
    """`errors` and `warnings` are alerts that are not resolved; `below_floor` are sources whose
    score of the last 24 hours is lower than `floor` (HEADWATER_QUALITY_FLOOR)."""

    errors: Count
    warnings: Count
    below_floor: Count
    floor: float
    average: AverageScore


class ActivityCounts(_Part):
    """What happened from `since` on. Consolidations are in progress while their plan waits or is
    carried out, or their bridge is to run, whenever they began."""

    since: datetime
    products_created: Count
    sources_promoted: Count
    consolidations_in_progress: Count
    alerts_opened: Count
    alerts_resolved: Count
    sources_found: Count
    sources_gone: Count


COUNTED = {
    "products_created": ActivityKind.PRODUCT_CREATED,
    "sources_promoted": ActivityKind.SOURCE_PROMOTED,
    "alerts_opened": ActivityKind.ALERT_OPENED,
    "alerts_resolved": ActivityKind.ALERT_RESOLVED,
    "sources_found": ActivityKind.SOURCE_FOUND,
    "sources_gone": ActivityKind.SOURCE_GONE,
}
"""What is counted of what happened, by its name in the answer."""


class ApprovalCounts(_Part):
    waiting: Count


class Dashboard(_Part):
    """`trends` are the main counts of each day that was measured, oldest first, today's as measured
    last."""

    cluster: str
    at: datetime
    sources: SourceCounts
    recommendations: RecommendationCounts
    quality: QualityCounts
    activity: ActivityCounts
    approvals: ApprovalCounts
    trends: tuple[DayCounts, ...]


class ActivityView(Activity):
    """`href` is what it is about, in the API of the catalog; a product is in that of products."""

    href: str = Field(examples=["/alerts/7"])


_ABOUT = {
    "source": "/sources",
    "scan": "/scans",
    "product": "/products",
    "approval": "/approvals",
    "plan": "/approvals",
    "recommendation": "/recommendations",
    "alert": "/alerts",
}


def activity_view(happened: Activity) -> ActivityView:
    place = quote(happened.subject, safe="")
    return ActivityView(**dict(happened), href=f"{_ABOUT[happened.kind.about]}/{place}")


def start_of(days: int, now: datetime) -> datetime:
    """Midnight (UTC) of the first of the last `days` days; 1 is today."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=days - 1)


class Lists:
    """The lists behind figures. `cluster` None: that of the server, which lists take by
    themselves."""

    def __init__(self, cluster: str | None) -> None:
        self._cluster = cluster

    def href(self, path: str, **filters: object) -> str:
        asked = {name: _text(value) for name, value in filters.items()}
        if self._cluster is not None:
            asked["cluster"] = self._cluster
        return f"{path}?{urlencode(asked)}" if asked else path

    def sources(self, value: int, **filters: object) -> Count:
        return Count(value=value, href=self.href("/sources", **filters))

    def recommendations(self, value: int, **filters: object) -> Count:
        filters = {"status": RecommendationStatus.OPEN, **filters}
        return Count(value=value, href=self.href("/recommendations", **filters))

    def alerts(self, value: int, severity: Severity) -> Count:
        return Count(value=value, href=self.href("/alerts", active=True, severity=severity))


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value).lower() if isinstance(value, bool) else str(value)


def dashboard_view(
    cluster: str,
    found: Measured,
    happened: Mapping[ActivityKind, int],
    days: tuple[DayCounts, ...],
    *,
    since: datetime,
    floor: float,
    lists: Lists,
) -> Dashboard:
    return Dashboard(
        cluster=cluster,
        at=found.at,
        sources=_sources(found, lists),
        recommendations=_recommendations(found, lists),
        quality=_quality(found, floor, lists),
        activity=_activity(found, happened, since, lists),
        approvals=ApprovalCounts(
            # Approvals are of no cluster: their list takes none.
            waiting=Count(
                value=found.waiting_approvals,
                href=Lists(None).href("/approvals", status=ApprovalStatus.PENDING),
            )
        ),
        trends=days,
    )


def _sources(found: Measured, lists: Lists) -> SourceCounts:
    discovered = SourceKind.DISCOVERED
    return SourceCounts(
        total=lists.sources(found.sources),
        managed=lists.sources(found.managed, kind=SourceKind.MANAGED),
        discovered=lists.sources(found.discovered, kind=discovered),
        candidates=lists.sources(
            found.candidates, kind=discovered, recommended=RecommendationKind.PROMOTE
        ),
        needs_governance=lists.sources(
            found.needs_governance, kind=discovered, recommended=RecommendationKind.GOVERN
        ),
    )


def _recommendations(found: Measured, lists: Lists) -> RecommendationCounts:
    counts = {kind: found.recommendations.get(kind, 0) for kind in RecommendationKind}
    return RecommendationCounts(
        total=lists.recommendations(sum(counts.values())),
        by_kind={kind: lists.recommendations(value, kind=kind) for kind, value in counts.items()},
    )


def _quality(found: Measured, floor: float, lists: Lists) -> QualityCounts:
    return QualityCounts(
        errors=lists.alerts(found.alerts.get(Severity.ERROR, 0), Severity.ERROR),
        warnings=lists.alerts(found.alerts.get(Severity.WARNING, 0), Severity.WARNING),
        below_floor=lists.sources(found.below_floor, score_below=floor),
        floor=floor,
        average=AverageScore(
            value=found.average_score,
            over=lists.sources(found.scored, scored=True),
            sum_of_scores=found.sum_of_scores,
            records=found.records,
            measured_at=found.scored_at,
        ),
    )


def _activity(
    found: Measured, happened: Mapping[ActivityKind, int], since: datetime, lists: Lists
) -> ActivityCounts:
    def of(kind: ActivityKind) -> Count:
        href = lists.href("/activity", kind=kind, since=since, until=found.at)
        return Count(value=happened.get(kind, 0), href=href)

    return ActivityCounts(
        since=since,
        consolidations_in_progress=Count(
            value=found.consolidations, href=lists.href("/consolidations", in_progress=True)
        ),
        **{name: of(kind) for name, kind in COUNTED.items()},
    )
