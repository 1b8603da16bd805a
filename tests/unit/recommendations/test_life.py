"""The life of a recommendation."""

import pytest

from core.recommendations.derive import proposals
from core.recommendations.life import reopened, status_now
from core.recommendations.recommendation import Proposal, Recommendation, RecommendationStatus
from tests.unit.recommendations.made import NOW, fleet, pair, source

(PROPOSAL,) = proposals(fleet(source("a"), source("b"), pairs=(pair("a", "b"),)))
CHANGED = PROPOSAL.model_copy(update={"gist": ("0.5",)})
FIGURES = PROPOSAL.model_copy(update={"evidence": ("another 1 %",)})

OPEN, ACCEPTED = RecommendationStatus.OPEN, RecommendationStatus.ACCEPTED
DISMISSED, DONE = RecommendationStatus.DISMISSED, RecommendationStatus.DONE


@pytest.mark.parametrize(
    ("was", "found", "becomes"),
    [
        (OPEN, PROPOSAL, OPEN),
        (OPEN, None, DONE),
        (ACCEPTED, CHANGED, ACCEPTED),
        (ACCEPTED, None, DONE),
        (DISMISSED, PROPOSAL, DISMISSED),
        (DISMISSED, FIGURES, DISMISSED),
        (DISMISSED, CHANGED, OPEN),
        (DISMISSED, None, DISMISSED),
        (DONE, PROPOSAL, OPEN),
        (DONE, None, DONE),
    ],
)
def test_facts_decide_what_becomes_of_it(
    was: RecommendationStatus, found: Proposal | None, becomes: RecommendationStatus
) -> None:
    known = Recommendation(
        id=1, cluster="default", status=was, proposal=PROPOSAL, opened_at=NOW, updated_at=NOW
    )

    status = status_now(known, found)

    assert status is becomes
    assert reopened(known, status) is (becomes is OPEN and was is not OPEN)
