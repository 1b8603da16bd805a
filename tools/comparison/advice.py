"""Recommendations looked at again: what the facts make now, against those that stand."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from core.cost.price_book import PriceBook
from core.recommendations.derive import proposals
from core.recommendations.facts import FleetFacts
from core.similarity.relation import Relation
from tools.db.pairs import PairRepository
from tools.db.pool import Pool
from tools.db.recommendations import RecommendationRepository

_TWICE = (Relation.DUPLICATE, Relation.OVERLAP)


class Advice:
    """Of one cluster; run after each analysis."""

    def __init__(self, pool: Pool, cluster: str, book: PriceBook) -> None:
        self._pairs = PairRepository(pool)
        self._recommendations = RecommendationRepository(pool)
        self._cluster = cluster
        self._book = book

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
        return await self._recommendations.put(self._cluster, found)
