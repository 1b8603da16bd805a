"""Recommendations looked at again: what the facts make now, against those that stand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from core.cost.price_book import PriceBook
from core.recommendations.derive import proposals
from core.recommendations.facts import FleetFacts
from core.recommendations.recommendation import Recommendation
from core.similarity.relation import Relation
from tools.db.pairs import PairRepository
from tools.db.pool import Connection, Pool
from tools.db.recommendations import RecommendationRepository

OnNewAdvice = Callable[[Connection, Recommendation, FleetFacts], Awaitable[None]]

_TWICE = (Relation.DUPLICATE, Relation.OVERLAP)


class Advice:
    """Of one cluster; run after each analysis. `on_opened` is called with each recommendation that
    opens and the facts it rests on, in the transaction that keeps it."""

    def __init__(
        self, pool: Pool, cluster: str, book: PriceBook, on_opened: OnNewAdvice | None = None
    ) -> None:
        self._pairs = PairRepository(pool)
        self._recommendations = RecommendationRepository(pool)
        self._cluster = cluster
        self._book = book
        self._on_opened = on_opened

    async def refresh(self) -> tuple[int, int]:
        """How many are new or open again, and how many are done."""
        fleet = FleetFacts(
            cluster=self._cluster,
            now=datetime.now(UTC),
            sources=await self._recommendations.facts(self._cluster),
            pairs=tuple(await self._pairs.listed(self._cluster, _TWICE)),
            book=self._book,
        )
        found = await asyncio.to_thread(proposals, fleet)

        async def opened(connection: Connection, recommendation: Recommendation) -> None:
            if self._on_opened is not None:
                await self._on_opened(connection, recommendation, fleet)

        return await self._recommendations.put(self._cluster, found, opened)
