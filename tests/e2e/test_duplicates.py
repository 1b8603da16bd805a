"""What is the same twice in the demonstration fleet, as the stories tell, and nothing else."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.e2e.test_first_minute import ask, get, listed
from tests.headwater_process import HeadwaterProcess

SUPPLIERS = {"supplier-events", "supplier_data_raw", "procurement.supplier-master.v1"}
RISKS = {"ml-output-supplier-risk-v4", "risk.supplier-risk-scores.v2"}

SAME_MEANING = {
    ("supplier_id", "vendorNumber"),
    ("supplier_name", "vendorName"),
    ("country", "ctry"),
    ("city", "town"),
    ("contact_email", "mail"),
    ("phone", "telephone"),
    ("tax_id", "vatNo"),
    ("currency", "curr"),
    ("payment_terms_days", "payTerms"),
    ("category", "commodityGroup"),
    ("annual_spend", "yearlySpend"),
    ("status", "state"),
    ("updated_at", "lastChange"),
}


@pytest.fixture(scope="module")
def analyzed(demo: HeadwaterProcess) -> HeadwaterProcess:
    """Everything compared anew."""
    run = ask(demo, "/analyses", {"whole": True})
    deadline = time.monotonic() + 120
    while run["status"] in ("queued", "running"):
        assert time.monotonic() < deadline, run
        time.sleep(0.3)
        run = get(demo, f"/analyses/{run['id']}")
    assert run["status"] == "done", run
    return demo


def compared(demo: HeadwaterProcess, left: str, right: str) -> dict[str, Any]:
    return get(demo, f"/sources/{left}/comparison/{right}")


def test_the_two_teams_supplier_topics_are_the_same_by_thirteen_fields(
    analyzed: HeadwaterProcess,
) -> None:
    found = compared(analyzed, "supplier-events", "supplier_data_raw")

    matches = {(match["left"], match["right"]) for match in found["alignment"]["matches"]}
    assert matches == SAME_MEANING
    assert found["relation"] == "duplicate"
    assert found["similarity"] == pytest.approx(0.8, abs=0.06)
    assert found["alignment"]["identifiers"]["left"] == "supplier_id"


def test_three_quarters_of_the_model_s_output_are_the_managed_scores(
    analyzed: HeadwaterProcess,
) -> None:
    found = compared(analyzed, "ml-output-supplier-risk-v4", "risk.supplier-risk-scores.v2")

    alignment = found["alignment"]
    matched, alone = len(alignment["matches"]), len(alignment["left_only"])
    assert matched / (matched + alone) == 0.75
    assert found["left_in_right"] == pytest.approx(0.75, abs=0.08)
    assert found["relation"] == "duplicate"


def test_nothing_else_is_called_a_duplicate(analyzed: HeadwaterProcess) -> None:
    found = {
        frozenset((source["name"], other["right"]))
        for source in listed(analyzed)
        for other in get(analyzed, f"/sources/{source['name']}/related")["items"]
        if other["relation"] == "duplicate"
    }

    assert frozenset({"supplier-events", "supplier_data_raw"}) in found
    assert frozenset(RISKS) in found
    assert all(pair <= SUPPLIERS or pair == RISKS for pair in found)


def test_versions_and_dead_letters_are_told_from_duplicates(analyzed: HeadwaterProcess) -> None:
    versions = get(analyzed, "/sources/orders.orders.v3/related")["items"]
    letters = get(analyzed, "/sources/supplier-events-dlq/related")["items"]

    assert {other["right"]: other["kinship"] for other in versions}["orders.orders.v4"] == (
        "versions"
    )
    assert {other["kinship"] for other in letters} == {"dead_letter"}
