"""What becomes of a recommendation when the facts are looked at again."""

from __future__ import annotations

from core.recommendations.recommendation import Proposal, Recommendation, RecommendationStatus

_OPEN = RecommendationStatus.OPEN
_DONE = RecommendationStatus.DONE


def status_now(known: Recommendation, found: Proposal | None) -> RecommendationStatus:
    """Found again: as it was, but what was dismissed comes back when its facts changed, and what
    was done when it is so again. Not found: what was open or accepted is done."""
    if found is None:
        dismissed = known.status is RecommendationStatus.DISMISSED
        return known.status if dismissed else _DONE
    if known.status is _DONE:
        return _OPEN
    if known.status is RecommendationStatus.DISMISSED and found.gist != known.proposal.gist:
        return _OPEN
    return known.status


def reopened(known: Recommendation, status: RecommendationStatus) -> bool:
    return status is _OPEN and known.status is not _OPEN
