"""How good the records are: score, trend, dimensions, and the rules that were broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from core.quality import trend
from core.quality.score import RuleScore, Score, Slice
from core.quality.summary import share_good
from core.quality.wording import against, points, rule_told
from server.alerts.routes import list_alerts
from server.alerts.views import AlertView
from server.catalog.quality import score_of
from server.console.pane import Pane, Seen
from server.console.trend import Chart, chart_of

_SPANS = ((24, "24 hours"), (72, "3 days"), (168, "7 days"))
_HOURS = TypeAdapter(Annotated[int, Field(ge=1, le=720)])
_WIDTHS = ((24, 60), (72, 180), (720, 720))


@dataclass(frozen=True)
class QualityPane:
    """`moved` says how the score stands beside the one before; `broken` are (rule, words)."""

    score: Score
    hours: int
    spans: tuple[tuple[int, str], ...]
    against: str
    moved: str | None
    chart: Chart | None
    broken: tuple[tuple[RuleScore, str], ...]
    kept: int
    alerts: tuple[AlertView, ...]


async def load(seen: Seen) -> QualityPane:
    hours = _hours(seen.request.query_params.get("hours"))
    score = await score_of(seen.source, seen.services, hours)
    alerts = await list_alerts(
        seen.services, active=True, source=seen.name, cluster=seen.cluster, limit=20
    )
    both = score.score is not None and score.previous is not None
    broken = tuple((each, rule_told(each.rule)) for each in score.rules if each.broken)
    return QualityPane(
        score=score,
        hours=hours,
        spans=_SPANS,
        against=against(score.basis),
        moved=points(score.score or 0, score.previous or 0) if both else None,
        chart=chart_of(_slices(score, hours), _share),
        broken=broken,
        kept=sum(1 for each in score.rules if each.broken == 0),
        alerts=alerts.items,
    )


def _hours(given: str | None) -> int:
    """A day where it says nothing of use."""
    try:
        return _HOURS.validate_python(given)
    except ValidationError:
        return 24


def _slices(score: Score, hours: int) -> tuple[Slice, ...]:
    minutes = next(width for span, width in _WIDTHS if hours <= span)
    return trend.sliced(score.history, score.since, score.until, minutes)


def _share(part: Slice) -> float | None:
    return share_good(part.records, part.bad)


PANE = Pane("quality", "Quality", 20, load)
