"""Which hits of a search an answer speaks of: a search ranks everything, an answer does not."""

from __future__ import annotations

from core.ranking.names import key, leaf
from core.search import Match, SearchHit, SearchResult

_NEAR_BEST = 0.5
"""A hit by meaning alone counts when its score is at least this share of the best one's."""

_CLOSEST = 3


def relevant_hits(result: SearchResult) -> list[SearchHit]:
    """Managed before discovered, each best first.

    Hits that match by a name, field or word stay, others where they come near the best hit. Where
    all are alike in meaning alone, the closest few.
    """
    hits = [*result.managed, *result.discovered]
    best = max((hit.score for hit in hits), default=0.0)
    near = [hit for hit in hits if _matches(hit) or hit.score >= _NEAR_BEST * best]
    if any(_matches(hit) for hit in near):
        return near
    closest = sorted(near, key=lambda hit: -hit.score)[:_CLOSEST]
    return [hit for hit in hits if hit in closest]


def exact_name(result: SearchResult) -> str | None:
    """The topic that is called what was searched for, or the product with several such topics."""
    hits = (*result.managed, *result.discovered)
    exact = [hit.source for hit in hits if _is_exact(hit)]
    if not exact:
        return None
    product = exact[0].product_id
    several = product is not None and all(source.product_id == product for source in exact[:2])
    return product if several and len(exact) > 1 else exact[0].name


def in_full(words: str, result: SearchResult) -> bool:
    """Whether a hit is called just so, namespace and version aside."""
    wanted = key(words)
    hits = (*result.managed, *result.discovered)
    return any(_is_exact(hit) or key(leaf(hit.source.name)) == wanted for hit in hits)


def _is_exact(hit: SearchHit) -> bool:
    return any(reason.match is Match.EXACT_NAME for reason in hit.reasons)


def by_meaning_only(hits: list[SearchHit]) -> bool:
    return not any(_matches(hit) for hit in hits)


def _matches(hit: SearchHit) -> bool:
    return any(reason.match is not Match.MEANING for reason in hit.reasons)
