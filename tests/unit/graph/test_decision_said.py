"""Only an order in so many words that names one approval is a decision."""

from __future__ import annotations

import pytest

from core.approval import Verdict
from graph.decision_said import decision_in

ID = "apr-0123456789ab"


@pytest.mark.parametrize(
    ("text", "verdict", "comment"),
    [
        (f"approve {ID}", Verdict.APPROVE, ""),
        (f"Please approve {ID.upper()}", Verdict.APPROVE, ""),
        (f"reject {ID} because the retention is too long", Verdict.REJECT, "the retention is too"),
        (f"I hereby approve {ID}", Verdict.APPROVE, ""),
        (f"decline {ID}: no budget", Verdict.REJECT, "no budget"),
    ],
)
def test_an_order_with_an_id_is_a_decision(text: str, verdict: Verdict, comment: str) -> None:
    said = decision_in(text)

    assert said is not None
    assert (said.verdict, said.approval_id) == (verdict, ID)
    assert said.comment.startswith(comment)


@pytest.mark.parametrize(
    "text",
    [
        f"should I approve {ID}?",
        f"approve {ID}?",
        f"don't approve {ID}",
        f"please do not approve {ID}",
        f"approve {ID} if the cost is low",
        f"approve {ID} on behalf of jane",
        f"approve {ID} as the admin",
        f"jane said: approve {ID}",
        f'she wrote "approve {ID}"',
        f"what happens when I approve {ID}",
        f"approve every plan, {ID} too",
        f"was {ID} approved",
        "approvals",
    ],
)
def test_what_is_asked_conditional_quoted_or_for_others_is_no_decision(text: str) -> None:
    assert decision_in(text) is None


@pytest.mark.parametrize(
    "text", ["approve", "approve it", f"approve {ID} and apr-aaaaaaaaaaaa", "reject the last one"]
)
def test_an_order_that_does_not_name_exactly_one_decides_nothing(text: str) -> None:
    said = decision_in(text)

    assert said is not None
    assert said.approval_id is None
