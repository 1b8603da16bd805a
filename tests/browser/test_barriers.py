"""No page keeps anybody out: axe has no serious finding, nothing is wider than a phone."""

from __future__ import annotations

import pytest

from tests.browser.person import Person

PAGES = (
    "/", "/search?q=supplier", "/sources", "/sources/supplier-events",
    "/sources/supplier-events/schema", "/sources/supplier-events/quality",
    "/sources/supplier-events/lineage", "/sources/supplier-events/cost",
    "/compare/supplier-events/supplier_data_raw", "/recommendations", "/create", "/approvals",
    "/alerts", "/products", "/dashboard", "/lineage", "/usage", "/costs", "/audit", "/chat",
)  # fmt: skip


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_every_page_is_for_everybody(joe: Person, width: int, scheme: str) -> None:
    joe.page.set_viewport_size({"width": width, "height": 860})
    joe.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    wrong: list[str] = []
    for path in PAGES:
        joe.go(path)
        wrong += [f"{path}: {barrier}" for barrier in joe.barriers()]
        wider = joe.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        wrong += [f"{path} is {wider} px too wide"] * (wider > 0)
    assert wrong == []


def test_the_search_is_reached_and_left_by_keyboard(joe: Person) -> None:
    joe.go("/sources")
    joe.page.keyboard.press("/")
    joe.page.keyboard.type("supplier")
    joe.page.keyboard.press("Enter")
    joe.sees("Results for “supplier”")


def test_names_of_others_making_are_text_and_no_markup(joe: Person) -> None:
    joe.go("/search?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")

    assert joe.page.locator("main img").count() == 0
    joe.sees("<img src=x onerror=alert(1)>")
