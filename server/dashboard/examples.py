"""Examples of the dashboard for the API's description."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from core.activity import ActivityKind
from core.dashboard import Measured
from core.quality.rule import Severity
from core.recommendations.recommendation import RecommendationKind
from server.dashboard.views import Lists, dashboard_view, start_of

_AT = datetime(2026, 1, 2, 9, 30, tzinfo=UTC)

_MEASURED = Measured(
    at=_AT,
    sources=128,
    managed=41,
    discovered=87,
    candidates=9,
    needs_governance=22,
    recommendations={
        RecommendationKind.CONSOLIDATE: 4,
        RecommendationKind.PROMOTE: 9,
        RecommendationKind.GOVERN: 22,
    },
    alerts={Severity.ERROR: 2, Severity.WARNING: 1},
    scored=100,
    sum_of_scores=98.7,
    records=4_210_000,
    below_floor=3,
    waiting_approvals=2,
    consolidations=1,
    scored_at=_AT,
)

DASHBOARD: dict[str, Any] = dashboard_view(
    "default",
    _MEASURED,
    {ActivityKind.PRODUCT_CREATED: 1, ActivityKind.ALERT_RESOLVED: 3},
    (_MEASURED.day,),
    since=start_of(1, _AT),
    floor=0.95,
    lists=Lists(None),
).model_dump(mode="json")

ACTIVITY: dict[str, Any] = {
    "id": 58,
    "at": "2026-01-02T04:00:05Z",
    "kind": "alert.opened",
    "subject": "7",
    "title": "example-orders: `customer_id` is missing where it is required: opened",
    "by": None,
    "cluster": "default",
    "href": "/alerts/7",
}
