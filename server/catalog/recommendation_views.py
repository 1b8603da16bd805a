"""Recommendations as the API shows them."""

from __future__ import annotations

from itertools import pairwise
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict

from core.recommendations.recommendation import Recommendation, RecommendationKind


class Action(BaseModel):
    """A step that can be taken: a request to this API."""

    model_config = ConfigDict(frozen=True)
    name: str
    method: str
    path: str


class RecommendationView(Recommendation):
    """A recommendation with what can be done about it."""

    actions: tuple[Action, ...]


def recommendation_view(found: Recommendation) -> RecommendationView:
    return RecommendationView(**found.model_dump(), actions=_actions(found))


def _actions(found: Recommendation) -> tuple[Action, ...]:
    proposal = found.proposal
    mine = f"/recommendations/{found.id}"
    names = [*proposal.sources, *((proposal.instead,) if proposal.instead else ())]
    steps = [
        Action(
            name="compare", method="GET", path=f"/sources/{_path(left)}/comparison/{_path(right)}"
        )
        for left, right in pairwise(names)
    ]
    if proposal.kind in (RecommendationKind.PROMOTE, RecommendationKind.GOVERN):
        name = _path(proposal.sources[0])
        steps.append(Action(name="promote", method="POST", path=f"/sources/{name}/promote"))
    return (
        *steps,
        Action(name="accept", method="POST", path=f"{mine}/accept"),
        Action(name="dismiss", method="POST", path=f"{mine}/dismiss"),
    )


def _path(name: str) -> str:
    return quote(name, safe="")
