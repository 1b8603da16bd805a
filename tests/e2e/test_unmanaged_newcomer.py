"""A team starts a topic that a product has already: it is found, told, answered and remembered."""

from __future__ import annotations

import subprocess
import time

import httpx
import pytest

from tests.e2e.conftest import Channel
from tests.e2e.test_second_journey import View, get, post, until
from tests.headwater_process import HEADWATER, HeadwaterProcess

NEWCOMER = "team-c.supplier-directory"


@pytest.fixture(scope="module")
def notice(demo: HeadwaterProcess) -> View:
    """What its team is told after the next scan."""
    assert get(f"{demo.catalog}/notices")["items"] == []
    command = [*HEADWATER, "demo", "newcomer", "--data-dir", str(demo.data_dir)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert post(f"{demo.catalog}/scans", {}).status_code == 202
    found = until(f"{demo.catalog}/notices?source={NEWCOMER}", lambda page: bool(page["items"]))
    listed: View = found["items"][0]
    return until(
        f"{demo.catalog}/notices/{listed['id']}",
        lambda view: all(one["status"] == "sent" for one in view["deliveries"]),
    )


def test_its_team_hears_of_the_product_with_the_facts_and_three_ways_on(
    notice: View, channel: tuple[str, Channel]
) -> None:
    text = notice["text"]

    assert text["team"] == "group:default/team-c"
    assert text["instead"] == "procurement.supplier-master.v1"
    facts = " ".join(text["facts"])
    assert "has 15 of the 15 fields of team-c.supplier-directory" in facts
    assert "71% similar" in facts
    assert "is read by 12 teams (accounts-payable, compliance" in facts
    assert "is owned by group:default/procurement-data" in facts
    (message,) = channel[1]
    buttons = message["blocks"][3]["elements"]
    assert [button["text"]["text"] for button in buttons] == ["Switch", "Promote", "Explain"]
    page = httpx.get(buttons[0]["url"], headers={"Accept": "text/html"})
    assert text["title"] in page.text


def test_the_answer_changes_the_recommendation_and_nobody_is_told_again(
    demo: HeadwaterProcess, notice: View, channel: tuple[str, Channel]
) -> None:
    link = channel[1][0]["blocks"][3]["elements"][2]["url"].partition("?")[0]
    unexplained = post(link, {"answer": "explain", "answered_by": "user:default/kim"})
    answered = post(
        link,
        {
            "answer": "explain",
            "answered_by": "user:default/kim",
            "comment": "We may not see banks.",
        },
    )

    assert unexplained.status_code == 422
    assert answered.json()["answered"]["by"] == "user:default/kim"
    path = f"{demo.catalog}/recommendations/{notice['recommendation_id']}"
    known = get(path)
    assert known["status"] == "dismissed"
    assert known["reason"] == "It stays beside the product. We may not see banks."
    asked = post(f"{demo.catalog}/analyses", {"whole": True})
    run = f"{demo.catalog}{asked.headers['location']}"
    assert until(run, lambda view: view["status"] in ("done", "failed"))["status"] == "done"
    time.sleep(3)
    assert get(path)["status"] == "dismissed"
    assert len(channel[1]) == 1
