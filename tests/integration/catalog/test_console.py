"""The console's pages over a small fleet: what they show, to whom, and what they refuse."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from server.app import catalog_app
from server.console.entry import entries
from server.console.pane import all_panes
from server.embedded.stack import EmbeddedStack
from tests.integration.catalog.conftest import client_of, settings_of

BROWSER = {"Accept": "text/html"}


@pytest.fixture
async def browser(client: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """Without cookies at first."""
    async with httpx.AsyncClient(
        transport=client._transport, base_url="http://localhost", headers=BROWSER
    ) as one:
        yield one


@pytest.fixture(scope="module")
async def guarded(stack: EmbeddedStack, fleet_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A server where a token is needed: `look` may read, `rule` may decide."""
    principals = [
        {"ref": f"user:default/{name}", "token_sha256": _digest(name), "roles": [role]}
        for name, role in (("look", "viewer"), ("rule", "steward"))
    ]
    app = catalog_app(settings_of(stack, fleet_url, principals=principals))
    async with client_of(app) as running:
        running.headers.update(BROWSER)
        yield running


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def csrf_of(browser: httpx.AsyncClient) -> str:
    page = await browser.get("/console/sign-in")
    found = re.search(r'<meta name="csrf-token" content="([^"]+)"', page.text)
    assert found is not None
    return found[1]


