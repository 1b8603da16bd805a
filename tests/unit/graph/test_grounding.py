"""A hosted model's sentence is shown only when the tools' results bear it out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.search import SearchFilters
from core.source import SourceKind, SourceStatus, SourceSummary
from graph.grounding import borne_out
from graph.models.choice import UnusableReplyError
from tools.sources import ListFindings

ORDERS = SourceSummary(
    cluster="default",
    name="orders",
    kind=SourceKind.DISCOVERED,
    status=SourceStatus.PRESENT,
    description=None,
    owner=None,
    domain=None,
    format="json",
    has_registered_schema=False,
    fields=17,
    messages=12_400,
    consuming_teams=("billing", "risk", "stock"),
    first_seen=datetime(2026, 1, 1, tzinfo=UTC),
    scanned_at=None,
)
PAYOUTS = ORDERS.model_copy(update={"name": "payouts", "consuming_teams": ("payments",)})
FOUND = ListFindings(filters=SearchFilters(), sources=(ORDERS, PAYOUTS), total=2)


@pytest.mark.parametrize(
    "lead",
    [
        "`orders` is what fits.",
        "You asked for 99 topics.",
        "Nothing to count here.",
        "`risk` is one of its consumers.",
    ],
)
def test_names_of_results_and_numbers_of_the_question_pass(lead: str) -> None:
    assert borne_out(lead, "give me 99 topics", [FOUND]) == lead


@pytest.mark.parametrize(
    "lead",
    [
        "It has 17 fields.",
        "There are two managed sources.",
        "`invoices` fits as well.",
        "`orders` is owned by `payments`.",
        "",
    ],
)
def test_an_own_number_or_a_name_that_no_tool_returned_is_refused(lead: str) -> None:
    with pytest.raises(UnusableReplyError):
        borne_out(lead, "tell me about orders", [FOUND])


@pytest.mark.parametrize(
    ("lead", "shown"),
    [
        (
            "There are two topics. `orders` is read by `risk`. It has 17 fields.",
            "`orders` is read by `risk`.",
        ),
        (
            "`orders` is read by `payments`. `payouts` is read by `payments`.",
            "`payouts` is read by `payments`.",
        ),
        ("`orders` and `payouts` are read by `risk`. Both fit.", "Both fit."),
        ("First. Second! Third? Fourth.", "First. Second!"),
    ],
)
def test_what_is_borne_out_is_shown_without_the_rest(lead: str, shown: str) -> None:
    assert borne_out(lead, "tell me about orders", [FOUND]) == shown
