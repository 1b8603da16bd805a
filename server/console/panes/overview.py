"""What a source is: owner, format, figures of the last sample, who reads it."""

from __future__ import annotations

from dataclasses import dataclass

from core.recommendations.recommendation import RecommendationStatus
from core.source import SourceChange
from server.catalog.recommendation_views import RecommendationView
from server.catalog.recommendations import list_recommendations
from server.console.pane import Pane, Seen


@dataclass(frozen=True)
class Overview:
    recommendations: tuple[RecommendationView, ...]
    changes: tuple[SourceChange, ...]


async def load(seen: Seen) -> Overview:
    changes = await seen.services.sources.changes(seen.name, seen.cluster, limit=5)
    advice = await list_recommendations(
        seen.services,
        status=RecommendationStatus.OPEN,
        source=seen.name,
        cluster=seen.cluster,
        limit=10,
    )
    return Overview(advice.items, changes.items)


PANE = Pane("overview", "Overview", 0, load)
