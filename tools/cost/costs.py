"""What the cluster's topics cost, product by product and team by team, and what could be saved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.cost.difference import CostDifference, difference
from core.cost.measured import MeasuredCost, TopicLoad, measured_cost
from core.cost.price_book import PriceBook
from core.cost.saving import SAVING, Saving, savings
from core.cost.sharing import CostBy, Share, shares
from core.recommendations.recommendation import Recommendation, RecommendationStatus
from core.usage.period import Period
from tools.db.costs import CostRepository
from tools.db.recommendations import RecommendationRepository

_PAGE = 200

Shown = Callable[[TopicLoad], bool]
"""Whether a topic is among those that are asked for."""


@dataclass(frozen=True, slots=True)
class SourceCost:
    """`difference` is None where no plan with an estimate made the topic, or one in another
    currency."""

    load: TopicLoad
    measured: MeasuredCost
    difference: CostDifference | None


@dataclass(frozen=True, slots=True)
class Costs:
    """`book` is the whole one; each cluster is priced by its own."""

    repository: CostRepository
    recommendations: RecommendationRepository
    book: PriceBook

    async def shares(
        self, cluster: str, period: Period, by: CostBy, shown: Shown
    ) -> Sequence[Share]:
        """All of them, the dearest first."""
        loads = await self._loads(cluster, period, shown)
        return await asyncio.to_thread(shares, loads, self.book.at(cluster), by)

    async def source(self, cluster: str, period: Period, topic: str) -> SourceCost | None:
        """None where the topic is not on the cluster any more."""
        found = await self._measured(cluster, period, topic)
        if found is None:
            return None
        load, cost = found
        planned = await self.repository.planned(cluster, topic)
        if planned is None or planned.estimate.currency != cost.currency:
            return SourceCost(load, cost, None)
        return SourceCost(load, cost, difference(planned, load, cost))

    async def measured(self, cluster: str, period: Period, topic: str) -> MeasuredCost | None:
        """Without what was estimated for it. None where the topic is not on the cluster any
        more."""
        found = await self._measured(cluster, period, topic)
        return None if found is None else found[1]

    async def savings(self, cluster: str, period: Period, shown: Shown) -> Sequence[Saving]:
        """Of the open recommendations about these topics, the most first."""
        loads = {load.topic: load for load in await self._loads(cluster, period, shown)}
        return savings(await self._open(cluster), loads, self.book.at(cluster))

    async def _measured(
        self, cluster: str, period: Period, topic: str
    ) -> tuple[TopicLoad, MeasuredCost] | None:
        loads = await self.repository.loads(cluster, period, topic)
        return (loads[0], measured_cost(loads[0], self.book.at(cluster))) if loads else None

    async def _loads(self, cluster: str, period: Period, shown: Shown) -> list[TopicLoad]:
        return [load for load in await self.repository.loads(cluster, period) if shown(load)]

    async def _open(self, cluster: str) -> list[Recommendation]:
        found: list[Recommendation] = []
        for kind in SAVING:
            cursor: str | None = None
            while True:
                page = await self.recommendations.list(
                    cluster,
                    status=RecommendationStatus.OPEN,
                    kind=kind,
                    limit=_PAGE,
                    cursor=cursor,
                )
                found += page.items
                if (cursor := page.next_cursor) is None:
                    break
        return found
