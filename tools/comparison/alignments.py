"""Pairs of sources aligned field by field, and judged."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.comparison import Comparison, FieldAlignment, FieldMatch, SharedIdentifiers
from core.similarity.aligner import Aligner, Rarity
from core.similarity.alignment import Alignment
from core.similarity.comparable import Comparable
from core.similarity.fleet import rarity_of
from core.similarity.likeness_table import LikenessTable
from core.similarity.relation import Relation
from core.similarity.verdict import Identity, may_relate, verdict
from tools.comparison.reading import Reader
from tools.comparison.scoring import Pair
from tools.db.features import FeatureRepository
from tools.embeddings.cache import CachedEmbeddings
from tools.embeddings.legible import vectors_by_text

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Sides:
    left: Comparable
    right: Comparable
    probability: float


@dataclass(frozen=True, slots=True)
class Ready:
    """Pairs with all that comparing them takes."""

    sides: Mapping[Pair, Sides]
    aligner: Aligner


@dataclass(frozen=True, slots=True)
class Compared:
    """Of the pairs asked for; `looked_at` are those whose fields were compared."""

    pairs: dict[Pair, Comparison]
    looked_at: int


class Alignments:
    """Fields weigh by how rare they are among all sources of the cluster: `lines` of them."""

    def __init__(
        self, reader: Reader, features: FeatureRepository, cache: CachedEmbeddings, lines: int
    ) -> None:
        self._reader = reader
        self._features = features
        self._cache = cache
        self._lines = lines
        self._table = LikenessTable()

    async def of(self, scored: Mapping[Pair, float], *, different: bool = True) -> Compared:
        """A comparison of each pair; the first id is at the left. Those that turn out to be
        different are left out where `different` is false."""
        return await self.compared(await self.ready(scored), different=different)

    async def ready(self, scored: Mapping[Pair, float]) -> Ready:
        """All that `compared` needs; may be read while others are compared."""
        read = await self._reader.read({one for both in scored for one in both})
        sides = {
            both: Sides(read[both[0]], read[both[1]], probability)
            for both, probability in scored.items()
            if both[0] in read and both[1] in read
        }
        sources = [read[one] for one in sorted({one for both in sides for one in both})]
        texts = set[str]().union(*(source.field_texts for source in sources))
        vectors = await vectors_by_text(self._cache.model, texts, self._cache)
        return Ready(sides, Aligner(vectors, await self._rarity(sources), table=self._table))

    async def compared(self, ready: Ready, *, different: bool = True) -> Compared:
        """Once at a time: what is known of fields is shared."""
        return await asyncio.to_thread(_all_compared, ready.sides, ready.aligner, different)

    async def _rarity(self, sources: Sequence[Comparable]) -> Rarity:
        terms = sorted(set[str]().union(*(source.field_terms for source in sources)))
        carriers, lines = await self._features.carriers_of(terms), self._lines
        return lambda term: rarity_of(carriers.get(term, 0), lines)


def _all_compared(sides: Mapping[Pair, Sides], aligner: Aligner, different: bool) -> Compared:
    looked_at = {
        both: one
        for both, one in sides.items()
        if different or may_relate(one.left, one.right, one.probability)
    }
    found = ((both, _compared(one, aligner, different)) for both, one in looked_at.items())
    return Compared({both: made for both, made in found if made is not None}, len(looked_at))


def _compared(sides: Sides, aligner: Aligner, different: bool) -> Comparison | None:
    left, right = sides.left, sides.right
    both = aligner.fields_of(left, right)
    if not (different or may_relate(left, right, sides.probability, *aligner.most(both))):
        return None
    alignment = aligner.align(left, right, both)
    judged = verdict(left, right, sides.probability, alignment)
    if judged.relation is Relation.DIFFERENT and not different:
        return None
    alignment = aligner.explained(alignment, left, right)
    return Comparison(
        left=left.name,
        right=right.name,
        relation=judged.relation,
        kinship=judged.kinship,
        similarity=round(alignment.similarity, _DIGITS),
        probability=round(sides.probability, _DIGITS),
        left_in_right=round(alignment.left_in_right, _DIGITS),
        right_in_left=round(alignment.right_in_left, _DIGITS),
        alignment=_fields(left, right, alignment, judged.identity),
    )


def _fields(
    left: Comparable, right: Comparable, alignment: Alignment, identity: Identity | None
) -> FieldAlignment:
    lefts = {match.left for match in alignment.held}
    rights = {match.right for match in alignment.held}
    return FieldAlignment(
        matches=tuple(
            FieldMatch(
                left=match.left,
                right=match.right,
                sureness=round(match.sureness, _DIGITS),
                why=match.why,
            )
            for match in alignment.held
        ),
        left_only=_rest(left, lefts),
        right_only=_rest(right, rights),
        identifiers=identity
        and SharedIdentifiers(
            left=identity.left,
            right=identity.right,
            left_seen=identity.left_seen,
            right_seen=identity.right_seen,
            shared=round(identity.shared, _DIGITS),
        ),
    )


def _rest(side: Comparable, held: set[str]) -> tuple[str, ...]:
    return tuple(field.path for field in side.fields if field.path not in held and not field.groups)
