"""The three journeys, by clicking, as the one who asks and the one who decides."""

from __future__ import annotations

import re
import subprocess

import httpx
from playwright.sync_api import expect

from tests.browser.person import PATIENCE_MS, Person
from tests.e2e.conftest import Channel
from tests.e2e.test_second_journey import post, until
from tests.headwater_process import HEADWATER, HeadwaterProcess


def approve(jane: Person, product: str, picture: str) -> None:
    """From the inbox; ends when the product is there."""
    jane.go("/approvals")
    jane.page.locator("main").get_by_role("link", name=product).first.click()
    jane.shows(picture)
    jane.clicks("button", "Approve", exact=True)
    expect(jane.page.get_by_role("link", name="To the product")).to_be_visible(timeout=PATIENCE_MS)


def figure(person: Person, label: str) -> int:
    """What the dashboard says of something."""
    tile = person.page.locator("main").get_by_role("link", name=re.compile(label)).first
    found = re.search(r"[\d,]+", tile.inner_text())
    assert found is not None, tile.inner_text()
    return int(found[0].replace(",", ""))


def test_two_topics_that_are_the_same_are_found_compared_and_made_one(
    demo: HeadwaterProcess, joe: Person, jane: Person
) -> None:
    joe.go("/")
    joe.shows("home")
    joe.page.get_by_role("searchbox").fill("supplier")
    joe.page.keyboard.press("Enter")
    joe.sees("Results for “supplier”")
    joe.shows("search")
    joe.page.get_by_role("link", name="supplier-events", exact=True).first.click()
    joe.shows("source")
    joe.page.get_by_label("Of this source").get_by_role("link", name="Similar").click()
    joe.page.locator("tr", has_text="supplier_data_raw").get_by_role("link", name="Compare").click()
    joe.sees("of the fields’ weight matches")
    joe.shows("comparison")
    joe.clicks("button", "Work out one schema")
    joe.sees("Proof by replay")
    joe.shows("consolidation")
    joe.page.get_by_label("Product’s name").fill("Suppliers of all teams")
    joe.page.get_by_label("Owning team").fill("procurement")
    joe.clicks("button", "Submit", exact=True)
    joe.sees("A decision is on exactly this plan.")

    approve(jane, "Suppliers of all teams", "approval")

    products = httpx.get(f"{demo.products}/products", params={"limit": 200}).json()["items"]
    assert "Suppliers of all teams" in {product["name"] for product in products}


def test_a_sentence_becomes_a_product_and_the_dashboard_moves(joe: Person, jane: Person) -> None:
    joe.go("/dashboard")
    before = figure(joe, "products? created")
    joe.follows("Create")
    joe.page.get_by_label("What is it for?").fill(
        "A fraud score between 0 and 1 for each card payment, within 100 ms, kept for 7 years"
    )
    joe.page.get_by_label("Name", exact=True).fill("Card fraud scores")
    joe.page.get_by_label("Owning team").fill("fraud-team")
    joe.clicks("button", "Draft it")
    expect(joe.page.get_by_role("link", name="To its approval")).to_be_visible(timeout=PATIENCE_MS)
    joe.shows("draft")

    approve(jane, "Card fraud scores", "decision")

    joe.go("/dashboard")
    joe.shows("dashboard")
    assert figure(joe, "products? created") == before + 1


def test_the_team_of_a_newcomer_is_told_and_answers_behind_the_link(
    demo: HeadwaterProcess, channel: tuple[str, Channel], joe: Person
) -> None:
    command = [*HEADWATER, "demo", "newcomer", "--data-dir", str(demo.data_dir)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert post(f"{demo.catalog}/scans", {}).status_code == 202
    notices = until(f"{demo.catalog}/notices", lambda page: bool(page["items"]))
    notice = f"{demo.catalog}/notices/{notices['items'][0]['id']}"
    until(notice, lambda view: all(one["status"] == "sent" for one in view["deliveries"]))
    (message,) = channel[1]

    joe.page.goto(message["blocks"][3]["elements"][0]["url"])
    joe.shows("notice")
    joe.page.get_by_label(re.compile("^Your comment")).fill("We move over next week.")
    joe.page.get_by_label("Who answers for the team").fill("user:default/kim")
    joe.clicks("button", "Answer")
    joe.sees("Thank you. Your answer is kept: switch.")

    assert httpx.get(notice).json()["answered"]["by"] == "user:default/kim"


def test_what_depends_on_a_topic_is_drawn_and_named(joe: Person) -> None:
    joe.go("/sources/supplier-events")
    joe.page.get_by_label("Of this source").get_by_role("link", name="Lineage").click()
    expect(joe.page.locator("figure.lineage")).to_be_visible()
    joe.shows("lineage")
    joe.sees("supplier-events")
    assert joe.page.locator("figure.lineage g.node").count() > 1


def test_a_question_is_answered_in_the_drawer(joe: Person) -> None:
    joe.go("/sources")
    joe.page.locator("#chat-button").click()
    drawer = joe.page.locator("#chat")
    drawer.get_by_label("Your question").fill("I need supplier data")
    drawer.get_by_role("button", name="Ask", exact=True).click()
    expect(drawer.get_by_text("procurement.supplier-master.v1").first).to_be_visible(
        timeout=PATIENCE_MS
    )
    joe.shows("chat")
