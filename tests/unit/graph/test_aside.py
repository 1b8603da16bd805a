"""What is asked for beside an approval is told from what belongs to it."""

from __future__ import annotations

import pytest

from graph.aside import aside_in
from graph.decision_said import decision_in

ID = "apr-0123456789ab"


@pytest.mark.parametrize(
    ("text", "aside", "first"),
    [
        (f"check supplier-events, then approve {ID}", "check supplier-events", True),
        (
            f"show me what fraud topics exist and approve {ID}",
            "show me what fraud topics exist",
            True,
        ),
        (f"Who owns web.clicks? Please reject {ID}.", "Who owns web.clicks", True),
        (f"show {ID} and then find topics about refunds", "find topics about refunds", False),
        (f"approve {ID}; also list all avro topics", "list all avro topics", False),
        (
            f"see whether we have fraud topics, and if not approve {ID}",
            "see whether we have fraud topics",
            True,
        ),
    ],
)
def test_a_clause_of_its_own_is_asked_for_beside_the_approval(
    text: str, aside: str, first: bool
) -> None:
    found = aside_in(text)

    assert found is not None
    assert (found.text, found.first) == (aside, first)


@pytest.mark.parametrize(
    "text",
    [
        f"approve {ID}",
        f"if it looks right, approve {ID}",
        f"check that plan and approve {ID}",
        f"what does {ID} change and who asked for it",
        f"who requested {ID} and what does the plan cost",
        f"reject {ID}: no budget, find another team",
        f"reject {ID} because we have the data, which topics lack owners is known",
        f"reject {ID}, the owner is missing",
        f"approve {ID} and apr-aaaaaaaaaaaa",
        "find fraud topics and approve the plan",
    ],
)
def test_conditions_reasons_and_questions_about_the_plan_stay_with_it(text: str) -> None:
    assert aside_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        f"check supplier-events, then approve {ID}",
        f"show me what fraud topics exist and approve {ID}",
        f"if it looks right, approve {ID}",
        f"if supplier-events has an owner, approve {ID}",
        f"approve {ID} and check supplier-events first",
        f"approve {ID} provided that supplier-events has an owner",
        f"approve {ID} assuming supplier-events has an owner",
    ],
)
def test_what_hangs_on_something_else_decides_nothing(text: str) -> None:
    assert decision_in(text) is None