async def post(browser: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    return await browser.post(path, data={"csrf": await csrf_of(browser), **fields})


async def test_every_place_of_the_navigation_and_every_pane_is_a_whole_page(
    browser: httpx.AsyncClient,
) -> None:
    places = [entry.href for entry in entries()]
    panes = [f"/console/sources/supplier-master/{pane.name}" for pane in all_panes()]
    more = [
        "/console/search?q=supplier",
        "/console/sources?sort=messages&kind=discovered",
        "/console/sources/weather/schema",
        "/console/sources/supplier-events/promote",
        "/console/compare/supplier-events/supplier-master",
        "/console/products/supplier-master-data",
        "/console/consolidations",
        "/console/chat",
    ]
    for path in [*places, *panes, *more]:
        shown = await browser.get(path)

        assert shown.status_code == 200, (path, shown.text[:400])
        assert shown.text.count("<h1") == 1, path
        assert '<main id="main"' in shown.text
        assert " style=" not in shown.text
        assert "script-src 'self'" in shown.headers["Content-Security-Policy"]


async def test_a_browser_that_comes_to_the_catalog_gets_the_console(
    browser: httpx.AsyncClient,
) -> None:
    start = await browser.get("/")
    assert start.headers["Location"] == "/console/"
    assert (await browser.get("/docs")).status_code == 200


async def test_a_search_shows_both_groups_and_marks_words_without_trusting_them(
    browser: httpx.AsyncClient,
) -> None:
    shown = await browser.get("/console/search", params={"q": 'supplier "><script>alert(1)'})

    assert "Data products" in shown.text
    assert "Discovered topics" in shown.text
    assert "<mark>supplier</mark>" in shown.text
    assert "<script>alert" not in shown.text


async def test_a_problem_is_a_page_for_browsers_and_a_document_for_scripts(
    browser: httpx.AsyncClient,
) -> None:
    page = await browser.get("/console/sources/supplier-event")
    document = await browser.get("/console/sources/supplier-event", headers={"Accept": "*/*"})

    assert page.status_code == document.status_code == 404
    assert 'href="/console/sources/supplier-events"' in page.text
    assert document.json()["type"] == "urn:headwater:problem:source-not-found"


async def test_a_form_without_the_token_of_its_page_changes_nothing(
    browser: httpx.AsyncClient,
) -> None:
    bare = await browser.post("/console/sign-in", data={"name": "jane"})
    token = await csrf_of(browser)
    wrong = await browser.post("/console/sign-in", data={"name": "jane", "csrf": token[:-1]})
    foreign = await browser.post(
        "/console/sign-in",
        data={"name": "jane", "csrf": token},
        headers={"Origin": "https://example.org"},
    )

    assert [bare.status_code, wrong.status_code, foreign.status_code] == [403, 403, 403]
    assert "load the page again" in bare.text
    assert "headwater_session" not in browser.cookies


async def test_where_nobody_needs_a_token_one_chooses_a_name_and_leaves_again(
    browser: httpx.AsyncClient,
) -> None:
    entered = await post(browser, "/console/sign-in", name="jane", back="//example.org")
    kept = next(each for each in entered.headers.get_list("Set-Cookie") if "session" in each)
    home = await browser.get(entered.headers["Location"])
    nobody = await post(browser, "/console/sign-in", name="no name")

    assert entered.headers["Location"] == "/console/"
    assert "HttpOnly" in kept
    assert "SameSite=Strict" in kept
    assert "user:default/jane" in home.text
    assert nobody.status_code == 422

    await post(browser, "/console/sign-out")
    assert "user:default/local" in (await browser.get("/console/")).text


async def test_a_token_opens_what_its_role_may_and_no_more(guarded: httpx.AsyncClient) -> None:
    draft = {"product_name": "x", "owner": "y", "description": " "}
    stranger = await post(guarded, "/console/create", **draft)
    assert stranger.status_code == 401
    assert "API key or token" in stranger.text

    await post(guarded, "/console/sign-in", token="look")
    assert "user:default/look" in (await guarded.get("/console/")).text
    assert (await post(guarded, "/console/create", **draft)).status_code == 403

    await post(guarded, "/console/sign-in", token="rule")
    refused = await post(guarded, "/console/create", **draft)
    assert refused.status_code == 422
    assert "description" in refused.text

    await post(guarded, "/console/sign-in", token="gone")
    unknown = await guarded.get("/console/")
    assert unknown.status_code == 401
    assert "not known here" in unknown.text
    assert (await guarded.get("/console/")).status_code == 200


async def test_the_cookie_changes_nothing_through_the_api_without_the_pages_token(
    guarded: httpx.AsyncClient,
) -> None:
    await post(guarded, "/console/sign-in", token="rule")
    bare = await guarded.post("/recommendations/999999/accept")
    token = await csrf_of(guarded)
    meant = await guarded.post("/recommendations/999999/accept", headers={"X-CSRF-Token": token})
    await post(guarded, "/console/sign-out")

    assert bare.status_code == 401
    assert meant.status_code == 404


async def test_who_follows_a_link_from_elsewhere_is_known_on_the_page(
    browser: httpx.AsyncClient,
) -> None:
    """Browsers keep the cookie back on the way from another site, and send it the second time."""
    from_mail = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    first = await browser.get("/console/approvals", headers=from_mail)
    again = await browser.get("/console/approvals", headers={"Sec-Fetch-Site": "same-origin"})

    assert '<meta http-equiv="refresh" content="0">' in first.text
    assert "<h1>Approvals</h1>" in again.text


async def test_files_are_kept_for_ever_by_their_hash(browser: httpx.AsyncClient) -> None:
    home = await browser.get("/console/")
    sheets = re.findall(r'href="(/console/static/[0-9a-f]+/console.css)"', home.text)
    kept = await browser.get(sheets[0])
    old = await browser.get(re.sub(r"static/[0-9a-f]+", "static/000000000000", sheets[0]))

    assert "immutable" in kept.headers["Cache-Control"]
    assert old.headers["Cache-Control"] == "no-store"
    assert kept.text == old.text


async def test_sources_are_listed_by_a_figure_a_page_at_a_time(client: httpx.AsyncClient) -> None:
    names: list[tuple[int, str]] = []
    cursor: str | None = None
    while True:
        given = {"sort": "fields", "limit": "3", **({"cursor": cursor} if cursor else {})}
        found = (await client.get("/sources", params=given)).json()
        names += [(-each["fields"], each["name"]) for each in found["items"]]
        cursor = found["next_cursor"]
        if cursor is None:
            break

    whole = (await client.get("/sources", params={"limit": 200})).json()["items"]
    assert names == sorted((-each["fields"], each["name"]) for each in whole)
