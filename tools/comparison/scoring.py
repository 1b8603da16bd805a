"""How likely pairs of a large fleet say the same, by what the vector index tells of neighbours."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.similarity.candidates import BY_FIELDS, CARRIERS, NEAR
from core.similarity.comparable import Comparable
from core.similarity.fleet import Fleet, rarity_of
from core.similarity.neighbours import NEAREST, Neighbours
from core.similarity.score import scores
from core.similarity.title import Title, title_of
from tools.db.features import FeatureRepository, Features, Ids, Near
from tools.embeddings.cache import CachedEmbeddings
from tools.embeddings.legible import vectors_by_text

_KEPT = 60_000
"""Sources whose vectors are kept: some 240 MB."""
_CROWD = 2_000
"""Sources with rare fields that are looked at for one source, at most."""

Pair = tuple[int, int]
"""Two source ids, the smaller first."""


class Scoring:
    """For one analysis: neighbours are asked for once each. `lines` counts all sources, versions of
    one once."""

    def __init__(self, features: FeatureRepository, cache: CachedEmbeddings, lines: int) -> None:
        self._features = features
        self._cache = cache
        self._lines = lines
        self._near: dict[str, dict[int, Near]] = {"title": {}, "told": {}}
        self._kept: OrderedDict[int, Features] = OrderedDict()
        self._placed: dict[int, Title] = {}

    async def candidates(self, ids: Sequence[int]) -> list[Pair]:
        """Pairs of these sources that are worth a score, each once."""
        await self._ask(ids)
        found = {
            pair(own, other)
            for column in self._near.values()
            for own in ids
            if own in column
            for other in column[own].ids[:NEAR].tolist()
        }
        return sorted(found | await self._by_rare_fields(ids))

    async def scores(self, pairs: Sequence[Pair]) -> Mapping[Pair, float]:
        """The probability of each, as `core.similarity.score` tells it of the whole fleet."""
        ids = sorted({one for both in pairs for one in both})
        await self._ask(ids)
        sources = await self._read(ids)
        places = {source.id: place for place, source in enumerate(sources)}
        known = [both for both in pairs if both[0] in places and both[1] in places]
        if not known:
            return {}
        fleet = await self._fleet(sources, places)
        rows = np.array([(places[left], places[right]) for left, right in known], np.intp)
        return dict(zip(known, map(float, scores(fleet, rows)), strict=True))

    async def _ask(self, ids: Sequence[int]) -> None:
        await asyncio.gather(*(self._ask_one(column, ids) for column in self._near))

    async def _ask_one(self, column: str, ids: Sequence[int]) -> None:
        known = self._near[column]
        missing = [one for one in ids if one not in known]
        if missing:
            known |= await self._features.near(column, missing, NEAREST)

    async def _read(self, ids: Sequence[int]) -> list[Features]:
        """By id; what was read last is kept, since a source is the candidate of several batches."""
        missing = [one for one in ids if one not in self._kept]
        self._kept |= {source.id: source for source in await self._features.read(missing)}
        found = [self._kept[one] for one in sorted(ids) if one in self._kept]
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return found

    async def _fleet(self, sources: Sequence[Features], places: Mapping[int, int]) -> Fleet:
        around = np.unique(
            np.concatenate(
                [column[one.id].ids for column in self._near.values() for one in sources]
            )
        )
        outside = sorted(set(around.tolist()) - places.keys())
        await self._place(outside)
        order = _Order([*places, *outside])
        words = {word for source in sources for word in title_of(source.name).text.split()}
        indexed = [
            _neighbours([column[source.id] for source in sources], order)
            for column in self._near.values()
        ]
        return Fleet.measured(
            [Comparable(source.name, title_of(source.name), "", ()) for source in sources],
            np.stack([source.title for source in sources]),
            np.stack([source.told for source in sources]),
            await vectors_by_text(self._cache.model, words, self._cache),
            (indexed[0], indexed[1]),
            [self._placed[one] for one in outside],
        )

    async def _place(self, ids: Sequence[int]) -> None:
        """Asks for lines and spaces once each: neighbours are those of many."""
        missing = [one for one in ids if one not in self._placed]
        if missing:
            told = await self._features.places(missing)
            for one in missing:
                self._placed[one] = Title("", *told.get(one, (f"gone {one}", "")))

    async def _by_rare_fields(self, ids: Sequence[int]) -> set[Pair]:
        """Those that share the heaviest sets of fields which few have."""
        sources = await self._read(ids)
        terms = sorted({term for source in sources for term in source.terms})
        carriers = await self._features.carriers_of(terms)
        rare = {term for term in terms if 1 < carriers.get(term, 0) <= CARRIERS}
        found: set[Pair] = set()
        if not rare:
            return found
        others = await self._features.with_terms(sorted(rare), _CROWD * len(ids))
        holders: dict[str, list[int]] = defaultdict(list)
        for other, theirs in others:
            for term in theirs & rare:
                holders[term].append(other)
        for source in sources:
            shared: dict[int, float] = defaultdict(float)
            for term in source.terms & rare:
                for other in holders[term]:
                    if other != source.id:
                        shared[other] += rarity_of(carriers[term], self._lines)
            best = sorted(shared, key=lambda other: (-shared[other], other))[:BY_FIELDS]
            found |= {pair(source.id, other) for other in best}
        return found


def pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


class _Order:
    """Places of source ids: those in front are the sources of a fleet, in their order."""

    def __init__(self, ids: Sequence[int]) -> None:
        given = np.array(ids, np.int64)
        self._places = np.argsort(given, kind="stable")
        self._sorted = given[self._places]

    def of(self, ids: Ids) -> NDArray[np.intp]:
        """All of them must be known."""
        return self._places[np.searchsorted(self._sorted, ids)]


def _neighbours(near: Sequence[Near], order: _Order) -> Neighbours:
    """Rows of equal length: what is missing is a neighbour of no likeness, the row's own place."""
    lengths = np.array([len(one.ids) for one in near], np.intp)
    width = int(lengths.max(initial=0))
    places = np.repeat(np.arange(len(near), dtype=np.intp)[:, None], width, axis=1)
    cosines = np.full((len(near), width), -1.0, np.float32)
    there = np.arange(width) < lengths[:, None]
    places[there] = order.of(np.concatenate([one.ids for one in near]))
    cosines[there] = np.concatenate([one.cosines for one in near])
    return Neighbours(places, cosines)
