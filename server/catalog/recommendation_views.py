"""Recommendations as the API shows them."""

from __future__ import annotations

from itertools import pairwise

from core.recommendations.recommendation import Recommendation, RecommendationKind
from server.catalog.actions import Action, comparing, promoting


class RecommendationView(Recommendation):
    """A recommendation with what can be done about it."""

    actions: tuple[Action, ...]


def recommendation_view(found: Recommendation) -> RecommendationView:
    return RecommendationView(**found.model_dump(), actions=_actions(found))


def _actions(found: Recommendation) -> tuple[Action, ...]:
    proposal = found.proposal
    mine = f"/recommendations/{found.id}"
    names = [*proposal.sources, *((proposal.instead,) if proposal.instead else ())]
    steps = [comparing(left, right) for left, right in pairwise(names)]
    if proposal.kind in (RecommendationKind.PROMOTE, RecommendationKind.GOVERN):
        steps.append(promoting(proposal.sources[0]))
    return (
        *steps,
        Action(name="accept", method="POST", path=f"{mine}/accept"),
        Action(name="dismiss", method="POST", path=f"{mine}/dismiss"),
    )
