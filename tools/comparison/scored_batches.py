"""Pairs of sources that may be the same, batch after batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from core.similarity.verdict import POSSIBLE
from tools.comparison.scoring import Pair, Scoring
from tools.comparison.walk import Walk
from tools.db.pairs import PairRepository

_AT_ONCE = 200
"""Sources whose pairs are compared, and written, together: a killed run keeps what it did."""


@dataclass(frozen=True, slots=True)
class ScoredBatch:
    """Sources to compare, how many pairs of theirs were scored, and those that may be the same."""

    ids: list[int]
    candidates: int
    possible: dict[Pair, float]


class ScoredBatches:
    """The sources that are not compared, and which pairs of theirs may be the same."""

    def __init__(self, scoring: Scoring, pairs: PairRepository, walk: Walk) -> None:
        self._scoring = scoring
        self._pairs = pairs
        self._walk = walk
        self._known: dict[int, set[Pair]] = defaultdict(set)
        """Of sources that are still to come: pairs that the other side brought with it."""

    async def run(self) -> AsyncGenerator[ScoredBatch]:
        """Until every source has been handed out."""
        while ids := self._walk.batch(_AT_ONCE):
            yield await self._scored(ids)

    async def _scored(self, ids: list[int]) -> ScoredBatch:
        pairs = await self._candidates(ids)
        self._walk.meet(sorted({one for both in pairs for one in both}))
        scored = await self._scoring.scores(pairs) if pairs else {}
        possible = {both: said for both, said in scored.items() if said >= POSSIBLE}
        return ScoredBatch(ids, len(pairs), possible)

    async def _candidates(self, ids: list[int]) -> list[Pair]:
        """Each pair once in a run, whichever side it is seen from.

        Near is not mutual: what the other side found of these before counts as well, or it would
        be lost with their old pairs.
        """
        found = {*await self._scoring.candidates(ids), *await self._pairs.of_sources(ids)}
        found -= set[Pair]().union(*(self._known.pop(one, ()) for one in ids))
        for both in found:
            for one in both:
                if one in self._walk:
                    self._known[one].add(both)
        return sorted(found)
