"""Talk about quality: every figure is one that a tool gave."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.integration.quality.counted import BROKE


async def said(client: httpx.AsyncClient, message: str, thread: str | None = None) -> Any:
    response = await client.post("/chat", json={"message": message, "thread_id": thread})
    assert response.status_code == 200, response.text
    answer = response.json()
    assert answer["route"]["agent"] == "quality_monitor", answer
    return answer


@pytest.mark.parametrize(
    ("message", "says"),
    [
        (
            "how good is supplier-events?",
            [
                "`supplier-events` is at 97.0% against inferred rules, 1.5 points lower than",
                "970 of 1,000 records in the last 24 hours break no error rule",
                "98.5% in the stretch before",
                "completeness 99.6%, validity 97.4%",
                "`rating` is at least 1 and at most 5 (inferred): broken by 26 of 1,000 records",
                "partition 0, offset 17",
                "owner probably `group:default/procurement`",
                "consumed by 2 teams (billing, risk)",
                "10 records behind",
            ],
        ),
        (
            "why is supplier_data_raw at 55?",
            [
                "`supplier_data_raw` is at 55.0%",
                "Broken most: `contact_email` is always there, by 180 of 400 records",
                "25.0% of all records were looked at",
            ],
        ),
        (
            "which topics are worst?",
            [
                "with a score the worst is `supplier_data_raw` at 55.0%",
                "2. `supplier-events` 97.0%: 30 of 1,000 records bad",
                "`customer.contacts`: no record was counted",
            ],
        ),
        ("which has the better quality, supplier-events or supplier_data_raw", ["worst is `supp"]),
        ("is the weather feed healthy?", ["`weather` is not watched yet"]),
        ("how good is suplier-event?", ["`supplier-events` is at 97.0%"]),
        ("how good is Supplier Master Data?", ["`supplier-master` is not watched yet"]),
        ("how good is the data on unicorns?", ["No topic is called “unicorns”"]),
        (
            "how good was supplier-events in the last 30 minutes?",
            ["97.0%: 194 of 200 records since"],
        ),
        (
            "is anything wrong right now?",
            [
                "1 alert stands.",
                "alert 1, open, error: supplier-events: \\`rating\\` is out of its",
            ],
        ),
        ("any open alerts on weather?", ["No alert of `weather` stands. `weather` is not watched"]),
        ("explain alert 1", ["Alert 1 on `supplier-events` is open", "what to do:"]),
        ("explain alert 77", ["There is no alert 77."]),
        ("alerts of the procurement team", ["1 alert of the team procurement stands."]),
        ("acknowledge the alert on supplier-events", ["Nothing is changed by what is said"]),
    ],
)
async def test_what_is_asked_is_answered_from_counts(
    client: httpx.AsyncClient, message: str, says: list[str]
) -> None:
    answer = await said(client, message)

    assert answer["written_by"] == "offline"
    for text in says:
        assert text in answer["answer"], answer["answer"]


async def test_today_began_at_midnight(client: httpx.AsyncClient) -> None:
    answer = await said(client, "what broke in supplier events today?")
    today = BROKE.date() == datetime.now(UTC).date()
    told = "`supplier-events` is at" if today else "No record of `supplier-events` was counted"

    assert told in answer["answer"]
    assert "alert 1, open" in answer["answer"]


async def test_it_and_them_are_what_was_talked_of(client: httpx.AsyncClient) -> None:
    first = await client.post("/chat", json={"message": "what is in supplier-events?"})

    one = await said(client, "how good is it?", first.json()["thread_id"])
    both = await said(client, "which topics are worst?")
    again = await said(client, "is it healthy?", both["thread_id"])

    assert one["findings"]["sheet"]["source"] == "supplier-events"
    assert again["findings"]["sheet"]["source"] == "supplier_data_raw"


async def test_what_one_agent_found_the_next_one_measures(client: httpx.AsyncClient) -> None:
    answer = (
        await client.post(
            "/chat", json={"message": "find supplier topics, then check the quality of them"}
        )
    ).json()

    assert answer["route"]["asked_for"] == ["discovery", "quality_monitor"]
    assert answer["findings"]["type"] == "quality_list"
    assert "`supplier_data_raw` at 55.0%" in answer["answer"]
    assert "Not watched: `supplier-master`" in answer["answer"]
